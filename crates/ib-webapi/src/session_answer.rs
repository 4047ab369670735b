//! What an answer about the session means: a pure function of what came back.

use crate::client::Answered;
use crate::expires::Expires;
use crate::flags::Flags;
use crate::session::{Session, SessionState};
use crate::time_headers::retry_after;
use serde_json::{Map, Value};
use std::time::SystemTime;

/// The endpoint that answered: each has the flags in its own place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `tickle`: below `iserver.authStatus`.
    Tickle,
    /// `iserver/auth/status`: at the top.
    Status,
    /// `iserver/auth/ssodh/init`: at the top, or only a promise that they will come.
    Open,
}

/// Reads an answer about the session; `asking` begins its cause.
pub(crate) fn session(
    endpoint: Endpoint,
    asking: &str,
    answer: &Answered,
    now: SystemTime,
) -> Session {
    let json = json(&answer.body);
    let (state, why) = match (answer.status, &json) {
        (200, Some(object)) => return of_object(endpoint, asking, object, now),
        (200, None) => (
            SessionState::Unknown,
            "200 with a body that is no JSON object".to_owned(),
        ),
        (401, _) => (
            SessionState::NoSession,
            "401: there is no session (log in: ibgw-secret --dir DIR | ibgw-login)".to_owned(),
        ),
        // After a logout, or of a login that is spent: Voyz/ibeam#174, Voyz/ibind#134. No tickle is known to answer so.
        (410, _) if endpoint != Endpoint::Tickle => (
            SessionState::NoSession,
            "410: the session is gone (log in: ibgw-secret --dir DIR | ibgw-login)".to_owned(),
        ),
        // Voyz/ibind#104, Voyz/ibeam#140: the read-only session is there, and no brokerage session behind it.
        (400, Some(object)) if endpoint != Endpoint::Tickle && is_without_bridge(object) => (
            SessionState::NotAuthenticated,
            "400: there is no brokerage session".to_owned(),
        ),
        (404, _) if is_access_denied(answer) => (SessionState::AccessDenied, DENIED.to_owned()),
        (status @ (429 | 500..=599), _) => {
            (SessionState::Unavailable, format!("IBKR answers {status}"))
        }
        (403, _) => (
            SessionState::Unknown,
            "403: the request is refused, by IBKR or by its edge (Akamai)".to_owned(),
        ),
        (status @ 300..=399, _) => (
            SessionState::Unknown,
            format!("{status}: a redirect, which is not followed"),
        ),
        (status, _) => (
            SessionState::Unknown,
            format!("the unknown answer {status}"),
        ),
    };
    let message = json.as_ref().and_then(message);
    let said = message.as_ref().map(|text| format!(": {text}"));
    let mut session = Session::new(
        state,
        format!("{asking}: {why}{}", said.unwrap_or_default()),
    );
    session.message = message;
    if state == SessionState::Unavailable {
        session.retry_after = answer
            .retry_after
            .as_deref()
            .and_then(|header| retry_after(header, now));
    }
    session
}

/// Whether an error says that the brokerage session is missing, and nothing else.
fn is_without_bridge(object: &Map<String, Value>) -> bool {
    let error = text(object, "error").unwrap_or_default().to_lowercase();
    ["no bridge", "init session first"]
        .iter()
        .any(|words| error.contains(words))
}

/// What to do about the Gateway's own address filter.
pub(crate) const DENIED: &str =
    "404 Access Denied: the Gateway refuses our address (add it to ips.allow in its conf.yaml)";

/// Whether the Gateway's own address filter answered: 404, not 403, seen with build a27ed42.
pub(crate) fn is_access_denied(answer: &Answered) -> bool {
    answer.status == 404 && answer.body.trim_ascii() == b"Access Denied"
}

/// The body as an object, if it is one.
pub(crate) fn json(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Whether an object is the Gateway's 200 for "401", with or without white space (Voyz/ibeam#2).
pub(crate) fn says_no_session(object: &Map<String, Value>) -> bool {
    text(object, "error").is_some_and(|error| error.eq_ignore_ascii_case("no session"))
}

/// A member's text: not empty, at most 120 characters, none of them a control character.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    let clean: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(120)
        .collect();
    Some(clean.trim().to_owned()).filter(|clean| !clean.is_empty())
}

