//! One entry of `ips.allow` or `ips.deny`, as the Gateway's own class reads it.
//!
//! IPv4Validator.setPattern of build a27ed42 splits an entry at its points and makes a regular expression of it. The last
//! of two to four parts may be a star. Every other entry of four parts is a regular expression as it stands.

use crate::cp::conf::{ConfNode, ScalarKind};
use crate::cp::filter::addresses::{AddressSet, NumberSet};
use regex_lite::{Regex, RegexBuilder};

/// What an entry does when the Gateway reaches it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum EntryEffect {
    /// It means these addresses, which may be none.
    Means(AddressSet),
    /// A regular expression that is not understood here.
    Unknown,
    /// Fewer than four parts: the Gateway tries the previous expression once more.
    Keeps,
    /// More than four parts: the same, but it fails when there is no previous expression.
    Repeats,
    /// The Gateway answers 500.
    Breaks,
}

/// An entry, and what it does.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FilterEntry {
    pub(crate) text: String,
    pub(crate) effect: EntryEffect,
}

impl FilterEntry {
    /// Reads an entry as it stands in the file.
    pub(crate) fn read(node: &ConfNode) -> Self {
        match (node.letters(), node.kind()) {
            (Some(letters), Some(ScalarKind::Text)) => Self::of(letters),
            // The class takes each entry for a string: a number, a truth value, a date or null ends in an exception.
            (letters, _) => Self {
                text: match letters {
                    Some("") => "an empty entry".to_owned(),
                    Some(letters) => letters.to_owned(),
                    None => "a list or a map".to_owned(),
                },
                effect: EntryEffect::Breaks,
            },
        }
    }

    /// Reads an entry that is text.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            effect: effect(text),
        }
    }

    /// The addresses it means, perhaps none; `None` when they are not known, or when the entry has no expression of its
    /// own.
    pub(crate) fn means(&self) -> Option<AddressSet> {
        match &self.effect {
            EntryEffect::Means(addresses) => Some(*addresses),
            EntryEffect::Unknown
            | EntryEffect::Keeps
            | EntryEffect::Repeats
            | EntryEffect::Breaks => None,
        }
    }
}

fn effect(text: &str) -> EntryEffect {
    if text == "*" {
        return EntryEffect::Breaks;
    }
    // Java's split drops empty parts at the end.
    let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    match parts.as_slice() {
        [beginning @ .., "*"] if (1..=3).contains(&beginning.len()) && are_numbers(beginning) => {
            let numbers = |index: usize| {
                let exactly =
                    |wanted: &&str| NumberSet::of(|number| number.to_string() == **wanted);
                beginning.get(index).map_or(NumberSet::all(), exactly)
            };
            EntryEffect::Means(AddressSet([numbers(0), numbers(1), numbers(2), numbers(3)]))
        }
        [first, second, third, fourth] => expression([first, second, third, fourth]),
        few if few.len() < 4 => EntryEffect::Keeps,
        _ => EntryEffect::Repeats,
    }
}

/// What the Gateway takes for numbers before a star.
fn are_numbers(parts: &[&str]) -> bool {
    let number = expression_of("(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])");
    number.is_some_and(|number| parts.iter().all(|part| number.is_match(part)))
}

/// A regular expression of four parts with points between them.
///
/// An address has three points too. So each part decides about one number, if the part is an expression of its own and
/// nothing in it reaches beyond it.
fn expression(parts: [&str; 4]) -> EntryEffect {
    let [first, second, third, fourth] = parts;
    if first.starts_with(['*', '+', '?']) {
        return EntryEffect::Breaks;
    }
    // The whole expression is anchored anyway.
    let first = first.strip_prefix('^').unwrap_or(first);
    let fourth = fourth.strip_suffix('$').unwrap_or(fourth);
    let mut numbers = [NumberSet::all(); 4];
    for (place, part) in [first, second, third, fourth].into_iter().enumerate() {
        match numbers_of(part, place) {
            Some(found) => numbers[place] = found,
            None => return EntryEffect::Unknown,
        }
    }
    EntryEffect::Means(AddressSet(numbers))
}

/// The numbers that one part means; `None` when that is not known.
fn numbers_of(part: &str, place: usize) -> Option<NumberSet> {
    // A part that begins so repeats the point before it. No address has two points in a row, or none.
    let part = match part.strip_prefix(['*', '+', '?']) {
        Some(rest) if place > 0 => rest,
        _ => part,
    };
    // Its backslash takes the place of the point's own, and then no address matches.
    if place < 3 && part.strip_suffix('\\').is_some_and(is_word) {
        return Some(NumberSet::of(|_| false));
    }
    if !is_simple(part) {
        return None;
    }
    let expression = expression_of(&format!("(?:{part})"))?;
    Some(NumberSet::of(|number| {
        expression.is_match(&number.to_string())
    }))
}

fn is_word(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn expression_of(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^{pattern}$"))
        .size_limit(1 << 20)
        .build()
        .ok()
}

/// Whether Java and the library used here read the part in the same way: letters, digits, plain classes, groups, counts.
fn is_simple(part: &str) -> bool {
    let known =
        |letter: char| letter.is_ascii_alphanumeric() || "_:/,- []{}()|^?*+\\".contains(letter);
    // Of the escapes only `\d`. A second sign behind a count is about greed in one of them and an error in the other.
    let escapes = part.replace("\\d", "");
    let counts = [
        "**", "*+", "++", "+*", "?*", "?+", "}*", "}+", "?{", "*{", "+{", "}{", "{,",
    ];
    part.chars().all(known)
        && !escapes.contains('\\')
        && !part.contains("(?")
        && !counts.iter().any(|count| part.contains(count))
        && !has_special_class(part)
        && !reaches_beyond(part)
}

/// Whether a class has more than letters, digits and ranges of them.
fn has_special_class(part: &str) -> bool {
    let mut classes = part.split('[').skip(1);
    classes.any(|class| {
        let Some((inside, _)) = class.split_once(']') else {
            return true;
        };
        let inside = inside
            .strip_prefix('^')
            .unwrap_or(inside)
            .replace("\\d", "");
        inside.is_empty()
            || inside.starts_with('-')
            || inside.ends_with('-')
            || inside.contains("--")
            || !inside
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Whether a choice stands outside of brackets, where it divides the whole expression, or an anchor stands inside.
fn reaches_beyond(part: &str) -> bool {
    let mut depth = 0_i32;
    let mut in_class = false;
    for letter in part.chars() {
        match letter {
            '[' => in_class = true,
            ']' if in_class => in_class = false,
            '^' if !in_class => return true,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            '|' if !in_class && depth == 0 => return true,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0 || in_class
}
