//! The parts of a login.

use crate::seed;
use ib_cli::{
    Error, Exit, Result, SecretText, is_in_quotes, password_problem, username_problem, warn,
};

/// One part of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginPart {
    Username,
    Password,
    TotpSeed,
    Mode,
    SecondFactor,
    JtsSecondFactor,
}

impl LoginPart {
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

    /// Its name in a sentence.
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

    /// Its flag, without the dashes.
    pub(crate) fn flag(self) -> String {
        self.name().replace('_', "-")
    }

    /// The other part of the pair of username and password: neither is of use alone.
    pub(crate) fn other_of_pair(self) -> Option<Self> {
        match self {
            Self::Username => Some(Self::Password),
            Self::Password => Some(Self::Username),
            Self::TotpSeed | Self::Mode | Self::SecondFactor | Self::JtsSecondFactor => None,
        }
    }

    /// Whether a login is of no use without it.
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Username | Self::Password)
    }

    /// The value, if this part can have it; a seed comes out in its plain form.
    pub(crate) fn accept(self, value: SecretText) -> Result<SecretText> {
        self.warn_of_odd_value(value.expose());
        match self {
            Self::TotpSeed => seed::plain(&value),
            Self::Mode if !matches!(value.expose(), "live" | "paper") => {
                Err(Error::new(Exit::Config, "it is neither live nor paper"))
            }
            Self::Username
            | Self::Password
            | Self::Mode
            | Self::SecondFactor
            | Self::JtsSecondFactor => Ok(value),
        }
    }

    /// Warns of a value that is seldom right. The tool never changes it.
    fn warn_of_odd_value(self, value: &str) {
        match self {
            Self::Password if is_in_quotes(value) => warn(
                "password_in_quotes",
                "the password has quotes around it, and they are sent with it (are they part of it?)",
            ),
            Self::Username if value.contains('@') => warn(
                "username_is_email",
                "the username looks like an e-mail address (IBKR takes the username alone)",
            ),
            Self::Username if is_account_number(value) => warn(
                "username_is_account",
                "the username looks like an account number (IBKR takes the username alone)",
            ),
            Self::Username
            | Self::Password
            | Self::TotpSeed
            | Self::Mode
            | Self::SecondFactor
            | Self::JtsSecondFactor => {}
        }
    }

    /// Refuses a value that `ibgw-login` could not type.
    ///
    /// # Errors
    /// `Config`, with the reason.
    pub(crate) fn check_typable(self, value: &SecretText) -> Result<()> {
        let problem = match self {
            Self::Username => username_problem(value.expose()),
            Self::Password => password_problem(value.expose()),
            Self::TotpSeed | Self::Mode | Self::SecondFactor | Self::JtsSecondFactor => None,
        };
        problem.map_or(Ok(()), |problem| {
            let message = format!("{} {problem}", self.spoken());
            Err(Error::new(Exit::Config, message))
        })
    }

    /// The error when it is not given.
    pub(crate) fn missing(self) -> Error {
        Error::new(
            Exit::Config,
            format!(
                "{} is not given (--{} REF, or a key {name} in --login, or a file {name} in --dir)",
                self.spoken(),
                self.flag(),
                name = self.name()
            ),
        )
    }
}

/// Whether a value looks like an account number: U1234567, for paper DU1234567, for advisors F and DF, for introducing
/// brokers I and DI.
fn is_account_number(value: &str) -> bool {
    let value = value.to_ascii_uppercase();
    let value = value.strip_prefix('D').unwrap_or(&value);
    value.strip_prefix(['U', 'F', 'I']).is_some_and(|digits| {
        digits.len() >= 5 && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}
