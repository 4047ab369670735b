//! The answers of the login, read from their values.

use super::fields::Fields;
use super::hex;
use super::srp::SrpServer;
use super::terms::SrpTerms;

/// The longest salt: four bytes have been seen.
const LONGEST_SALT: usize = 64;

/// How many characters of an error's text the tool keeps.
const LONGEST_TEXT: usize = 400;

/// Why an answer to INIT cannot be used.
#[derive(Debug)]
pub(crate) enum UnusableAnswer {
    /// The tool does not understand it, for this reason.
    Unknown(String),
    /// It wants terms that are not known to be sound; this part of them.
    Unsound(&'static str),
}

/// The answer to INIT.
pub(crate) struct InitAnswer {
    /// What the server wants to use.
    pub terms: SrpTerms,
    /// Its salt and its number.
    pub server: SrpServer,
    /// Its key for `EKX`.
    pub key: Vec<u8>,
    /// Whether the whole password counts, and not only its first 8 characters.
    pub takes_long_passwords: bool,
}

impl InitAnswer {
    /// Reads an answer.
    ///
    /// # Errors
    /// Which value is missing, or cannot be used.
    pub(crate) fn read(fields: &Fields) -> Result<Self, UnusableAnswer> {
        let value = |name: &str| {
            let value = fields.get(name);
            value.ok_or_else(|| UnusableAnswer::Unknown(format!("an answer without {name}")))
        };
        let number = |name: &str| {
            hex::bytes(value(name)?).ok_or_else(|| {
                UnusableAnswer::Unknown(format!("{name} is not a number, or is too long"))
            })
        };
        let flag = |name: &str| fields.flag(name).map_err(UnusableAnswer::Unknown);
        let terms = SrpTerms::offered(value("N")?, value("g")?, value("hash")?, value("proto")?)
            .map_err(UnusableAnswer::Unsound)?;
        let salt = number("s")?;
        let server = number("B")?;
        if salt.len() > LONGEST_SALT {
            return Err(UnusableAnswer::Unknown("s is too long a number".to_owned()));
        }
        Ok(Self {
            terms,
            server: SrpServer {
                salt,
                number: server,
            },
            key: number("rsapub")?,
            takes_long_passwords: flag("lp")?.unwrap_or(true),
        })
    }
}

/// The answer to COMPLETEAUTH.
pub(crate) struct ProofAnswer<'a> {
    /// The server's proof; `None` when the client's proof was wrong.
    pub m2: Option<&'a str>,
    /// Whether the username is locked.
    pub is_locked: bool,
    /// The second factors to choose from, by SF code; empty when IBKR wants none.
    pub factors: Vec<&'a str>,
}

impl<'a> ProofAnswer<'a> {
    /// Reads an answer.
    ///
    /// # Errors
    /// Which value cannot be used.
    pub(crate) fn read(fields: &'a Fields) -> Result<Self, String> {
        let factors = fields.get("sftypes").unwrap_or_default().split(',');
        Ok(Self {
            m2: fields.get("M2"),
            is_locked: fields.flag("reached_max_login")?.unwrap_or(false),
            factors: factors
                .map(str::trim)
                .filter(|code| !code.is_empty())
                .collect(),
        })
    }
}

/// The text of an error, on one line and cut; `None` when the answer has no error.
pub(crate) fn error(fields: &Fields) -> Option<String> {
    let text = fields.get("error")?;
    let words: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .collect();
    let line = words.join(" ");
    Some(line.chars().take(LONGEST_TEXT).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn init(change: &Value) -> Result<InitAnswer, UnusableAnswer> {
        let mut answer = json!({
            "g": "2", "N": super::super::terms::SrpGroup::Ibkr.modulus(), "proto": "6", "hash": "SHA1", "s": "a1b2c3d",
            "B": "0f", "lp": false, "paper": true, "rsapub": "ff",
        });
        for (name, value) in change.as_object().into_iter().flatten() {
            answer[name] = value.clone();
        }
        let fields = Fields::of_json(answer.to_string().as_bytes())
            .map_err(|why| UnusableAnswer::Unknown(why.to_owned()))?;
        InitAnswer::read(&fields)
    }

    #[test]
    fn reads_what_the_server_wants() {
        let init = init(&json!({})).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(init.terms, SrpTerms::USUAL);
        assert_eq!(init.server.salt, [0x0a, 0x1b, 0x2c, 0x3d]);
        assert!(!init.takes_long_passwords);
    }

    #[test]
    fn names_what_is_missing_and_what_cannot_be_used() {
        let long = "1".repeat(10_000);
        for (name, value) in [
            ("B", json!(null)),
            ("B", json!(long)),
            ("s", json!("1".repeat(200))),
            ("s", json!("xyz")),
            ("g", json!(5)),
            ("g", json!(long)),
            ("N", json!("fffffffb")),
            ("hash", json!("MD5")),
            ("proto", json!("3")),
            ("lp", json!("perhaps")),
            ("rsapub", json!("")),
        ] {
            let why = match init(&json!({ name: value })).err() {
                Some(UnusableAnswer::Unknown(why)) => why,
                Some(UnusableAnswer::Unsound(why)) => why.to_owned(),
                None => String::new(),
            };
            assert!(!why.is_empty() && !why.contains("1111"), "{name}: {why}");
        }
    }

    #[test]
    fn takes_sound_terms_in_any_spelling() {
        for (name, value) in [
            ("hash", "SHA-1"),
            ("hash", "sha256"),
            ("proto", "6a"),
            ("N", super::super::terms::SrpGroup::Rfc5054Of1024.modulus()),
        ] {
            assert!(init(&json!({ name: value })).is_ok(), "{name} {value}");
        }
    }
}