fn message(object: &Map<String, Value>) -> Option<String> {
    text(object, "error").or_else(|| text(object, "message"))
}

fn of_object(
    endpoint: Endpoint,
    asking: &str,
    object: &Map<String, Value>,
    now: SystemTime,
) -> Session {
    let of = |state, why: &str| Session::new(state, format!("{asking}: {why}"));
    let mut session = if says_no_session(object) {
        of(
            SessionState::NoSession,
            "there is no session (log in: ibgw-secret --dir DIR | ibgw-login)",
        )
    } else if let Some(error) = object.get("error").filter(|error| is_something(error)) {
        let quoted = text(object, "error").unwrap_or_else(|| kind(error).to_owned());
        of(
            SessionState::Unknown,
            &format!("200 with the error: {quoted}"),
        )
    } else {
        match flags(endpoint, object) {
            FlagsPlace::At(status) => of_flags(asking, status),
            FlagsPlace::Opening => of(
                SessionState::NotEstablished,
                "the brokerage session is being opened",
            ),
            FlagsPlace::SessionAlone => of(
                SessionState::NotAuthenticated,
                "there is a session, and nothing about its brokerage part",
            ),
            FlagsPlace::Nowhere => of(
                SessionState::Unknown,
                "200 with JSON that says nothing about the session",
            ),
        }
    };
    if session.message.is_none() {
        session.message = message(object);
    }
    session.expires = Expires::of_gateway(object, "ssoExpires", now);
    session
}

/// Where an answer has its flags.
pub(crate) enum FlagsPlace<'a> {
    At(&'a Map<String, Value>),
    /// `ssodh/init` has begun what ends later.
    Opening,
    /// A tickle that knows the read-only session and nothing else.
    SessionAlone,
    Nowhere,
}

pub(crate) fn flags(endpoint: Endpoint, object: &Map<String, Value>) -> FlagsPlace<'_> {
    let is_there = |name| object.get(name).is_some_and(is_something);
    match endpoint {
        Endpoint::Tickle => {
            let server = object.get("iserver").filter(|server| is_something(server));
            match server.map(|server| server.get("authStatus")) {
                Some(Some(Value::Object(status))) => FlagsPlace::At(status),
                Some(Some(Value::Null) | None) | None
                    if is_there("session") || is_there("ssoExpires") =>
                {
                    FlagsPlace::SessionAlone
                }
                _ => FlagsPlace::Nowhere,
            }
        }
        Endpoint::Open if object.get("wait") == Some(&Value::Bool(true)) => FlagsPlace::Opening,
        Endpoint::Status | Endpoint::Open if object.contains_key("authenticated") => {
            FlagsPlace::At(object)
        }
        Endpoint::Status | Endpoint::Open => FlagsPlace::Nowhere,
    }
}

fn of_flags(asking: &str, status: &Map<String, Value>) -> Session {
    let (state, why, read) = match Flags::read(status) {
        Ok(flags) => {
            let server = server(status);
            let (state, why) = flags.state(server.is_some());
            (state, why.to_owned(), Some((flags, server)))
        }
        Err(name) => (
            SessionState::Unknown,
            format!("the flag {name} is neither true nor false"),
            None,
        ),
    };
    let mut session = Session::new(state, format!("{asking}: {why}"));
    session.message = message(status);
    if let Some((flags, server)) = read {
        session.authenticated = flags.authenticated;
        session.connected = flags.connected;
        session.established = flags.established;
        session.competing = flags.competing;
        session.server = server;
    }
    session
}

fn server(status: &Map<String, Value>) -> Option<String> {
    text(status.get("serverInfo")?.as_object()?, "serverName")
}

/// Whether a member says anything at all: IBKR sends empty ones along.
pub(crate) fn is_something(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
}

/// What a member is that is no text.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "no text",
    }
}

#[cfg(test)]
mod tests;
