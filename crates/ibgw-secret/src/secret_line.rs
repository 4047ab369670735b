//! One line of text that must not be seen.

use ib_cli::{Result, Secret};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

/// A value of a login or of IBeam's settings. It is wiped on drop, has no `Debug`, and is shown only in a report.
pub(crate) struct SecretLine(Zeroizing<String>);

impl SecretLine {
    /// A value that is one line; `what` names it in errors.
    ///
    /// # Errors
    /// `Config` when it is not UTF-8, or has a line end or NUL inside.
    pub(crate) fn new(secret: &Secret, what: &str) -> Result<Self> {
        secret.line(what).map(Self::from_plain)
    }

    /// A text that is known to be one line.
    pub(crate) fn from_plain(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text, for the one purpose it is for.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Serialize for SecretLine {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}
