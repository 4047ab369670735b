//! What IB Gateway does otherwise, and what its clients have said.

use crate::hex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What IB Gateway does otherwise.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TwsMoods {
    /// The newest version of the API that it speaks.
    pub server_version: i64,
    /// It speaks that one, even to a client that cannot.
    pub ignores_range: bool,
    /// The accounts that the login manages.
    pub accounts: Vec<String>,
    /// The next valid id; not given when `None`, as by one that is not logged in.
    pub next_id: Option<i64>,
    /// The notices that each client gets as it begins.
    pub notices: Vec<TwsNotice>,
    /// The notices that each client gets after the time.
    pub later: Vec<TwsNotice>,
    /// How many more clients get the answer that their id is taken.
    pub taken_ids: u32,
    /// Messages about other things come between those that are awaited.
    pub chatter: bool,
    /// How messages are put on the wire.
    pub segments: Segments,
    /// What it does in place of one answer.
    pub lie: Option<TwsLie>,
}

/// A notice.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TwsNotice {
    pub code: i32,
    pub text: String,
    /// How long IB Gateway waits before it.
    #[serde(default)]
    pub after_ms: u64,
}

/// How messages are put on the wire.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Segments {
    /// All messages of an answer together.
    #[default]
    Joined,
    /// Each for itself.
    Separate,
    /// Each byte for itself.
    Bytes,
}

/// What is done in place of one answer.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TwsLie {
    pub at: TwsStep,
    pub how: TwsMisbehaviour,
}

/// What is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TwsStep {
    /// The connection, before anything was said.
    Accept,
    Handshake,
    StartApi,
    Time,
}

/// What is done in place of an answer.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TwsMisbehaviour {
    /// Nothing; the connection stays open.
    Silence,
    Close,
    Reset,
    /// The beginning of a long message, one byte at a time, for ever.
    Drip,
    /// The first half of the answer's first message, then the connection is closed.
    Half,
    /// The answer, then the connection is closed.
    AnswerAndClose,
    /// These bytes, in hexadecimal digits; then nothing.
    Bytes(String),
}

/// What one client has said.
pub(crate) struct Conversation {
    pub said: Vec<u8>,
    pub messages: Vec<Vec<String>>,
    pub client_id: Option<String>,
    pub open: bool,
}

impl Conversation {
    /// One that has just begun.
    pub(crate) fn new() -> Self {
        Self {
            said: Vec::new(),
            messages: Vec::new(),
            client_id: None,
            open: true,
        }
    }

    /// As `GET /state` gives it.
    pub(crate) fn report(&self) -> Value {
        json!({
            "said": hex::encode(&self.said),
            "messages": self.messages,
            "client_id": self.client_id,
            "open": self.open,
        })
    }
}

impl Default for TwsMoods {
    fn default() -> Self {
        // What a healthy IB Gateway sends (manhinhang/ib-gateway-docker#65).
        let notices = [
            (2104, "Market data farm connection is OK:usfarm"),
            (2106, "HMDS data farm connection is OK:ushmds"),
            (2158, "Sec-def data farm connection is OK:secdefnj"),
        ];
        Self {
            server_version: 178,
            ignores_range: false,
            accounts: vec!["DU1234567".to_owned()],
            next_id: Some(1),
            notices: notices
                .map(|(code, text)| TwsNotice {
                    code,
                    text: text.to_owned(),
                    after_ms: 0,
                })
                .to_vec(),
            later: Vec::new(),
            taken_ids: 0,
            chatter: false,
            segments: Segments::Joined,
            lie: None,
        }
    }
}
