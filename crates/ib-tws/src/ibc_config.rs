//! IBC's config.ini: who logs in, and how IBC behaves.

use crate::ibc_keys::KEYS;
use crate::properties::push_escaped;
use ib_cli::{Error, Exit, Result, Secret};
use std::str::FromStr;

/// What an unattended Gateway needs and IBC does not do by default.
const DEFAULTS: [(&str, &str); 5] = [
    // Empty, as shipped, means every interface, and any client may stop the Gateway.
    ("BindAddress", "127.0.0.1"),
    // With yes, IBC sends another notification after each that was not approved, for ever.
    ("ReloginAfterSecondFactorAuthenticationTimeout", "no"),
    // A dialog without an answer would block the login.
    ("ExistingSessionDetectedAction", "secondary"),
    ("AcceptIncomingConnectionAction", "reject"),
    ("AcceptNonBrokerageAccountWarning", "yes"),
];

/// Keys that come from the login, and that no setting may give.
const OF_THE_LOGIN: [&str; 6] = [
    "IbLoginId",
    "IbPassword",
    "FIXLoginId",
    "FIXPassword",
    "TradingMode",
    "SecondFactorDevice",
];

/// Who logs in, and to which account.
pub struct IbcLogin<'a> {
    /// What logs in.
    pub username: &'a str,
    /// Its password.
    pub password: &'a str,
    /// Whether the account is the one with real money.
    pub is_live: bool,
    /// The second factor's device as IBKR's list shows it; `None` leaves the choice to IBKR.
    pub second_factor: Option<&'a str>,
}

/// One setting of IBC's, written `KEY=VALUE`.
#[derive(Clone, Debug)]
pub struct IbcSetting {
    key: &'static str,
    value: String,
}

impl IbcSetting {
    /// A setting whose key is written in the program.
    #[must_use]
    pub fn new(key: &'static str, value: impl Into<String>) -> Self {
        Self {
            key,
            value: value.into(),
        }
    }
}

impl FromStr for IbcSetting {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or("write KEY=VALUE, with a key of IBC's config.ini")?;
        if OF_THE_LOGIN.contains(&name) {
            return Err(format!("{name} comes from the login, not from a setting"));
        }
        // IBC ignores a key that it does not know, and the user would never notice the typing error.
        let key = KEYS
            .into_iter()
            .find(|key| *key == name)
            .ok_or_else(|| format!("IBC 3.24 has no key {name}"))?;
        Ok(Self::new(key, value))
    }
}

/// A config.ini; it is wiped on drop, as all memory of a tool is.
pub struct IbcConfig {
    lines: Vec<(&'static str, String)>,
}

impl IbcConfig {
    /// The login and what every unattended Gateway needs.
    ///
    /// # Errors
    /// `Config` when a value cannot be written so that IBC reads it.
    pub fn new(login: &IbcLogin<'_>) -> Result<Self> {
        let mut config = Self { lines: Vec::new() };
        config.put("IbLoginId", login.username, "the username")?;
        config.put("IbPassword", login.password, "the password")?;
        config
            .lines
            .append(&mut Self::without_login(login.is_live)?.lines);
        if let Some(device) = login.second_factor {
            config.put("SecondFactorDevice", device, "the second factor")?;
        }
        Ok(config)
    }

    /// What every unattended Gateway needs, for a login by hand.
    ///
    /// # Errors
    /// None that is known: it is written here.
    pub fn without_login(is_live: bool) -> Result<Self> {
        let mut config = Self { lines: Vec::new() };
        let mode = if is_live { "live" } else { "paper" };
        config.put("TradingMode", mode, "the mode")?;
        for (key, value) in DEFAULTS {
            config.put(key, value, key)?;
        }
        Ok(config)
    }

    /// Adds a setting, or puts it in the place of one that is there.
    ///
    /// # Errors
    /// `Config` when its value cannot be written so that IBC reads it.
    pub fn set(&mut self, setting: &IbcSetting) -> Result<()> {
        self.put(setting.key, &setting.value, setting.key)
    }

    /// The file's bytes: ASCII, one line a key.
    #[must_use]
    pub fn render(&self) -> Secret {
        let mut text = String::new();
        for (key, value) in &self.lines {
            text.push_str(key);
            text.push('=');
            push_escaped(&mut text, value);
            text.push('\n');
        }
        Secret::new(text.into_bytes())
    }

    fn put(&mut self, key: &'static str, value: &str, what: &str) -> Result<()> {
        let refused = |why: &str| Err(Error::new(Exit::Config, format!("{what} {why}")));
        // IBC calls String.trim on each value, which drops all up to the blank at both ends.
        let is_blank = |character: char| character <= ' ';
        if value.starts_with(is_blank) || value.ends_with(is_blank) {
            return refused("begins or ends with a blank, which IBC takes away (choose another)");
        }
        if value.contains(['\n', '\r', '\0']) {
            return refused("has a line end or a NUL inside, which IBC cannot type");
        }
        let value = value.to_owned();
        match self.lines.iter_mut().find(|(old, _)| *old == key) {
            Some((_, old)) => *old = value,
            None => self.lines.push((key, value)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{IbcConfig, IbcLogin, IbcSetting};

    fn config(username: &str, password: &str) -> ib_cli::Result<IbcConfig> {
        IbcConfig::new(&IbcLogin {
            username,
            password,
            is_live: false,
            second_factor: None,
        })
    }

    #[test]
    fn a_setting_takes_the_place_of_what_is_there() {
        let mut config = config("name", "word").expect("both can be written");
        let setting = "BindAddress=127.0.0.2".parse().expect("IBC knows it");
        config.set(&setting).expect("it can be written");
        let text = config.render();
        let text = text.text("the file").expect("ASCII");
        assert_eq!(text.matches("BindAddress").count(), 1, "{text}");
        assert!(text.contains("\nBindAddress=127.0.0.2\n"), "{text}");
    }

    #[test]
    fn refuses_a_password_that_ibc_would_read_otherwise() {
        for password in [
            " hunter2",
            "hunter2 ",
            "\thunter2",
            "hunter2\n2",
            "hunter2\r2",
        ] {
            let error = config("name", password).err().expect("refused");
            let words = error.to_string();
            assert!(words.starts_with("the password "), "{words}");
            assert!(!words.contains("hunter2"), "{words}");
        }
    }

    #[test]
    fn refuses_settings_that_ibc_does_not_know_or_that_come_from_the_login() {
        for text in [
            "BindAdress=1",
            "IbPassword=x",
            "TradingMode=live",
            "BindAddress",
        ] {
            assert!(text.parse::<IbcSetting>().is_err(), "{text}");
        }
    }
}
