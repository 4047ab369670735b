//! Plain sentences, as they stand in help texts and doc comments, marked up as mdoc(7).

use std::collections::BTreeSet;

/// A line of source is not longer than this.
const WIDTH: usize = 118;

/// A paragraph: each sentence begins a line, and names are marked up.
///
/// `flags` are the tool's own, without dashes: they are marked up as flags, those of another tool as literals. What
/// stands between backticks is a literal.
pub(super) fn text(paragraph: &str, flags: &BTreeSet<String>) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    let end = |line: &mut String, lines: &mut Vec<String>| {
        if !line.is_empty() {
            lines.push(std::mem::take(line));
        }
    };
    for word in words(paragraph) {
        let marked = macro_line(&word, flags);
        if let Some(marked) = marked {
            end(&mut line, &mut lines);
            lines.push(marked);
            continue;
        }
        if !line.is_empty() && line.len() + word.len() >= WIDTH {
            end(&mut line, &mut lines);
        }
        let is_first = line.is_empty();
        if !is_first {
            line.push(' ');
        }
        let word = word.replace('\\', "\\e");
        line += &match is_first && word.starts_with(['.', '\'']) {
            true => format!("\\&{word}"),
            false => word.clone(),
        };
        if word.ends_with(['.', '?', '!']) {
            end(&mut line, &mut lines);
        }
    }
    end(&mut line, &mut lines);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The words of a paragraph; what stands between backticks is one word.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in paragraph.split_whitespace() {
        match words.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        is_open ^= word.matches('`').count() % 2 == 1;
    }
    words
}

/// The line of a word that has a macro of its own; `None` for a plain word.
fn macro_line(word: &str, flags: &BTreeSet<String>) -> Option<String> {
    let inner = word.trim_start_matches(['(', '[']);
    let (opening, rest) = word.split_at(word.len() - inner.len());
    let core = match rest.rfind('`') {
        Some(last) => &rest[..=last],
        None if is_page(rest).is_some() => rest,
        None => rest.trim_end_matches(['.', ',', ';', ':', ')', ']', '?', '!']),
    };
    let closing = &rest[core.len()..];
    // A page's own closing bracket is part of its name.
    let (core, closing) = match is_page(&format!("{core})")) {
        Some(_) if closing.starts_with(')') => rest.split_at(core.len() + 1),
        _ => (core, closing),
    };
    let (name, words) = named(core, flags)?;
    let delimiters = |text: &str| {
        text.chars()
            .map(|one| format!(" {one}"))
            .collect::<String>()
    };
    // More than delimiters behind it, as in `its`: no macro can say that.
    if !closing.chars().all(|one| ".,;:)]?!".contains(one)) {
        return None;
    }
    let line = format!(
        ".{name}{} {words}{}",
        delimiters(opening),
        delimiters(closing)
    );
    Some(line)
}

/// The macro of a name, and what goes behind it.
fn named(core: &str, flags: &BTreeSet<String>) -> Option<(&'static str, String)> {
    let literal = core
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    let text = literal.unwrap_or(core);
    if let Some(flag) = text.strip_prefix("--") {
        let (name, value) = flag.split_once([' ', '=']).unwrap_or((flag, ""));
        let is_name = name.starts_with(char::is_alphabetic);
        let is_own = is_name && flags.contains(name) && !text.contains('=');
        return match (is_own, value.is_empty()) {
            (true, true) => Some(("Fl", format!("-{name}"))),
            (true, false) => Some(("Fl", format!("-{name} Li {}", escaped(value)))),
            (false, _) if is_name => Some(("Li", escaped(text))),
            (false, _) => None,
        };
    }
    if let Some((page, section)) = is_page(text) {
        return Some(("Xr", format!("{page} {section}")));
    }
    let is_upper = |word: &str| {
        let rest = word.trim_start_matches('$');
        rest.len() > 3
            && rest
                .chars()
                .all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_')
    };
    if is_upper(text) && (text.starts_with('$') || text.contains('_')) {
        return Some(("Ev", escaped(text.trim_start_matches('$'))));
    }
    if text.starts_with("~/") || (text.starts_with('/') && text.len() > 1) {
        return Some(("Pa", escaped(text)));
    }
    literal.map(|literal| ("Li", escaped(literal)))
}

/// The parts of `ibgw-start(1)`.
fn is_page(word: &str) -> Option<(&str, &str)> {
    let (name, section) = word.strip_suffix(')')?.split_once('(')?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one));
    (is_name && matches!(section, "1" | "5" | "7" | "8")).then_some((name, section))
}

/// A text as arguments of a macro, where a word must not be taken for a macro or a delimiter.
pub(super) fn escaped(text: &str) -> String {
    let word = |word: &str| {
        let word = word.replace('\\', "\\e").replace('"', "\\(dq");
        let is_like_a_macro = word.len() <= 3 && word.starts_with(char::is_uppercase);
        let is_delimiter = word.chars().all(|one| ".,;:()[]?!|".contains(one));
        match is_like_a_macro || is_delimiter {
            true => format!("\\&{word}"),
            false => word,
        }
    };
    text.split_whitespace()
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
}
