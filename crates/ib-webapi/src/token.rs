//! A token, as the body of an answer has it.

use crate::client::Bearer;
use ib_cli::Secret;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A token.
pub struct Token {
    /// What every further request carries: visible ASCII alone.
    pub access_token: Secret,
    /// `Bearer`, as IBKR writes it.
    pub token_type: String,
    /// IBKR's whole answer, without white space between its parts.
    pub upstream: Secret,
}

/// What a body holds, whatever the status.
pub(crate) enum Body {
    Token(Token),
    /// `RESULT` is false.
    Refusal,
    /// It is JSON and neither; the words say what.
    Other(&'static str),
    /// It is no JSON object.
    NoJson,
}

impl Body {
    pub(crate) fn read(body: &[u8]) -> Self {
        match read(body) {
            Ok(body) => body,
            Err(why) => Self::Other(why),
        }
    }
}

fn read(body: &[u8]) -> Result<Body, &'static str> {
    let Ok(object) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(body) else {
        return Ok(Body::NoJson);
    };
    let text =
        |name: &str| -> Option<String> { serde_json::from_str(object.get(name)?.get()).ok() };
    match object.get("RESULT").map(|result| result.get()) {
        Some("true") => {}
        Some("false") => return Ok(Body::Refusal),
        _ => return Err("JSON in which RESULT is not true"),
    }
    let token = text("ACCESS_TOKEN").filter(|token| !token.is_empty());
    let token = token.ok_or("JSON that has no ACCESS_TOKEN")?;
    let token = Secret::new(token.into_bytes());
    // Written into a header, it must not add a second one.
    if Bearer::of(&token).is_none() {
        return Err("an ACCESS_TOKEN that no header can carry");
    }
    let token_type = text("TOKEN_TYPE").filter(|word| word.eq_ignore_ascii_case("bearer"));
    let token_type = token_type.ok_or("JSON in which TOKEN_TYPE is not Bearer")?;
    Ok(Body::Token(Token {
        access_token: token,
        token_type,
        upstream: on_one_line(body),
    }))
}

/// The same JSON without the white space between its parts.
fn on_one_line(json: &[u8]) -> Secret {
    let mut line = Vec::with_capacity(json.len());
    let (mut is_inside, mut is_escaped) = (false, false);
    for &byte in json {
        if is_inside || !byte.is_ascii_whitespace() {
            line.push(byte);
        }
        if byte == b'"' && !is_escaped {
            is_inside = !is_inside;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    Secret::new(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_an_answer_on_one_line_and_changes_nothing_else() {
        let json = b"{\r\n \"A\" : \"x \\\" \\\\\" ,\n\t\"B\": [1.0, 2e3 ]}\n";
        let line = on_one_line(json);
        assert_eq!(line.expose(), br#"{"A":"x \" \\","B":[1.0,2e3]}"#);
    }
}
