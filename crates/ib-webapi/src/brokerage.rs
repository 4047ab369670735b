//! What an answer says of a token's brokerage session: a pure function of what came back.

use crate::expires::Expires;
use crate::flags::Flags;
use crate::reply::{Phrase, Reply};
use crate::session::SessionState;
use crate::session_answer::{Endpoint, FlagsPlace, flags, is_something, kind, text};
use crate::token_outcome::{SsoState, TokenOutcome};
use serde_json::{Map, Value};
use std::time::SystemTime;

/// The brokerage session as IBKR describes it; `None` is what it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brokerage {
    /// IBKR's flag.
    pub authenticated: Option<bool>,
    /// IBKR's flag.
    pub connected: Option<bool>,
    /// IBKR's flag; the guide's answers have none.
    pub established: Option<bool>,
    /// IBKR's flag.
    pub competing: Option<bool>,
    /// The name of IBKR's server.
    pub server_name: Option<String>,
    /// Its version.
    pub server_version: Option<String>,
    /// IBKR's words, shortened.
    pub message: Option<String>,
    /// Why it was not opened, in IBKR's words, shortened.
    pub fail: Option<String>,
}

/// How far the opening of a brokerage session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerageProgress {
    /// Authenticated, connected, not competing; and established, or with a server where IBKR does not say.
    Open,
    /// Begun, and not there yet: ask for its status again.
    Pending,
    /// It failed for a passing fault: one more attempt may succeed.
    Transient,
    /// The path does not exist on this host.
    NoSuchPath,
    /// IBKR does not open it.
    Ended,
}

/// What an answer says about the brokerage session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerageAnswer {
    /// Whether the token is usable; `Valid` also while the session is pending, unless IBKR could not say.
    pub outcome: TokenOutcome,
    /// How far it has come.
    pub progress: BrokerageProgress,
    /// What IBKR says of the session; `None` when it says nothing.
    pub brokerage: Option<Brokerage>,
    /// When the read-only session ends, from a tickle.
    pub expires: Expires,
    /// IBKR's number of the username, from a tickle.
    pub user_id: Option<u64>,
}

/// The text that IBKR refuses with when it has not seen `compete`: Voyz/ibeam#73.
const FORCE: &str = "Force compete";

impl Brokerage {
    fn of(flags: &Flags, status: &Map<String, Value>) -> Self {
        let server = status.get("serverInfo").and_then(Value::as_object);
        let of_server = |name| server.and_then(|server| text(server, name));
        Self {
            authenticated: flags.authenticated,
            connected: flags.connected,
            established: flags.established,
            competing: flags.competing,
            server_name: of_server("serverName"),
            server_version: of_server("serverVersion"),
            message: text(status, "message"),
            fail: text(status, "fail"),
        }
    }
}

impl BrokerageAnswer {
    /// Reads an answer to `tickle`, `auth/status` or `ssodh/init`; `asking` begins its cause.
    pub(crate) fn read(endpoint: Endpoint, asking: &str, reply: &Reply, now: SystemTime) -> Self {
        let object = reply
            .object
            .as_ref()
            .filter(|_| matches!(reply.status, 200..=299));
        match object {
            Some(object) => Self::of_object(endpoint, asking, object, now),
            None => Self::of_failure(endpoint, asking, reply),
        }
    }

    /// The answer when no whole reply came.
    pub(crate) fn ended(outcome: TokenOutcome) -> Self {
        Self {
            outcome,
            progress: BrokerageProgress::Ended,
            brokerage: None,
            expires: Expires::Missing,
            user_id: None,
        }
    }

    fn pending(cause: String) -> Self {
        Self {
            progress: BrokerageProgress::Pending,
            ..Self::ended(TokenOutcome::new(SsoState::Valid, cause))
        }
    }

    fn of_object(
        endpoint: Endpoint,
        asking: &str,
        object: &Map<String, Value>,
        now: SystemTime,
    ) -> Self {
        let unknown = |why: &str| {
            let outcome = TokenOutcome::new(SsoState::Unknown, format!("{asking}: 200 with {why}"));
            Self::ended(outcome)
        };
        if let Some(error) = object.get("error").filter(|error| is_something(error)) {
            let words = text(object, "error").unwrap_or_else(|| kind(error).to_owned());
            return unknown(&format!("the error: {words}"));
        }
        let place = match flags(endpoint, object) {
            // An opening that failed may have no flags at all.
            FlagsPlace::Nowhere if endpoint == Endpoint::Open && text(object, "fail").is_some() => {
                FlagsPlace::At(object)
            }
            place => place,
        };
        let mut answer = match place {
            FlagsPlace::At(status) => match Flags::read(status) {
                Ok(flags) => Self::of_flags(endpoint, asking, &flags, status),
                Err(name) => unknown(&format!("a flag {name} that is neither true nor false")),
            },
            FlagsPlace::Opening => {
                Self::pending(format!("{asking}: the brokerage session is being opened"))
            }
            FlagsPlace::SessionAlone if object.get("ssoExpires") == Some(&Value::from(0)) => {
                unknown("a session that has no time left, and nothing else")
            }
            FlagsPlace::SessionAlone => {
                let why =
                    format!("{asking}: the token is valid, and there is no brokerage session");
                Self::pending(why)
            }
            FlagsPlace::Nowhere => unknown("JSON that says nothing about the session"),
        };
        if endpoint == Endpoint::Tickle {
            answer.expires = Expires::read(object, "ssoExpires", now);
            answer.user_id = object.get("userId").and_then(Value::as_u64);
        }
        answer
    }

