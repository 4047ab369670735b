//! Whether the read-only session is valid, and until when.

use crate::client::Answered;
use crate::expires::Expires;
use crate::failure::Failure;
use crate::session::{Session, SessionState};
use crate::session_answer::{DENIED, Endpoint, is_access_denied, json, says_no_session, session};
use serde_json::Value;
use std::time::SystemTime;

/// What `sso/validate` says of the read-only session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    /// Whether it is valid; `None` when that could not be found out.
    pub result: Option<bool>,
    /// When it ends without another call.
    pub expires: Expires,
    /// `Ready` when it is valid, `NoSession` when it is not, else why that could not be found out.
    pub outcome: SessionState,
    /// What was tried, on what, and why the outcome is what it is.
    pub cause: String,
}

impl Validation {
    pub(crate) fn failed(asking: &str, failure: &Failure) -> Self {
        Self::unanswered(Session::failed(asking, failure))
    }

    pub(crate) fn read(asking: &str, answer: &Answered, now: SystemTime) -> Self {
        let object = json(&answer.body).filter(|_| answer.status == 200);
        let no = |why: &str| Self {
            result: Some(false),
            expires: Expires::Missing,
            outcome: SessionState::NoSession,
            cause: format!("{asking}: {why}"),
        };
        match object {
            _ if answer.status == 401 => no("401: there is no session"),
            _ if answer.status == 410 => no("410: the session is gone"),
            _ if is_access_denied(answer) => Self::unanswered(Session::new(
                SessionState::AccessDenied,
                format!("{asking}: {DENIED}"),
            )),
            Some(object) if says_no_session(&object) => no("there is no session"),
            Some(object) => match object.get("RESULT") {
                Some(Value::Bool(true)) => Self {
                    result: Some(true),
                    expires: Expires::of_gateway(&object, "EXPIRES", now),
                    outcome: SessionState::Ready,
                    cause: format!("{asking}: the read-only session is valid"),
                },
                Some(Value::Bool(false)) => no("the read-only session is not valid"),
                _ => Self::unanswered(Session::new(
                    SessionState::Unknown,
                    format!("{asking}: 200 with JSON in which RESULT is neither true nor false"),
                )),
            },
            None => Self::unanswered(session(Endpoint::Status, asking, answer, now)),
        }
    }

    fn unanswered(session: Session) -> Self {
        Self {
            result: None,
            expires: Expires::Missing,
            outcome: session.state,
            cause: session.cause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    const NOW: u64 = 1_666_710_000;

    fn answered(status: u16, body: &str) -> Validation {
        let answer = Answered {
            status,
            location: None,
            retry_after: None,
            date: None,
            body: body.as_bytes().to_vec(),
        };
        Validation::read("asking", &answer, UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn tells_valid_from_not_valid_from_not_known() {
        for (status, body, result, outcome) in [
            (200, r#"{"RESULT":true}"#, Some(true), SessionState::Ready),
            (
                200,
                r#"{"RESULT":false}"#,
                Some(false),
                SessionState::NoSession,
            ),
            (
                200,
                r#"{"error": "no session"}"#,
                Some(false),
                SessionState::NoSession,
            ),
            (401, "", Some(false), SessionState::NoSession),
            (410, "", Some(false), SessionState::NoSession),
            (200, r#"{"RESULT":"true"}"#, None, SessionState::Unknown),
            (200, "{}", None, SessionState::Unknown),
            (200, "<html>", None, SessionState::Unknown),
            (302, "", None, SessionState::Unknown),
            (403, "", None, SessionState::Unknown),
            (404, "Access Denied", None, SessionState::AccessDenied),
            (503, r#"{"RESULT":true}"#, None, SessionState::Unavailable),
        ] {
            let validation = answered(status, body);
            let found = (validation.result, validation.outcome);
            assert_eq!(found, (result, outcome), "{status} {body}");
        }
    }

    #[test]
    fn reads_both_clocks_that_ibkr_sends() {
        let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
        for (expires, expected) in [
            ("415000", at(NOW + 415)),
            ("0", at(NOW)),
            ("1666711150000", at(1_666_711_150)),
            ("-5", None),
            ("\"415000\"", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"RESULT":true,"EXPIRES":{expires}}}"#);
            assert_eq!(answered(200, &body).expires.at(), expected, "{expires}");
        }
    }
}
