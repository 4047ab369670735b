//! The login that `ibgw-secret` prints and other tools read.

use crate::contract::error::{Error, Result};
use crate::contract::exit::Exit;
use crate::contract::mode::Mode;
use crate::files::unreadable::{Unreadable, another_schema};
use crate::secret::Secret;
use crate::secrets::reference::Reference;
use crate::secrets::secret_file::Readable;
use crate::secrets::secret_text::SecretText;
use ib_proc::Deadline;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One login, without `Debug`; wiped on drop, as all memory of a tool is.
#[derive(Deserialize, Serialize)]
pub struct Login {
    /// What logs in; IBKR's are lower case.
    pub username: String,
    /// Its password.
    pub password: SecretText,
    /// The seed of the authenticator app, in base32; `None` when the login has none.
    #[serde(default)]
    pub totp_seed: Option<SecretText>,
    /// `None` when the record does not say.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The device to choose when the page offers several.
    #[serde(default)]
    pub second_factor: Option<String>,
    /// The value for `2ndFactor` in jts.ini; `None` when it needs none.
    #[serde(default)]
    pub jts_second_factor: Option<SecretText>,
}

/// Which tool wrote the line, and why it failed if it is an error.
#[derive(Deserialize)]
struct Tag {
    schema: Option<String>,
    tool: Option<String>,
    message: Option<String>,
}

const SCHEMA: &str = "ibgw-secret/1";

impl Login {
    /// Where the record is: `-`, a reference, or a bare path.
    ///
    /// # Errors
    /// When it looks like a record, which no error may repeat; as [`Reference::or_path`] otherwise.
    pub fn source(text: &str) -> std::result::Result<Reference, String> {
        if !Reference::is_one(text) && text.contains(['{', '\n']) {
            return Err("it takes a file that holds a record, not a record".to_owned());
        }
        Reference::or_path(text)
    }

    /// Reads the record.
    ///
    /// # Errors
    /// `Config` when it is not one, with the cause that the tool before printed; as [`Reference::read`] otherwise.
    pub fn read(source: &Reference, deadline: Deadline) -> Result<Self> {
        let line = source.read_as_it_is("the login record", Readable::Warned, deadline)?;
        parse(&line).map_err(|cause| {
            Error::new(
                Exit::Config,
                format!("the login record from {source}: {cause}"),
            )
        })
    }

    /// Reads and drops a record that is not needed: the program that pipes it in would fail otherwise.
    pub fn drain(source: &Reference, deadline: Deadline) {
        use std::io::IsTerminal;
        if *source == Reference::Stdin && !std::io::stdin().is_terminal() {
            // Whatever it is, or if it never comes: the session is ready.
            let patience = deadline.or_after(Duration::from_secs(30));
            let _ = source.read_as_it_is("the login record", Readable::Warned, patience);
        }
    }
}

fn parse(line: &Secret) -> std::result::Result<Login, String> {
    if line.expose().trim_ascii().is_empty() {
        return Err("it is empty (did ibgw-secret fail? pipe its line into this tool)".to_owned());
    }
    let place = |error: serde_json::Error| {
        format!(
            "it is not a record of {SCHEMA}: {}",
            Unreadable::from(error)
        )
    };
    let tag: Tag = serde_json::from_slice(line.expose()).map_err(place)?;
    match tag.schema.as_deref() {
        Some(SCHEMA) => serde_json::from_slice(line.expose())
            .map_err(place)
            .and_then(complete),
        Some("ib-error/1") => {
            let tool = tag.tool.as_deref().unwrap_or("the tool before");
            let message = tag.message.unwrap_or_default();
            Err(format!("{tool} failed: {message}"))
        }
        Some(other) => Err(another_schema(other, SCHEMA)),
        None => Err(format!("it has no schema (it must be {SCHEMA})")),
    }
}

fn complete(login: Login) -> std::result::Result<Login, String> {
    let username = login.username.as_str();
    let password = login.password.expose();
    for (name, value, problem) in [
        ("username", username, username_problem(username)),
        ("password", password, password_problem(password)),
    ] {
        if value.is_empty() {
            return Err(format!("it has no {name}"));
        }
        if let Some(problem) = problem {
            return Err(format!("its {name} {problem}"));
        }
    }
    Ok(login)
}

/// Why a value cannot be typed as a password, as the rest of a sentence; `None` when it can.
///
/// An end of line would send the form, and a driver reads the private characters from U+E000 on as keys:
/// <https://www.w3.org/TR/webdriver2/#keyboard-actions>.
#[must_use]
pub fn password_problem(value: &str) -> Option<&'static str> {
    let is_no_key = |c: char| c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c);
    value
        .contains(is_no_key)
        .then_some("has a character that no keyboard types (an end of line?)")
}

/// The same for a username.
#[must_use]
pub fn username_problem(value: &str) -> Option<&'static str> {
    let is_trimmed = value.trim().len() == value.len();
    // Quotes come from files whose usual reader removes them.
    let is_quoted = value.starts_with(QUOTES) || value.ends_with(QUOTES);
    password_problem(value)
        .or((!is_trimmed).then_some("begins or ends with a blank"))
        .or(is_quoted.then_some("begins or ends with a quote (take it away: it would be sent)"))
}

/// Quotes, and those that word processors put in their place.
const QUOTES: [char; 9] = [
    '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{201a}',
];

/// Whether quotes are around a value.
#[must_use]
pub fn is_in_quotes(value: &str) -> bool {
    value.chars().count() > 1 && value.starts_with(QUOTES) && value.ends_with(QUOTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> std::result::Result<Login, String> {
        parse(&Secret::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn reads_what_ibgw_secret_prints() {
        let line = r#"{"schema":"ibgw-secret/1","username":"u","password":"p","totp_seed":null,"mode":"live",
            "second_factor":null,"jts_second_factor":null,"later":1}"#;
        let login = parsed(line).unwrap_or_else(|cause| panic!("{cause}"));
        assert_eq!(
            (login.username.as_str(), login.mode),
            ("u", Some(Mode::Live))
        );
    }

    #[test]
    fn passes_the_cause_on_when_the_tool_before_failed() {
        let line = r#"{"schema":"ib-error/1","tool":"ibgw-secret","message":"reading the password: no such file"}"#;
        let cause = parsed(line).err().unwrap_or_default();
        assert_eq!(
            cause,
            "ibgw-secret failed: reading the password: no such file"
        );
    }

    #[test]
    fn never_quotes_a_record_it_cannot_read() {
        for line in [
            r#"{"schema":"ibgw-secret/1","username":"u","password":hunter2"#,
            r#""hunter2""#,
            "hunter2",
        ] {
            let cause = parsed(line).err().unwrap_or_default();
            assert!(!cause.is_empty() && !cause.contains("hunter2"), "{cause}");
        }
    }
}
