//! The paths in a source that begin at `crate`, `super` or `self`, in `use` and elsewhere.

use crate::walls::files::product;

/// Each path with the line of its last part; groups in braces are taken apart. Comments and the tests at the end of
/// a file are left out.
pub(crate) fn paths(source: &str) -> Vec<(usize, Vec<&str>)> {
    paths_that_begin(source, Reader::is_at_a_path)
}

/// The paths that a source passes on by `pub use`, groups taken apart; those that begin at a child have its name first.
pub(crate) fn passed_paths(source: &str) -> Vec<Vec<&str>> {
    let found = paths_that_begin(source, Reader::is_behind_a_public_use);
    found.into_iter().map(|(_, path)| path).collect()
}

fn paths_that_begin<'a>(
    source: &'a str,
    is_beginning: fn(&Reader<'a>) -> bool,
) -> Vec<(usize, Vec<&'a str>)> {
    let mut reader = Reader {
        tokens: tokens(source),
        at: 0,
        found: Vec::new(),
    };
    while reader.at < reader.tokens.len() {
        if is_beginning(&reader) {
            reader.take(Vec::new());
        } else {
            reader.at += 1;
        }
    }
    reader.found
}

/// Words, double colons and single signs, each with its line.
fn tokens(source: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    for (number, line) in product(source).lines().enumerate() {
        let mut rest = line.split("//").next().unwrap_or_default().trim();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|letter| !is_of_a_word(letter));
            let length = match word {
                _ if rest.starts_with("::") => 2,
                Some(0) => first.len_utf8(),
                Some(length) => length,
                None => rest.len(),
            };
            let (token, after) = rest.split_at(length);
            tokens.push((number + 1, token));
            rest = after.trim_start();
        }
    }
    tokens
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

struct Reader<'a> {
    tokens: Vec<(usize, &'a str)>,
    at: usize,
    found: Vec<(usize, Vec<&'a str>)>,
}

impl<'a> Reader<'a> {
    fn token(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |(_, token)| token)
    }

    fn is_at_a_path(&self) -> bool {
        let is_inside = self.at > 0 && self.token(self.at - 1) == "::";
        let is_root = ["crate", "super", "self"].contains(&self.token(self.at));
        is_root && !is_inside && self.token(self.at + 1) == "::"
    }

    /// Whether `pub use`, or `pub(crate) use`, stands before this place.
    fn is_behind_a_public_use(&self) -> bool {
        let before = |steps: usize| self.at.checked_sub(steps).map_or("", |at| self.token(at));
        before(1) == "use" && (before(2) == "pub" || before(2) == ")" && before(5) == "pub")
    }

    /// Takes the rest of a path, or every path of a group, whose beginning is `path`.
    fn take(&mut self, mut path: Vec<&'a str>) {
        loop {
            let token = self.token(self.at);
            if token == "{" {
                return self.take_group(&path);
            }
            if token == "*" || token.starts_with(is_of_a_word) {
                path.push(token);
                self.at += 1;
            }
            if self.token(self.at) != "::" {
                let (line, _) = self.tokens[self.at - 1];
                return self.found.push((line, path));
            }
            self.at += 1;
        }
    }

    fn take_group(&mut self, path: &[&'a str]) {
        self.at += 1;
        while !["}", ""].contains(&self.token(self.at)) {
            self.take(path.to_vec());
            // Another name (`as`) may follow.
            while ![",", "}", ""].contains(&self.token(self.at)) {
                self.at += 1;
            }
            if self.token(self.at) == "," {
                self.at += 1;
            }
        }
        self.at += 1;
    }
}
