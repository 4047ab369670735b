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
        let text = Self::from_plain(secret.text(what)?);
        if text.0.contains(['\n', '\r', '\0']) {
            let message = format!(
                "{what} has a line end or a NUL inside (keep the value alone, on one line)"
            );
            return Err(Error::new(Exit::Config, message));
        }
        Ok(text)
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
