//! A variable of an image, and a login, that name two modes.

use super::{LoginParts, Whole};
use crate::part::LoginPart;
use crate::secret_place::SecretPlace;
use ib_cli::{Error, Exit, Mode, Reference, Result};
use ib_tws::NamedMode;

impl LoginParts<'_> {
    /// A variable that an image has for its IB Gateway is no reason to take a paper login for a live one.
    pub(super) fn refuse_contradiction(&self, named: NamedMode) -> Result<()> {
        let Some(variable) = named.variable else {
            return Ok(());
        };
        let stated =
            match &self.whole {
                Whole::Object(from, object) => object
                    .get(LoginPart::Mode)
                    .map(|value| (value.clone(), from.to_string())),
                // What is wrong with such a file is no contradiction.
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
