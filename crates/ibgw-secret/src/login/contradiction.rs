//! Refuse a login whose mode contradicts a variable of an IB Gateway image.

use super::{LoginParts, Whole};
use crate::part::LoginPart;
use crate::secret_place::SecretPlace;
use ib_cli::{Error, Exit, Mode, Reference, Result};
use ib_tws::NamedMode;

impl LoginParts<'_> {
    /// Refuses to go on when the variable and the login name two modes: a variable that an image sets for its IB
    /// Gateway must not make a live login of a paper one.
    pub(super) fn check_no_contradiction(&self, named: NamedMode) -> Result<()> {
        let Some(variable) = named.variable else {
            return Ok(());
        };
        let stated =
            match &self.whole {
                Whole::Object(from, object) => object
                    .get(LoginPart::Mode)
                    .map(|value| (value.clone(), from.to_string())),
                // A file that cannot be read is no contradiction; reading the mode reports it.
                Whole::Folder(folder) => folder
                    .find(LoginPart::Mode, None)
                    .ok()
                    .flatten()
                    .and_then(|found| {
                        let from = SecretPlace::Plain(Reference::File(found.path));
                        let value = self.reader.read(LoginPart::Mode.spoken(), &from).ok()?;
                        Some((value, from.to_string()))
                    }),
                Whole::Nothing => None,
            };
        let other = match named.mode {
            Mode::Live => Mode::Paper,
            Mode::Paper => Mode::Live,
        };
        match stated {
            Some((stated, from)) if stated.expose() == other.name().as_bytes() => {
                let message = format!(
                    "{variable} says {} and the login from {from} says {} (give --mode, or take one of them away)",
                    named.mode.name(),
                    other.name()
                );
                Err(Error::new(Exit::Usage, message))
            }
            _ => Ok(()),
        }
    }
}
