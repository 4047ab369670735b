//! What editors, shells and copying do to a text that shall be one line.

use crate::contract::error::Result;
use crate::files::unreadable::{Defect, Unreadable};
use crate::secrets::secret::Secret;

/// What an editor or a shell of Windows has done to a text; `None` if it may be UTF-8.
///
/// Sent as it is, each would be a wrong password, and IBKR counts those.
#[must_use]
pub fn encoding_problem(bytes: &[u8]) -> Option<Defect> {
    // Every other byte of Latin text in UTF-16 is a NUL.
    let nuls = |skipped| {
        let half = bytes.iter().skip(skipped).step_by(2);
        half.len() > 1 && bytes.len().is_multiple_of(2) && half.into_iter().all(|byte| *byte == 0)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some(Defect::ByteOrderMark),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Defect::Utf16),
        _ if nuls(0) || nuls(1) => Some(Defect::Utf16),
        _ if bytes.contains(&0) => Some(Defect::Nul),
        _ => None,
    }
}

impl Secret {
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
    pub fn require_line(&self, what: &str) -> Result<()> {
        let line_end = |bytes: &[u8]| match bytes {
            _ if bytes.contains(&b'\n') => Some(Defect::LineEnd),
            _ if bytes.contains(&b'\r') => Some(Defect::CarriageReturn),
            _ => None,
        };
        let why = encoding_problem(self.expose()).or_else(|| line_end(self.expose()));
        why.map_or(Ok(()), |why| Err(Unreadable::new(why).about(what)))
    }
}
