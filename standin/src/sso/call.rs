//! One request that a token carries, and what its answers share.

use crate::http::{HttpRequest, Response};
use crate::world::{IssuedToken, SsoWorld, WorldScript};
use serde_json::json;
use std::time::Duration;

/// One request with a token that has not expired.
pub(crate) struct Call<'a> {
    /// What is asked.
    pub request: &'a HttpRequest,
    /// The path without its prefix.
    pub endpoint: &'a str,
    /// The moods.
    pub script: &'a WorldScript,
    /// What both hosts know.
    pub sso: &'a mut SsoWorld,
    /// Where the token is.
    pub place: usize,
    /// The clock, without the skew.
    pub now: Duration,
}

impl Call<'_> {
    /// The token.
    pub(crate) fn token(&mut self) -> &mut IssuedToken {
        &mut self.sso.tokens[self.place]
    }
}

/// The commonest shape of an error.
pub(crate) fn error(status: u16, text: &str) -> Response {
    Response {
        status,
        ..Response::json(&json!({"error": text, "statusCode": status}))
    }
}

/// A time as IBKR writes it.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
