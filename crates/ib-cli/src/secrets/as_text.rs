//! A secret as text, as one line, as one word: refused where an editor, a shell or copying has damaged it.

use crate::contract::error::Result;
use crate::files::unreadable::{Defect, Unreadable, encoding_problem};
use crate::secret::Secret;

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

    /// The same for a secret without a blank at either end, such as an identifier.
    ///
    /// # Errors
    /// As [`Secret::line`]; `Config` when it begins or ends with a blank.
    pub fn word(&self, what: &str) -> Result<&str> {
        let line = self.line(what)?;
        if line.trim().len() == line.len() {
            Ok(line)
        } else {
            Err(Unreadable::new(Defect::BlankAtAnEnd).about(what))
        }
    }

    /// Refuses what is not one line. Any encoding passes: a passphrase may have any bytes.
    ///
    /// # Errors
    /// `Config` when it has a byte order mark, a NUL or a line end; nothing of the value is shown.
    pub(crate) fn require_line(&self, what: &str) -> Result<()> {
        let has = |byte: u8| self.expose().contains(&byte);
        let defect = encoding_problem(self.expose())
            .or(has(b'\n').then_some(Defect::LineEnd))
            .or(has(b'\r').then_some(Defect::CarriageReturn));
        match defect {
            Some(defect) => Err(Unreadable::new(defect).about(what)),
            None => Ok(()),
        }
    }
}