    fn of_flags(
        endpoint: Endpoint,
        asking: &str,
        flags: &Flags,
        status: &Map<String, Value>,
    ) -> Self {
        let brokerage = Brokerage::of(flags, status);
        let ended =
            |state, why: &str| Self::ended(TokenOutcome::new(state, format!("{asking}: {why}")));
        let (state, why) = flags.state(brokerage.server_name.is_some());
        // At other endpoints it says why an earlier opening failed, or something that is not documented.
        let fail = brokerage
            .fail
            .as_deref()
            .filter(|_| endpoint == Endpoint::Open);
        let answer = match (state, fail) {
            (SessionState::Competing, _) => ended(
                SsoState::Competing,
                "another login holds the brokerage session (end that one, or try again later)",
            ),
            (SessionState::Ready, _) => Self {
                progress: BrokerageProgress::Open,
                ..ended(SsoState::Valid, "the brokerage session is open")
            },
            (_, Some(fail)) => {
                let hint = if fail.starts_with(FORCE) {
                    "compete was sent, and did not arrive: is something between us and IBKR changing requests?"
                } else {
                    "ask IBKR about the username"
                };
                let why = format!("IBKR does not open the brokerage session: {fail} ({hint})");
                ended(SsoState::Refused, &why)
            }
            (SessionState::NotAuthenticated | SessionState::NotEstablished, None) => {
                Self::pending(format!("{asking}: {why}"))
            }
            (
                SessionState::NoSession
                | SessionState::Unavailable
                | SessionState::TimedOut
                | SessionState::Down
                | SessionState::Unknown
                | SessionState::AccessDenied,
                None,
            ) => ended(SsoState::Unknown, why),
        };
        Self {
            brokerage: Some(brokerage),
            ..answer
        }
    }

    fn of_failure(endpoint: Endpoint, asking: &str, reply: &Reply) -> Self {
        let opens = endpoint == Endpoint::Open;
        let status = reply.status;
        match (status, reply.phrase) {
            (404, _) if opens => {
                let why = format!("{asking}: 404: there is no such path on this host");
                Self {
                    progress: BrokerageProgress::NoSuchPath,
                    ..Self::ended(TokenOutcome::new(SsoState::Unknown, why))
                }
            }
            (400, Some(Phrase::BridgeMissing)) if opens => Self::ended(TokenOutcome::new(
                SsoState::Unknown,
                format!(
                    "{asking}: 400, no bridge: IBKR does not connect this token to its brokerage servers (get another token: ibsso-token --username USERNAME --ip ADDRESS --out FILE)"
                ),
            )),
            (400, Some(Phrase::BridgeMissing)) => Self {
                brokerage: Some(Brokerage {
                    authenticated: Some(false),
                    ..Brokerage::default()
                }),
                ..Self::pending(format!(
                    "{asking}: 400, no bridge: there is no brokerage session"
                ))
            },
            (500..=599, Some(Phrase::DhTokenFailed)) if opens => {
                let why = format!(
                    "{asking}: {status}, failed to generate sso dh token: IBKR cannot make a brokerage session for this \
                     username (a new paper username may take a week or two)"
                );
                let outcome =
                    TokenOutcome::new(SsoState::Unavailable, why).after(reply.retry_after());
                Self::ended(TokenOutcome {
                    is_final: true,
                    ..outcome
                })
            }
            (500 | 503, Some(Phrase::BackendAway)) if opens => {
                let why = format!(
                    "{asking}: {status}, can't connect to backend service (try again later)"
                );
                let outcome =
                    TokenOutcome::unavailable(why, reply.retry_after().unwrap_or_default());
                Self {
                    progress: BrokerageProgress::Transient,
                    ..Self::ended(outcome)
                }
            }
            // The session may be coming up all the same, and another opening would compete once more.
            (500..=599, _) if endpoint == Endpoint::Status => Self {
                progress: BrokerageProgress::Pending,
                ..Self::ended(TokenOutcome::of_status(asking, reply))
            },
            _ => Self::ended(TokenOutcome::of_status(asking, reply)),
        }
    }
}

#[cfg(test)]
mod tests;
