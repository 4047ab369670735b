//! What `sso/validate` says of a token.

use crate::expires::Expires;
use crate::reply::Reply;
use crate::session_answer::text;
use crate::token_outcome::{Denial, SsoState, TokenOutcome};
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What kind of username a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginType {
    /// A live username, IBKR's 1.
    Live,
    /// A paper username, IBKR's 2.
    Paper,
}

/// What `sso/validate` says of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenValidation {
    /// `Valid`, `Invalid`, or why neither could be found out.
    pub outcome: TokenOutcome,
    /// What is known of a token that is valid; `None` for any other.
    pub about: Option<TokenHolder>,
}

/// What IBKR says of a token that is valid; `None` is what it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    /// What logs in.
    pub username: Option<String>,
    /// The paper username that goes with it; IBKR may leave it out.
    pub paper_username: Option<String>,
    /// IBKR's number of the username.
    pub user_id: Option<u64>,
    /// Whether it is the master's own.
    pub is_master: Option<bool>,
    /// Live or paper.
    pub login_type: Option<LoginType>,
    /// When the read-only session was authenticated.
    pub authenticated_at: Option<SystemTime>,
    /// When it ends without another call.
    pub expires: Expires,
    /// The address that the token is bound to.
    pub ip: Option<String>,
    /// `PROD`, and whatever else IBKR has.
    pub environment: Option<String>,
}

impl TokenValidation {
    /// Reads an answer that came at `at`; `asking` begins its cause.
    #[must_use]
    pub fn read(asking: &str, reply: &Reply, at: SystemTime) -> Self {
        let object = reply
            .object
            .as_ref()
            .filter(|_| matches!(reply.status, 200..=299));
        let outcome = match object.map(|object| object.get("RESULT")) {
            Some(Some(Value::Bool(true))) => {
                TokenOutcome::new(SsoState::Valid, format!("{asking}: the token is valid"))
            }
            Some(Some(Value::Bool(false))) => TokenOutcome::denied(
                Denial::ResultFalse,
                format!(
                    "{asking}: RESULT is false{}: the token is not valid (get another with ibsso-token)",
                    reply.said()
                ),
            ),
            Some(_) => TokenOutcome::new(
                SsoState::Unknown,
                format!(
                    "{asking}: {}{} with JSON in which RESULT is neither true nor false",
                    reply.status,
                    reply.said()
                ),
            ),
            None => TokenOutcome::of_status(asking, reply),
        };
        let about = object
            .filter(|_| outcome.state == SsoState::Valid)
            .map(|object| TokenHolder::read(object, at));
        Self { outcome, about }
    }
}

impl TokenHolder {
    /// A token of which IBKR says no more than when its session ends.
    #[must_use]
    pub fn nothing(expires: Expires) -> Self {
        Self {
            username: None,
            paper_username: None,
            user_id: None,
            is_master: None,
            login_type: None,
            authenticated_at: None,
            expires,
            ip: None,
            environment: None,
        }
    }

    fn read(object: &Map<String, Value>, at: SystemTime) -> Self {
        let login_type = ["LOGIN_TYPE", "loginType"]
            .into_iter()
            .find_map(|name| object.get(name)?.as_u64());
        let environment = object
            .get("features")
            .and_then(Value::as_object)
            .and_then(|features| text(features, "env"));
        Self {
            username: text(object, "USER_NAME").or_else(|| text(object, "CREDENTIAL")),
            paper_username: text(object, "PAPER_USER_NAME"),
            user_id: object.get("USER_ID").and_then(Value::as_u64),
            is_master: object.get("IS_MASTER").and_then(Value::as_bool),
            login_type: match login_type {
                Some(1) => Some(LoginType::Live),
                Some(2) => Some(LoginType::Paper),
                _ => None,
            },
            authenticated_at: object
                .get("AUTH_TIME")
                .and_then(Value::as_u64)
                .and_then(calendar_time),
            expires: Expires::read(object, "EXPIRES", at),
            ip: text(object, "IP"),
            environment,
        }
    }
}

/// A moment in milliseconds since 1970, if it is one that a date can be written for.
fn calendar_time(milliseconds: u64) -> Option<SystemTime> {
    // The year 9999 is the last that RFC 3339 has room for.
    let is_a_date = (1..253_402_300_800_000).contains(&milliseconds);
    is_a_date.then(|| UNIX_EPOCH + Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests;
