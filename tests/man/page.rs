//! What a manual page says, read from its mdoc.

use crate::support::{read, repository};
use std::collections::BTreeSet;

/// One manual page.
pub(crate) struct Page {
    pub name: String,
    text: String,
}

impl Page {
    /// The page of a tool.
    pub(crate) fn of(tool: &str) -> Self {
        Self::named(&format!("{tool}.1"))
    }

    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: read(format!("man/{name}")),
        }
    }

    /// Every page there is.
    pub(crate) fn all() -> Vec<Self> {
        let folder = repository().join("man");
        let files = std::fs::read_dir(folder).expect("man/ can be listed");
        let mut names: Vec<String> = files
            .map(|file| file.expect("a file").file_name())
            .map(|name| name.into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names.iter().map(|name| Self::named(name)).collect()
    }

    /// The lines of the sections with these titles.
    fn sections<'a>(&'a self, titles: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let mut is_inside = false;
        self.text.lines().filter(move |line| {
            if let Some(title) = line.strip_prefix(".Sh ") {
                is_inside = titles.contains(&title);
            }
            is_inside
        })
    }

    /// The forms of the synopsis, each as the lines between its name and the next.
    pub(crate) fn forms(&self) -> Vec<Vec<&str>> {
        let mut forms = Vec::new();
        for line in self.sections(&["SYNOPSIS"]).skip(1) {
            match forms.last_mut() {
                Some(form) if line != ".Nm" => Vec::push(form, line),
                _ => forms.push(Vec::new()),
            }
        }
        forms
    }

    /// Every long flag that the page marks up as one, without its dashes.
    pub(crate) fn flags_named(&self) -> BTreeSet<String> {
        self.text.lines().flat_map(flags).collect()
    }

    /// Every long flag that the page explains.
    pub(crate) fn flags_explained(&self) -> BTreeSet<String> {
        let items = self.text.lines().filter(|line| line.starts_with(".It Fl "));
        items.flat_map(flags).collect()
    }

    /// The names that the page explains in a list: keys, values, events.
    pub(crate) fn names_explained(&self) -> BTreeSet<String> {
        let items = self
            .text
            .lines()
            .filter_map(|line| line.strip_prefix(".It Li "));
        let words = items.flat_map(str::split_whitespace);
        words
            .filter(|word| *word != ",")
            .map(str::to_owned)
            .collect()
    }

    /// Whether the page marks this word up as a literal, alone or in a list.
    pub(crate) fn has_literal(&self, word: &str) -> bool {
        let literals = self.text.lines().filter(|line| line.contains("Li "));
        let mut words = literals.flat_map(str::split_whitespace);
        words.any(|found| found == word)
    }

    /// The exit codes with their names; nothing for that of 0.
    pub(crate) fn exits(&self) -> Vec<(u8, String)> {
        let items = self
            .sections(&["EXIT STATUS"])
            .filter_map(|line| line.strip_prefix(".It "));
        let read = |item: &str| {
            let (code, name) = item.split_once(' ').unwrap_or((item, ""));
            let name = name.trim_matches(['(', ')']).to_owned();
            let code = code.parse();
            (
                code.unwrap_or_else(|_| panic!("{}: {item:?} is no exit", self.name)),
                name,
            )
        };
        items.map(read).collect()
    }

    /// The examples, each as it would be typed.
    pub(crate) fn examples(&self) -> Vec<String> {
        let (mut examples, mut is_literal) = (Vec::new(), false);
        for line in self.sections(&["EXAMPLES"]) {
            if line.starts_with(".Bd -literal") {
                is_literal = true;
                examples.push(String::new());
            } else if line.starts_with(".Ed") {
                is_literal = false;
            } else if let Some(example) = examples.last_mut().filter(|_| is_literal) {
                example.push_str(&line.replace("\\e", "\\"));
                example.push('\n');
            }
        }
        examples
    }
}

/// The long flags after `Fl` in a line of mdoc: `.It Fl v , -verbose`, `.Op Fl -url Ar URL`.
fn flags(line: &str) -> Vec<String> {
    if !line.starts_with('.') {
        return Vec::new();
    }
    let words = line
        .split_whitespace()
        .skip_while(|word| !word.ends_with("Fl"));
    let longs = words.filter_map(|word| word.strip_prefix('-'));
    let longs = longs.filter(|long| long.starts_with(char::is_alphabetic));
    longs.map(str::to_owned).collect()
}
