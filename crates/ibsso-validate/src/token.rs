//! The token, alone or in the line that `ibsso-token` prints.

use ib_cli::{
    Error, Exit, Readable, Reference, Result, Secret, SecretText, Unreadable, another_schema,
};
use ib_proc::Deadline;
use serde::Deserialize;

/// The token, and the address that came with it.
pub(crate) struct GivenToken {
    pub(crate) token: Secret,
    /// The address it was issued for; `None` when only the token was given.
    pub(crate) ip: Option<String>,
}

/// The keys of the line that this tool uses.
#[derive(Deserialize)]
struct TokenLine {
    state: Option<String>,
    access_token: Option<SecretText>,
    token_type: Option<String>,
    ip: Option<String>,
}

/// Which tool wrote the line, and its error if it failed.
#[derive(Deserialize)]
struct Tag {
    schema: Option<String>,
    tool: Option<String>,
    message: Option<String>,
}

const SCHEMA: &str = "ibsso-token/1";

/// Reads the token.
///
/// # Errors
/// `Config` when there is no token, with the cause that the tool before gave; as [`Reference::read`] otherwise.
pub(crate) fn read(source: &Reference, deadline: Deadline) -> Result<GivenToken> {
    let given = source.read_as_it_is("the token", Readable::Warned, deadline)?;
    parse(given)
        .map_err(|cause| Error::new(Exit::Config, format!("the token from {source}: {cause}")))
}

fn parse(given: Secret) -> std::result::Result<GivenToken, String> {
    let text = given.expose().trim_ascii();
    if text.is_empty() {
        return Err("it is empty (did ibsso-token fail? pipe its line into this tool)".to_owned());
    }
    if text.starts_with(b"{") {
        return of_line(text);
    }
    Ok(GivenToken {
        token: given.without_newline(),
        ip: None,
    })
}

fn of_line(line: &[u8]) -> std::result::Result<GivenToken, String> {
    let place = |error: serde_json::Error| {
        let reason = Unreadable::from(error);
        format!("it is not a record of {SCHEMA}: {reason} (is it one line of ibsso-token?)")
    };
    let tag: Tag = serde_json::from_slice(line).map_err(place)?;
    match tag.schema.as_deref() {
        Some(SCHEMA) => {}
        Some("ib-error/1") => {
            let tool = tag.tool.as_deref().unwrap_or("the tool before");
            return Err(format!(
                "{tool} failed: {}",
                tag.message.unwrap_or_default()
            ));
        }
        Some(other) => return Err(another_schema(other, SCHEMA)),
        None => return Err(format!("it has no schema (it must be {SCHEMA})")),
    }
    let record: TokenLine = serde_json::from_slice(line).map_err(place)?;
    let Some(token) = record.access_token else {
        let states = ["refused", "unavailable", "down", "timed_out"];
        let state = states
            .into_iter()
            .find(|state| record.state.as_deref() == Some(*state))
            .unwrap_or("not known");
        return Err(format!(
            "the record has no access_token (ibsso-token's state is {state})"
        ));
    };
    match record.token_type.as_deref() {
        None => {}
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
        Some(_) => return Err("its token_type is not Bearer".to_owned()),
    }
    Ok(GivenToken {
        token: Secret::new(token.expose().into()),
        ip: record.ip,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> std::result::Result<(Vec<u8>, Option<String>), String> {
        parse(Secret::new(text.as_bytes().to_vec()))
            .map(|given| (given.token.expose().to_vec(), given.ip))
    }

    #[test]
    fn takes_the_line_of_ibsso_token_or_the_token_alone() {
        let line = r#"{"schema":"ibsso-token/1","state":"issued","access_token":"eyJ0","token_type":"bearer",
            "username":"u","ip":"203.0.113.7","issued_at":null,"expires_at":null,"clock_skew_seconds":0.1,"warnings":[]}"#;
        let ip = Some("203.0.113.7".to_owned());
        assert_eq!(parsed(line), Ok((b"eyJ0".to_vec(), ip)));
        assert_eq!(parsed("eyJ0\n"), Ok((b"eyJ0".to_vec(), None)));
    }

    #[test]
    fn passes_the_cause_on_when_there_is_no_token() {
        for (text, cause) in [
            (
                r#"{"schema":"ib-error/1","tool":"ibsso-token","message":"reading the key: no such file"}"#,
                "ibsso-token failed: reading the key: no such file",
            ),
            (
                r#"{"schema":"ibsso-token/1","state":"refused","access_token":null}"#,
                "the record has no access_token (ibsso-token's state is refused)",
            ),
            (
                r#"{"schema":"ibgw-secret/1","username":"u"}"#,
                "it is ibgw-secret/1, not ibsso-token/1",
            ),
            (
                r#"{"schema":"ibsso-token/1","access_token":"eyJ0","token_type":"MAC"}"#,
                "its token_type is not Bearer",
            ),
            (
                r#"{"access_token":"eyJ0"}"#,
                "it has no schema (it must be ibsso-token/1)",
            ),
        ] {
            assert_eq!(parsed(text), Err(cause.to_owned()), "{text}");
        }
    }

    #[test]
    fn never_quotes_what_it_cannot_read() {
        for text in [
            "",
            " \n",
            r#"{"schema":"ibsso-token/1","access_token":hunter2"#,
            r#"{"schema":"ibsso-token/1","access_token":["hunter2"]}"#,
            "{hunter2}",
        ] {
            let cause = parsed(text).err().unwrap_or_default();
            assert!(!cause.is_empty() && !cause.contains("hunter2"), "{cause}");
        }
    }
}
