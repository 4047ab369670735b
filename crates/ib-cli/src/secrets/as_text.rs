//! A secret as text, as one line, as one word: each refused where editors, shells or copying have spoilt it.

use crate::contract::error::Result;
use crate::files::unreadable::{Defect, Unreadable, encoding_problem};
use crate::secrets::secret::Secret;

impl Secret {
    /// The bytes as text.
    ///
    /// # Errors
    /// `Config` when they are not UTF-8; the message names `what` and shows nothing of the value.
    pub fn text(&self, what: &str) -> Result<&str> {
        std::str::from_utf8(self.expose()).map_err(|error| Unreadable::from(error).about(what))
    }

    /// The secret, which must be one line of text; `what` names it in errors.
    ///
    /// # Errors
    /// As [`Secret::require_line`]; `Config` when it is not UTF-8.
    pub fn line(&self, what: &str) -> Result<&str> {
        self.require_line(what)?;
        self.text(what)
    }

    /// The same of a secret that has no blank at either end, as no identifier has.
    ///
    /// # Errors
    /// As [`Secret::line`]; `Config` when it begins or ends with a blank.
    pub fn word(&self, what: &str) -> Result<&str> {
        let line = self.line(what)?;
        match line.trim().len() == line.len() {
            true => Ok(line),
            false => Err(Unreadable::new(Defect::BlankAtAnEnd).about(what)),
        }
    }

    /// Refuses what is not one line, in whatever encoding: a passphrase may have any bytes.
    ///
    /// # Errors
    /// `Config` when it has a byte order mark, a NUL or a line end; nothing of the value is shown.
    pub(crate) fn require_line(&self, what: &str) -> Result<()> {
        let line_end = |bytes: &[u8]| match bytes {
            _ if bytes.contains(&b'\n') => Some(Defect::LineEnd),
            _ if bytes.contains(&b'\r') => Some(Defect::CarriageReturn),
            _ => None,
        };
        let why = encoding_problem(self.expose()).or_else(|| line_end(self.expose()));
        why.map_or(Ok(()), |why| Err(Unreadable::new(why).about(what)))
    }
}
