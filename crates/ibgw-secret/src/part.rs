//! The parts of a login.

use crate::seed;
use crate::text::Text;
use ib_cli::{Error, Exit, Result};

/// One part of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Username,
    Password,
    TotpSeed,
    Mode,
    SecondFactor,
    JtsSecondFactor,
}

impl Part {
    /// All of them, in the order of the record.
    pub(crate) const ALL: [Self; 6] = [
        Self::Username,
        Self::Password,
        Self::TotpSeed,
        Self::Mode,
        Self::SecondFactor,
        Self::JtsSecondFactor,
    ];

    /// Its key in a record, and its plain file name in a directory.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Password => "password",
            Self::TotpSeed => "totp_seed",
            Self::Mode => "mode",
            Self::SecondFactor => "second_factor",
            Self::JtsSecondFactor => "jts_second_factor",
        }
    }

    /// What a sentence calls it.
    pub(crate) fn spoken(self) -> &'static str {
        match self {
            Self::Username => "the username",
            Self::Password => "the password",
            Self::TotpSeed => "the TOTP seed",
            Self::Mode => "the mode",
            Self::SecondFactor => "the second factor",
            Self::JtsSecondFactor => "the second factor of jts.ini",
        }
    }

    /// The files that may hold it in a directory, without endings.
    ///
    /// `IBEAM_*` as the Docker secrets of Voyz/ibeam, `ib_*` as those of chris-ch/docker-interactivebroker-gateway.
    pub(crate) fn files(self) -> &'static [&'static str] {
        match self {
            Self::Username => &["username", "ib_username", "IBEAM_ACCOUNT"],
            Self::Password => &["password", "ib_password", "IBEAM_PASSWORD"],
            Self::TotpSeed => &["totp_seed", "IBEAM_PYOTP_SECRET"],
            Self::Mode => &["mode"],
            Self::SecondFactor => &["second_factor"],
            Self::JtsSecondFactor => &["jts_second_factor", "ib_token_2fa"],
        }
    }

    /// Whether a login is of no use without it.
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Username | Self::Password)
    }

    /// The value, if it can be one of this part; a seed is brought into its plain form.
    pub(crate) fn accept(self, value: Text) -> Result<Text> {
        match self {
            Self::TotpSeed => seed::plain(&value),
            Self::Mode if !matches!(value.expose(), "live" | "paper") => {
                Err(Error::new(Exit::Config, "it is neither live nor paper"))
            }
            _ => Ok(value),
        }
    }

    /// The error when nothing says where it is.
    pub(crate) fn missing(self) -> Error {
        let flag = self.name().replace('_', "-");
        let files = self.files().join(", ");
        Error::new(
            Exit::Config,
            format!(
                "{} is not given (--{flag} REF, or a key {} in --login, or a file in --dir: {files})",
                self.spoken(),
                self.name()
            ),
        )
    }
}
