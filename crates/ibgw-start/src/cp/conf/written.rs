//! Settings written for the Gateway's reader: words as they stood, text in quotes.

use crate::cp::conf::node::{ConfNode, Value};
use crate::cp::conf::scalar::Plain;
use std::fmt::Write;

/// The text of a map, in block style.
pub fn written(root: &ConfNode) -> String {
    let mut text = String::new();
    block(root, 0, &mut text);
    text
}

/// A list or a map, one entry a line.
fn block(node: &ConfNode, depth: usize, to: &mut String) {
    let indent = "  ".repeat(depth);
    match &node.value {
        Value::Map(pairs) => {
            for (key, value) in pairs {
                to.push_str(&indent);
                scalar(key, to);
                to.push(':');
                behind(value, depth, to);
            }
        }
        Value::List(entries) => {
            for entry in entries {
                to.push_str(&indent);
                to.push('-');
                behind(entry, depth, to);
            }
        }
        Value::Word(_) | Value::Text(_) => scalar(node, to),
    }
}

/// What stands behind a key or a dash, to the end of its lines.
fn behind(node: &ConfNode, depth: usize, to: &mut String) {
    let empty = match &node.value {
        Value::Map(pairs) if pairs.is_empty() => Some(" {}"),
        Value::List(entries) if entries.is_empty() => Some(" []"),
        _ => None,
    };
    match (&node.value, empty) {
        (_, Some(brackets)) => to.push_str(brackets),
        (Value::Map(_) | Value::List(_), None) => {
            to.push('\n');
            return block(node, depth + 1, to);
        }
        _ => {
            to.push(' ');
            scalar(node, to);
        }
    }
    to.push('\n');
}

fn scalar(node: &ConfNode, to: &mut String) {
    match &node.value {
        Value::Word(word) if word.is_empty() => to.push('~'),
        // What is no text without quotes has no letter that needs them.
        Value::Word(word) if Plain::of(word) != Plain::Text || is_harmless(word) => {
            to.push_str(word);
        }
        Value::Word(letters) | Value::Text(letters) => quoted(letters, to),
        Value::List(_) | Value::Map(_) => {}
    }
}

/// Whether a word is the same without quotes, wherever it stands.
fn is_harmless(word: &str) -> bool {
    let begins = |first: char| first.is_ascii_alphanumeric();
    word.starts_with(begins)
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._*/-".contains(&byte))
}

/// The Gateway's reader refuses letters outside the first plane, and takes each as an escape (snakeyaml 1.17).
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
