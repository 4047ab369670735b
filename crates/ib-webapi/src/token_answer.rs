//! What the token host answers: a pure function of its answer.
//!
//! The guide documents the success alone; the texts of the failures are those of the sibling services (ibkrguides.com,
//! DAM, "Error Handling").

use crate::client::Answered;
use crate::excerpt::excerpt;
use crate::failure::Failure;
use crate::pacing::PENALTY;
use crate::time_headers::{retry_after, skew};
use crate::token::{Body, Token};
use ib_cli::{Error, Exit};
use reqwest::Url;
use serde::Serialize;
use std::time::{Duration, SystemTime};

/// The state after asking for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// IBKR issued a token.
    Issued,
    /// IBKR refuses the CSID, the key, an address or the username.
    Refused,
    /// IBKR answers 429 or 5xx, or is in maintenance.
    Unavailable,
    /// Nothing listens, or TLS does not work.
    Down,
    /// No whole answer came in time.
    TimedOut,
    /// An answer that the tool does not know.
    Unknown,
}

impl TokenState {
    /// What the caller does next.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Self::Issued => Exit::Done,
            Self::Refused => Exit::Refused,
            Self::Unavailable => Exit::Unavailable,
            Self::Down => Exit::Down,
            Self::TimedOut => Exit::TimedOut,
            Self::Unknown => Exit::Unexpected,
        }
    }
}

/// Whether the same may be asked again within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAdvice {
    /// It was answered, or a repetition cannot help.
    Never,
    /// After a short wait: nothing was sent, or a 502, 503 or 504 came back.
    Backoff,
    /// After a short wait, one time: it was sent without a known answer, and at worst IBKR issued a token that is lost.
    Once,
    /// After this wait, as IBKR asks.
    After(Duration),
}

/// The outcome of asking for a token.
pub struct TokenAnswer {
    /// The state.
    pub state: TokenState,
    /// The token; `None` unless the state is `Issued`.
    pub token: Option<Token>,
    /// How many seconds this machine's clock is ahead of the server's `Date`; `None` when there is none.
    pub clock_skew: Option<i64>,
    /// How long to wait before another run; `None` when that is not known.
    pub retry_after: Option<Duration>,
    /// Whether to ask again within this run.
    pub retry: RetryAdvice,
    /// What was tried, on what, and why the state is what it is: for the sentence of an error.
    pub cause: String,
}

impl TokenAnswer {
    /// The error to put beside a report, or in place of one; `None` when the exit is `Done`.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let exit = self.state.exit();
        (exit != Exit::Done).then(|| Error::new(exit, self.cause.clone()).after(self.retry_after))
    }

    /// Reads an answer; `asking` begins its cause, in which none of `secrets` is repeated.
    pub(crate) fn read(asking: &str, answer: &Answered, secrets: &[&str], now: SystemTime) -> Self {
        let wait = answer
            .retry_after
            .as_deref()
            .and_then(|header| retry_after(header, now));
        let is_success = (200..300).contains(&answer.status);
        let (means, token) = match Body::read(&answer.body) {
            Body::Token(token) if is_success => (Means::ISSUED, Some(token)),
            body => (means(answer, &body, wait), None),
        };
        let said = match excerpt(&answer.body, secrets) {
            Some(said) if token.is_none() => format!(" (it says: {said})"),
            _ => String::new(),
        };
        let Means {
            state,
            retry_after,
            retry,
            why,
        } = means;
        Self {
            state,
            token,
            clock_skew: answer.date.as_deref().and_then(|date| skew(date, now)),
            retry_after,
            retry,
            cause: format!("{asking}: {why}{said}"),
        }
    }

    /// The state when no whole answer came.
    pub(crate) fn failed(asking: &str, failure: &Failure) -> Self {
        let (state, retry, hint) = match failure {
            Failure::Down(_) => (
                TokenState::Down,
                RetryAdvice::Backoff,
                " (is there a way to that host? HTTPS_PROXY names a proxy)",
            ),
            Failure::Tls(_) => (
                TokenState::Down,
                RetryAdvice::Backoff,
                " (is it the token host that listens there?)",
            ),
            Failure::Untrusted(_) => (
                TokenState::Down,
                RetryAdvice::Never,
                " (is it really IBKR's host? --cacert names another authority)",
            ),
            Failure::TimedOut { connected: false } => {
                (TokenState::TimedOut, RetryAdvice::Backoff, "")
            }
            Failure::TimedOut { connected: true } => (TokenState::TimedOut, RetryAdvice::Once, ""),
            Failure::Cut(_) | Failure::Garbled(_) => (
                TokenState::Unknown,
                RetryAdvice::Once,
                " (is it the token host that listens there?)",
            ),
        };
        Self {
            state,
            token: None,
            clock_skew: None,
            retry_after: None,
            retry,
            cause: format!("{asking}: {}{hint}", failure.cause()),
        }
    }
}

