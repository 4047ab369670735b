//! An answer of the Web API, with nothing in it that must not be seen.

use crate::client::Answered;
use crate::clock::skew;
use crate::expires;
use crate::pacing::LONGEST_WAIT;
use crate::redact::{remove_names, remove_texts};
use crate::retry_after::retry_after;
use crate::session_answer::text;
use ib_cli::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::{Duration, SystemTime};

/// An answer without the token, and without any text that repeats it.
///
/// It can be stored, and read again later for what it means.
#[derive(Serialize, Deserialize)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after_seconds: Option<u64>,
    /// Whether the answer has another token than the one sent; `None` when it has none.
    pub(crate) token_changed: Option<bool>,
    /// `None` when it is no JSON object.
    pub(crate) object: Option<Map<String, Value>>,
    #[serde(skip)]
    pub(crate) phrase: Option<Phrase>,
    /// How far our clock is ahead of the server's, in seconds.
    #[serde(skip)]
    clock_skew: Option<i64>,
    #[serde(skip)]
    whole: Option<Secret>,
}

/// A text by which IBKR says why, wherever in the body it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// There is no brokerage session: Voyz/ibind#44, #104.
    BridgeMissing,
    /// The brokerage session cannot be made: Voyz/ibind#152.
    DhTokenFailed,
    /// A moment's trouble behind `ssodh/init`.
    BackendAway,
}

const PHRASES: [(&str, Phrase); 3] = [
    ("no bridge", Phrase::BridgeMissing),
    ("failed to generate sso dh token", Phrase::DhTokenFailed),
    ("can't connect to backend service", Phrase::BackendAway),
];

/// The most that is stored of one answer; the guide's example has 600 bytes.
const STORED: usize = 16 << 10;

/// The fewest bytes that a token is taken to have: the header of a JWT alone has more.
const TOKEN: usize = 16;

/// The members that mean something to us.
const MEANT: [&str; 12] = [
    "RESULT",
    "EXPIRES",
    "AUTH_TIME",
    "LOGIN_TYPE",
    "loginType",
    "USER_NAME",
    "CREDENTIAL",
    "PAPER_USER_NAME",
    "USER_ID",
    "IS_MASTER",
    "IP",
    "features",
];

impl Reply {
    pub(crate) fn of(answer: Answered, token: &Secret, now: SystemTime) -> Self {
        let body = answer.body;
        let mut object: Option<Map<String, Value>> = serde_json::from_slice(&body).ok();
        let received = object
            .as_mut()
            .and_then(|object| object.remove("TOKEN"))
            .and_then(|value| match value {
                Value::String(text) if !text.is_empty() => Some(Secret::new(text.into_bytes())),
                _ => None,
            });
        let token_changed = received
            .as_ref()
            .map(|received| received.expose() != token.expose());
        // A text this short is no token, and could be a part of any word.
        let long = received.as_ref().filter(|it| it.expose().len() >= TOKEN);
        let secrets: Vec<&str> = [Some(token), long]
            .into_iter()
            .flatten()
            .filter_map(|secret| std::str::from_utf8(secret.expose()).ok())
            .collect();
        if let Some(object) = &mut object {
            remove_texts(object, &secrets);
        }
        let retry_after = answer
            .retry_after
            .and_then(|header| retry_after(&header, now));
        Self {
            status: answer.status,
            retry_after_seconds: retry_after.map(|wait| wait.as_secs()),
            token_changed,
            phrase: phrase(&body),
            clock_skew: answer.date.and_then(|date| skew(&date, now)),
            whole: object.is_some().then(|| Secret::new(body)),
            object,
        }
    }

    /// Whether there is another token in it than the one sent; `None` when there is none.
    #[must_use]
    pub fn token_changed(&self) -> Option<bool> {
        self.token_changed
    }

    /// How far our clock is ahead of the server's, in seconds; `None` when it does not say.
    #[must_use]
    pub fn clock_skew(&self) -> Option<i64> {
        self.clock_skew
    }

    /// IBKR's own body as it is true after `age`, as JSON on one line, without `TOKEN` and `session`; `None` when it is no
    /// JSON object.
    #[must_use]
    pub fn body(&self, age: Duration) -> Option<Secret> {
        let mut object = self.object.clone()?;
        remove_names(&mut object);
        if let Some(expires) = object.get_mut("EXPIRES") {
            expires::count_down(expires, age);
        }
        Some(Secret::new(serde_json::to_vec(&object).ok()?))
    }

    /// IBKR's own body with everything in it; `None` when it is no JSON object, or was stored in between.
    #[must_use]
    pub fn whole_body(&self) -> Option<Secret> {
        let object: Map<String, Value> =
            serde_json::from_slice(self.whole.as_ref()?.expose()).ok()?;
        serde_json::to_vec(&object).ok().map(Secret::new)
    }

    /// What may be stored of it: no secret, and no more than 16 KiB.
    #[must_use]
    pub fn storable(&self) -> Self {
        let mut object = self.object.clone();
        if let Some(object) = &mut object {
            remove_names(object);
            let size = serde_json::to_vec(object).map_or(usize::MAX, |bytes| bytes.len());
            if size > STORED {
                object.retain(|name, value| {
                    MEANT.contains(&name.as_str())
                        && value.to_string().len() <= STORED / MEANT.len()
                });
            }
        }
        Self {
            status: self.status,
            retry_after_seconds: self.retry_after_seconds,
            token_changed: self.token_changed,
            object,
            phrase: None,
            clock_skew: None,
            whole: None,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let wait = self.retry_after_seconds.map(Duration::from_secs);
        wait.map(|wait| wait.min(LONGEST_WAIT))
    }

    /// IBKR's words, in parentheses, for the middle of a sentence; empty when there are none.
    pub(crate) fn said(&self) -> String {
        let said = self
            .object
            .as_ref()
            .and_then(|object| text(object, "error").or_else(|| text(object, "message")));
        said.map_or_else(String::new, |said| format!(" ({said})"))
    }
}

fn phrase(body: &[u8]) -> Option<Phrase> {
    let text = String::from_utf8_lossy(body).to_lowercase();
    PHRASES
        .into_iter()
        .find(|(words, _)| text.contains(words))
        .map(|(_, phrase)| phrase)
}
