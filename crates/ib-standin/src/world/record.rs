//! Every request, in the order it came.

use super::Part;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was asked of both parts.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct Record(Vec<Asked>);

/// One request.
#[derive(Serialize)]
pub struct Asked {
    at_ms: u64,
    part: Part,
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Record {
    /// Adds a request; headers of one name are joined, as HTTP allows.
    pub fn add(&mut self, at_ms: u64, part: Part, request: &crate::http::Request) {
        let mut headers = BTreeMap::<String, String>::new();
        for (name, value) in &request.headers.0 {
            let joined = headers.entry(name.to_ascii_lowercase()).or_default();
            let comma = if joined.is_empty() { "" } else { ", " };
            *joined = format!("{joined}{comma}{value}");
        }
        self.0.push(Asked {
            at_ms,
            part,
            method: request.method.clone(),
            path: request.path().to_owned(),
            query: request.query().to_owned(),
            headers,
            body: String::from_utf8_lossy(&request.body).into_owned(),
        });
    }
}
