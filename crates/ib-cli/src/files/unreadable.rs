//! Why something could not be read, in our own words: what is wrong, where, and what to do.
//!
//! An error of a library may quote what it could not read, and that may be a key or a password: rustls-pki-types shows
//! the whole line of a PEM file, serde_json a value of the wrong type, yaml-rust2 a key. So no message of a library is
//! shown. The place that it names is.

mod defect;
mod encoding;
mod pem;

pub use defect::Defect;
pub use encoding::encoding_problem;

use crate::contract::error::Error;
use crate::contract::exit::Exit;
use std::fmt;
use std::str::Utf8Error;

/// Why something could not be read, and where; it has no part of what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    defect: Defect,
    place: Option<Place>,
}

/// Where reading stopped. Lines and columns count from 1, bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Byte(usize),
    Line(usize),
    Column(usize, usize),
}

impl Unreadable {
    /// A defect without a place.
    #[must_use]
    pub fn new(defect: Defect) -> Self {
        Self {
            defect,
            place: None,
        }
    }

    /// At this byte, counted from 0.
    fn at_byte(mut self, byte: usize) -> Self {
        self.place = Some(Place::Byte(byte));
        self
    }

    /// In this line, counted from 1.
    #[must_use]
    pub fn in_line(mut self, line: usize) -> Self {
        self.place = Some(Place::Line(line));
        self
    }

    /// In this line and column, both counted from 1.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.place = Some(Place::Column(line, column));
        self
    }

    /// What is wrong with the form of a PEM text; `None` when each of its sections is sound.
    #[must_use]
    pub fn pem(text: &[u8]) -> Option<Self> {
        pem::fault(text)
    }

    /// What shows that an armored text has lost its line ends, as in a variable or a web form; `None` when it has them.
    #[must_use]
    pub fn without_line_ends(text: &[u8]) -> Option<Self> {
        pem::lost_line_ends(text)
    }

    /// The reason as a sentence about something: `the password is not UTF-8 (…)`.
    #[must_use]
    pub fn sentence(&self, subject: &str) -> String {
        let predicate = self.defect.predicate();
        let hint = self.defect.hint();
        let place = self.place.map(|place| place.to_string());
        let aside: Vec<String> = place.into_iter().chain(hint.map(str::to_owned)).collect();
        match aside[..] {
            [] => format!("{subject} {predicate}"),
            _ => format!("{subject} {predicate} ({})", aside.join("; ")),
        }
    }

    /// An error of exit `Config` about something: `the password is not UTF-8 (…)`.
    #[must_use]
    pub fn about(self, subject: &str) -> Error {
        Error::new(Exit::Config, self.sentence(subject))
    }

    /// An error of exit `Config`: what was being done, and why it failed.
    #[must_use]
    pub fn error(self, doing: impl fmt::Display) -> Error {
        Error::new(Exit::Config, format!("{doing}: {self}"))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.sentence("it"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(to, "first bad byte at offset {byte}"),
            Self::Line(line) => write!(to, "line {line}"),
            Self::Column(line, column) => write!(to, "line {line}, column {column}"),
        }
    }
}

impl From<Utf8Error> for Unreadable {
    fn from(error: Utf8Error) -> Self {
        Self::new(Defect::NotUtf8).at_byte(error.valid_up_to())
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let reason = Self::new(match error.classify() {
            Category::Eof => Defect::JsonCutShort,
            Category::Data => Defect::JsonOfAnotherKind,
            Category::Syntax | Category::Io => Defect::NotJson,
        });
        // A value that was parsed earlier has no place.
        match error.line() {
            0 => reason,
            line => reason.at(line, error.column()),
        }
    }
}

/// The schema that a file names, if it is one of ours. Any other text may be a secret in the wrong place.
fn known_schema(text: &str) -> Option<&str> {
    let (name, version) = text.split_once('/')?;
    let is_ours = ["ib-", "ibgw-", "ibsso-"]
        .iter()
        .any(|family| name.starts_with(family));
    let is_name = name.len() <= 30
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let is_version =
        (1..=2).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
    (is_ours && is_name && is_version).then_some(text)
}

/// The sentence about a record whose schema is not the one it must have.
#[must_use]
pub fn another_schema(found: &str, wanted: &str) -> String {
    match known_schema(found) {
        Some(found) => format!("it is {found}, not {wanted}"),
        None => format!("it has another schema than {wanted}"),
    }
}

/// How many letters a mistyped key may have wrong.
const TYPO: usize = 2;

/// An unknown key, if an error may show it; `None` when it is like no known one: it may be a secret in the wrong place.
#[must_use]
pub fn shown_key(key: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Option<&str> {
    let is_near = |known: &str| strsim::damerau_levenshtein(key, known) <= TYPO;
    known
        .into_iter()
        .any(|known| is_near(known.as_ref()))
        .then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "hunter2";

    #[test]
    fn says_where_json_stops_and_nothing_of_what_is_there() {
        for (text, expected) in [
            (r#"{"a": hunter2}"#, "it is not JSON (line 1, column 7)"),
            (
                "{\"hunter2\":\n 7",
                "it is JSON that is cut short (line 2, column 2)",
            ),
            (
                r#"{"a": "hunter2"}"#,
                "it is JSON with a wrong kind of value (line 1, column 15)",
            ),
        ] {
            let read = serde_json::from_str::<std::collections::BTreeMap<String, u8>>(text);
            let reason = Unreadable::from(read.expect_err("it is refused"));
            assert_eq!(reason.to_string(), expected);
            assert!(!reason.to_string().contains(MARKER));
        }
    }

    #[test]
    fn says_at_which_byte_text_is_no_utf8() {
        let bytes = [b"abc", &[0xff][..]].concat();
        let error = std::str::from_utf8(&bytes).expect_err("it is no UTF-8");
        assert_eq!(
            Unreadable::from(error).sentence("the password"),
            "the password is not UTF-8 (first bad byte at offset 3)"
        );
    }

    #[test]
    fn shows_a_schema_only_where_it_is_one_of_ours() {
        assert_eq!(known_schema("ibgw-secret/1"), Some("ibgw-secret/1"));
        for other in ["hunter2", "ibgw-hunter2/1", "ibgw-secret/", "x/1"] {
            assert_eq!(known_schema(other), None, "{other}");
        }
    }

    #[test]
    fn shows_a_key_only_where_it_is_a_known_one_mistyped() {
        let known = ["username", "password"];
        assert_eq!(shown_key("passwrod", known), Some("passwrod"));
        for other in ["hunter2pass", "", "hunter2"] {
            assert_eq!(shown_key(other, known), None, "{other}");
        }
    }
}
