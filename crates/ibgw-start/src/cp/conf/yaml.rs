//! Settings written for the Gateway's reader: words as they were, text in quotes.

use crate::cp::conf::node::{ConfNode, ConfValue};
use crate::cp::conf::scalar::ScalarKind;
use std::fmt::Write;

/// The text of a map, in block style.
pub(crate) fn yaml_of(root: &ConfNode) -> String {
    let mut text = String::new();
    block(root, 0, &mut text);
    text
}

/// A list or a map, with one entry on each line.
fn block(node: &ConfNode, depth: usize, to: &mut String) {
    let indent = "  ".repeat(depth);
    match &node.value {
        ConfValue::Map(pairs) => {
            for (key, value) in pairs {
                to.push_str(&indent);
                scalar(key, to);
                to.push(':');
                behind(value, depth, to);
            }
        }
        ConfValue::List(entries) => {
            for entry in entries {
                to.push_str(&indent);
                to.push('-');
                behind(entry, depth, to);
            }
        }
        ConfValue::Word(_) | ConfValue::Text(_) => scalar(node, to),
    }
}

/// The value behind a key or a dash, to the end of its lines.
fn behind(node: &ConfNode, depth: usize, to: &mut String) {
    match &node.value {
        ConfValue::Map(pairs) if pairs.is_empty() => to.push_str(" {}\n"),
        ConfValue::List(entries) if entries.is_empty() => to.push_str(" []\n"),
        ConfValue::Map(_) | ConfValue::List(_) => {
            to.push('\n');
            block(node, depth + 1, to);
        }
        ConfValue::Word(_) | ConfValue::Text(_) => {
            to.push(' ');
            scalar(node, to);
            to.push('\n');
        }
    }
}

fn scalar(node: &ConfNode, to: &mut String) {
    match &node.value {
        ConfValue::Word(word) if word.is_empty() => to.push('~'),
        // A word that is not text has no letter that needs quotes.
        ConfValue::Word(word) if ScalarKind::of(word) != ScalarKind::Text || is_harmless(word) => {
            to.push_str(word);
        }
        ConfValue::Word(letters) | ConfValue::Text(letters) => quoted(letters, to),
        ConfValue::List(_) | ConfValue::Map(_) => {}
    }
}

/// Whether a word means the same without quotes, wherever it stands.
fn is_harmless(word: &str) -> bool {
    let begins = |first: char| first.is_ascii_alphanumeric();
    word.starts_with(begins)
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._*/-".contains(&byte))
}

/// The Gateway's reader refuses letters outside the first Unicode plane, but takes each of them as an escape (snakeyaml
/// 1.17).
fn quoted(letters: &str, to: &mut String) {
    to.push('"');
    for letter in letters.chars() {
        match letter {
            '"' | '\\' => {
                to.push('\\');
                to.push(letter);
            }
            ' '..='~' => to.push(letter),
            _ => {
                // Writing to a string does not fail.
                let _ = write!(to, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    to.push('"');
}
