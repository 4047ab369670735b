//! One entry of `ips.allow` or `ips.deny`, as the Gateway's own class takes it.
//!
//! IPv4Validator.setPattern of build a27ed42 splits an entry at its points and makes a regular expression of it. Of two
//! to four parts the last may be a star; every other entry of four parts is a regular expression as it stands.

use crate::cp::conf::{ConfNode, Plain};
use crate::cp::filter::addresses::{Addresses, Numbers};
use regex_lite::{Regex, RegexBuilder};

/// What an entry does when the Gateway comes to it.
#[derive(Clone, PartialEq, Eq)]
pub enum Effect {
    /// It means these addresses; none is possible.
    Means(Addresses),
    /// A regular expression beyond what is read here.
    Unknown,
    /// Fewer than four parts: the Gateway tries the expression of before once more.
    Keeps,
    /// More than four: the same, and it fails where no expression stands before it.
    Repeats,
    /// The Gateway answers 500.
    Breaks,
}

/// An entry, and what it does.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    pub text: String,
    pub effect: Effect,
}

impl Entry {
    /// Reads an entry as it stands in the file.
    pub fn read(node: &ConfNode) -> Self {
        match (node.letters(), node.plain()) {
            (Some(letters), Some(Plain::Text)) => Self::of(letters),
            // The class takes each entry for a string: a number, a truth, a date or nothing ends in an exception.
            (letters, _) => Self {
                text: match letters {
                    Some("") => "an empty entry".to_owned(),
                    Some(letters) => letters.to_owned(),
                    None => "a list or a map".to_owned(),
                },
                effect: Effect::Breaks,
            },
        }
    }

    /// Reads an entry that is text.
    pub fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            effect: effect(text),
        }
    }

    /// The addresses it means, where it means some.
    pub fn means(&self) -> Option<Addresses> {
        match &self.effect {
            Effect::Means(addresses) => Some(*addresses),
            _ => None,
        }
    }
}

fn effect(text: &str) -> Effect {
    if text == "*" {
        return Effect::Breaks;
    }
    // Java's split drops empty parts at the end.
    let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    match parts.as_slice() {
        [beginning @ .., "*"] if (1..=3).contains(&beginning.len()) && are_numbers(beginning) => {
            let numbers = |index: usize| {
                let exactly = |wanted: &&str| Numbers::of(|number| number.to_string() == **wanted);
                beginning.get(index).map_or(Numbers::all(), exactly)
            };
            Effect::Means(Addresses([numbers(0), numbers(1), numbers(2), numbers(3)]))
        }
        [first, second, third, fourth] => expression([first, second, third, fourth]),
        few if few.len() < 4 => Effect::Keeps,
        _ => Effect::Repeats,
    }
}

/// What the Gateway takes for numbers before a star.
fn are_numbers(parts: &[&str]) -> bool {
    let number = expression_of("(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])");
    number.is_some_and(|number| parts.iter().all(|part| number.is_match(part)))
}

/// A regular expression of four parts with points between them.
///
/// An address has three points too, so each part alone decides about one number, where the part is an expression of
/// its own and nothing in it reaches beyond it.
fn expression(parts: [&str; 4]) -> Effect {
    let [first, second, third, fourth] = parts;
    if first.starts_with(['*', '+', '?']) {
        return Effect::Breaks;
    }
    // To the whole, these say nothing that it does not do anyway.
    let first = first.strip_prefix('^').unwrap_or(first);
    let fourth = fourth.strip_suffix('$').unwrap_or(fourth);
    let mut numbers = [Numbers::all(); 4];
    for (place, part) in [first, second, third, fourth].into_iter().enumerate() {
        match numbers_of(part, place) {
            Some(found) => numbers[place] = found,
            None => return Effect::Unknown,
        }
    }
    Effect::Means(Addresses(numbers))
}

/// The numbers that one part means; `None` when that is not known.
fn numbers_of(part: &str, place: usize) -> Option<Numbers> {
    // A part that begins so repeats the point before it, and an address has no place with two points or none.
    let part = match part.strip_prefix(['*', '+', '?']) {
        Some(rest) if place > 0 => rest,
        _ => part,
    };
    // It takes the place of the point's own: no address has one.
    if place < 3 && part.strip_suffix('\\').is_some_and(is_word) {
        return Some(Numbers::of(|_| false));
    }
    if !is_simple(part) {
        return None;
    }
    let expression = expression_of(&format!("(?:{part})"))?;
    Some(Numbers::of(|number| {
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

/// Whether Java and the library used here read the part alike: letters, digits, plain classes, groups and counts.
fn is_simple(part: &str) -> bool {
    let known =
        |letter: char| letter.is_ascii_alphanumeric() || "_:/,- []{}()|^?*+\\".contains(letter);
    // `\d` alone of the escapes; a second sign behind a count is greed in one of them and a fault in the other.
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

/// Classes that are more than letters, digits and what lies between two of them.
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

/// Whether a choice stands outside of brackets, so that it is one between wholes, or an anchor within.
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