/// What an answer means, its token aside.
struct Means {
    state: TokenState,
    retry_after: Option<Duration>,
    retry: RetryAdvice,
    why: String,
}

impl Means {
    const ISSUED: Self = Self {
        state: TokenState::Issued,
        retry_after: None,
        retry: RetryAdvice::Never,
        why: String::new(),
    };

    fn of(state: TokenState, why: impl Into<String>) -> Self {
        let why = why.into();
        Self {
            state,
            why,
            ..Self::ISSUED
        }
    }
}

fn means(answer: &Answered, body: &Body, wait: Option<Duration>) -> Means {
    let text = String::from_utf8_lossy(&answer.body);
    if text.contains("Encryption Error") {
        return Means::of(TokenState::Refused, WRONG_KEY);
    }
    if text.contains("Error While Processing") {
        let why = format!("{}: {MAINTENANCE}", answer.status);
        let means = Means::of(TokenState::Unavailable, why);
        return Means {
            retry_after: wait,
            ..means
        };
    }
    if text.contains("Either CSID is incorrect") {
        let why = format!("{}: {WRONG_CSID_OR_ADDRESS}", answer.status);
        return Means::of(TokenState::Refused, why);
    }
    match (answer.status, body) {
        (429, _) => Means {
            retry_after: wait.or(Some(PENALTY)),
            retry: wait.map_or(RetryAdvice::Never, RetryAdvice::After),
            ..Means::of(TokenState::Unavailable, "429: this host asks too often")
        },
        // Whatever the status, it is an answer.
        (_, Body::Refusal) => Means::of(TokenState::Refused, REFUSED_USERNAME),
        (401, Body::NoJson) => {
            Means::of(TokenState::Refused, format!("401: {WRONG_CSID_OR_ADDRESS}"))
        }
        (403, Body::NoJson) => Means::of(TokenState::Refused, REFUSED_BY_EDGE),
        (status @ (401 | 403), _) => {
            Means::of(TokenState::Refused, format!("{status}: {REFUSED_SOMEHOW}"))
        }
        (status @ 500..=599, _) => Means {
            retry_after: wait,
            retry: match (status, wait) {
                (502..=504, Some(wait)) => RetryAdvice::After(wait),
                (502..=504, None) => RetryAdvice::Backoff,
                _ => RetryAdvice::Never,
            },
            ..Means::of(
                TokenState::Unavailable,
                format!("IBKR answers {status}: {MAINTENANCE}"),
            )
        },
        (400, _) => Means::of(TokenState::Refused, BAD_REQUEST),
        (status @ 300..=399, _) => Means::of(TokenState::Unknown, redirect(status, answer)),
        (status @ 200..=299, Body::NoJson) => Means::of(
            TokenState::Unknown,
            format!("{status} with a body that is no JSON object"),
        ),
        (status @ 200..=299, Body::Other(why)) => {
            Means::of(TokenState::Unknown, format!("{status} with {why}"))
        }
        (status, _) => Means::of(
            TokenState::Unknown,
            format!("the unknown answer {status} (is --token-url right?)"),
        ),
    }
}

const WRONG_KEY: &str = "IBKR cannot use the payload: it was signed with a key other than the one IBKR has of yours, or \
                         sealed to a key that is not IBKR's (compare both fingerprints with dam@ibkr.com)";

const WRONG_CSID_OR_ADDRESS: &str = "either the CSID is wrong, or this host's address is not on the list given to \
                                     dam@ibkr.com (check both: IBKR does not say which)";

const REFUSED_BY_EDGE: &str =
    "403: IBKR's edge refuses this host (do not repeat it: ask dam@ibkr.com)";

const REFUSED_SOMEHOW: &str =
    "IBKR refuses the request (do not repeat it: ask dam@ibkr.com what its words mean)";
const BAD_REQUEST: &str = "400: IBKR does not take the request as it is (is the CSID whole?)";

const REFUSED_USERNAME: &str = "IBKR gives no token for this username at this address (it must be a live username \
                                below yours, or its paper username, and the address the device's public one)";

const MAINTENANCE: &str =
    "the service does not work at the moment (IBKR's releases: Wednesdays 18:30-19:30 in New York)";

/// Names the host that a redirect leads to, and nothing else of where it leads.
fn redirect(status: u16, answer: &Answered) -> String {
    let place = answer.location.as_deref().map(Url::parse);
    let place = match &place {
        Some(Ok(url)) => url.host_str().unwrap_or("no host"),
        Some(Err(_)) => "another path",
        None => "nowhere",
    };
    format!("{status}: a redirect to {place}, which is not followed (is --token-url right?)")
}

#[cfg(test)]
mod tests;
