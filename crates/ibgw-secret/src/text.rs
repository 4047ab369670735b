//! One line of text that must not be seen.

use ib_cli::{Error, Exit, Result, Secret};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

/// A value of a login, wiped on drop; it has no `Debug`, and comes out only in the record.
pub struct Text(Zeroizing<String>);

impl Text {
    /// A value that is one line; `what` names it in errors.
    ///
    /// # Errors
    /// `Config` when it is not UTF-8, or has a line end or NUL inside.
    pub(crate) fn new(secret: &Secret, what: &str) -> Result<Self> {
        let problem = encoding_problem(secret.expose()).or_else(|| line_problem(secret.expose()));
        if let Some(problem) = problem {
            return Err(Error::new(Exit::Config, format!("{what} {problem}")));
        }
        Ok(Self::from_plain(secret.text(what)?))
    }

    pub(crate) fn from_plain(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text, for the one purpose it is for.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

/// What an editor or a shell of Windows has done to a file, as a sentence goes on; `None` if it may be UTF-8.
///
/// Sent as it is, each would be a wrong password, and IBKR counts those.
pub(crate) fn encoding_problem(bytes: &[u8]) -> Option<&'static str> {
    // Every other byte of Latin text in UTF-16 is a NUL.
    let nuls = |skipped| {
        let half = bytes.iter().skip(skipped).step_by(2);
        half.len() > 1 && bytes.len().is_multiple_of(2) && half.into_iter().all(|byte| *byte == 0)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => {
            Some("begins with a byte order mark (save it as UTF-8 without one)")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("is UTF-16 (save it as UTF-8)"),
        _ if nuls(0) || nuls(1) => Some("is UTF-16 (save it as UTF-8)"),
        _ if bytes.contains(&0) => Some("has a NUL inside (keep the value alone, as text)"),
        _ => None,
    }
}

fn line_problem(bytes: &[u8]) -> Option<&'static str> {
    if bytes.contains(&b'\n') {
        return Some("has a line end inside (keep the value alone, on one line)");
    }
    bytes
        .contains(&b'\r')
        .then_some("has a carriage return inside (keep the value alone, on one line)")
}
