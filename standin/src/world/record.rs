//! Every request, in the order it came.

use super::StandinPart;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What was asked of every part.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(crate) struct RequestLog {
    asked: Vec<RecordedRequest>,
    #[serde(skip)]
    count: u64,
}

/// One request.
#[derive(Serialize)]
pub(crate) struct RecordedRequest {
    #[serde(skip)]
    number: u64,
    at_ms: u64,
    part: StandinPart,
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: String,
    /// What gpg said of the payload in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    gnupg: Option<Value>,
}

impl RequestLog {
    /// Adds a request and gives its number; headers of one name are joined, as HTTP allows.
    pub(crate) fn add(
        &mut self,
        at_ms: u64,
        part: StandinPart,
        request: &crate::http::HttpRequest,
    ) -> u64 {
        let mut headers = BTreeMap::<String, String>::new();
        for (name, value) in &request.headers.0 {
            let joined = headers.entry(name.to_ascii_lowercase()).or_default();
            let comma = if joined.is_empty() { "" } else { ", " };
            *joined = format!("{joined}{comma}{value}");
        }
        self.count += 1;
        self.asked.push(RecordedRequest {
            number: self.count,
            at_ms,
            part,
            method: request.method.clone(),
            path: request.path().to_owned(),
            query: request.query().to_owned(),
            headers,
            body: String::from_utf8_lossy(&request.body).into_owned(),
            gnupg: None,
        });
        self.count
    }

    /// Adds what gpg said to a request, unless it is forgotten already.
    pub(crate) fn add_gnupg(&mut self, number: u64, said: Value) {
        let mut asked = self.asked.iter_mut();
        if let Some(asked) = asked.find(|asked| asked.number == number) {
            asked.gnupg = Some(said);
        }
    }

    /// How many requests IBKR had within the last second: of the Web API as a whole, and tickles alone.
    pub(crate) fn of_last_second(&self, now_ms: u64) -> (usize, usize) {
        let recent = self.asked.iter().filter(|asked| {
            asked.part == StandinPart::Upstream
                && asked.path.starts_with("/v1/")
                && asked.at_ms + 1000 > now_ms
        });
        let tickles = recent
            .clone()
            .filter(|asked| asked.path.ends_with("/tickle"));
        (recent.count(), tickles.count())
    }

    /// Forgets what was asked so far.
    pub(crate) fn clear(&mut self) {
        self.asked.clear();
    }
}
