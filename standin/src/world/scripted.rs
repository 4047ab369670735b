//! One answer that a test has written beforehand, or one of the ways not to answer.

use crate::http::{HttpReply, HttpRequest, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

/// The part of the stand-in that a request was made to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StandinPart {
    /// The gateway front: what its client sees.
    #[default]
    Gateway,
    /// IBKR: what the gateway front sees.
    Upstream,
    /// The host that gives out DAM SSO tokens.
    Token,
    /// The Web API host, which takes them.
    Api,
}

/// How a scripted answer is given.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AnswerMode {
    /// As an answer.
    #[default]
    Answer,
    /// Not at all.
    Hang,
    /// One byte at a time, for ever.
    Drip,
    /// As bytes that are no HTTP.
    Garbage,
    /// By closing.
    Close,
    /// By a TCP reset.
    Reset,
    /// Less of it than announced.
    Half,
}

/// One scripted answer.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scripted {
    #[serde(default)]
    part: StandinPart,
    method: Option<String>,
    path: String,
    /// The `ACTION` of its form, where a path has several steps of a login.
    action: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Value,
    /// How many times the body is sent, one behind the other.
    body_repeat: Option<usize>,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default = "drip_ms")]
    drip_ms: u64,
    #[serde(default)]
    mode: AnswerMode,
    pub(super) times: Option<u32>,
}

fn drip_ms() -> u64 {
    200
}

impl Scripted {
    /// Whether it is meant for a request.
    pub(crate) fn fits(&self, part: StandinPart, request: &HttpRequest) -> bool {
        let method = self.method.as_ref();
        self.part == part
            && self.path == request.path()
            && method.is_none_or(|method| *method == request.method)
            && (self.action.is_none() || self.action == request.field("ACTION"))
    }

    /// Waits as scripted; then the reply, or `None` when only the delay was asked for and the
    /// true answer follows.
    pub(crate) fn play(&self) -> Option<HttpReply> {
        thread::sleep(Duration::from_millis(self.delay_ms));
        Some(match self.mode {
            AnswerMode::Answer if self.status.is_none() && self.body.is_null() => return None,
            AnswerMode::Answer => HttpReply::Answer(self.response()),
            AnswerMode::Hang => HttpReply::Hang,
            AnswerMode::Drip => {
                HttpReply::Drip(self.response(), Duration::from_millis(self.drip_ms))
            }
            AnswerMode::Garbage => HttpReply::Garbage,
            AnswerMode::Close => HttpReply::Close,
            AnswerMode::Reset => HttpReply::Reset,
            AnswerMode::Half => HttpReply::Half(self.response()),
        })
    }

    fn response(&self) -> Response {
        let body = match &self.body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        let body = body.repeat(self.body_repeat.unwrap_or(1));
        let json = serde_json::from_str::<Value>(&body)
            .is_ok_and(|body| body.is_object() || body.is_array());
        let mut response = Response::bare(self.status.unwrap_or(200), body);
        for (name, value) in &self.headers {
            response.headers.push(name, value);
        }
        if json && response.headers.get("content-type").is_none() {
            response
                .headers
                .push("Content-Type", "application/json;charset=UTF-8");
        }
        response.chunked =
            self.part == StandinPart::Gateway && response.headers.get("content-length").is_none();
        response.headers.remove("content-length");
        response
    }
}
