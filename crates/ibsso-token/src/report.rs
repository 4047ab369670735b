//! The report on a token, or on why there is none.

use crate::client::TokenClient;
use ib_cli::{Report, Secret, time};
use ib_webapi::{TokenAnswer, TokenState};
use serde::{Serialize, Serializer};
use std::time::SystemTime;

/// What the token host answered.
#[derive(Serialize)]
pub struct TokenReport {
    /// Whether IBKR issued a token, and if not, why.
    state: TokenState,
    /// The token; null without a token, and with `--out`.
    #[serde(serialize_with = "as_text")]
    access_token: Option<Secret>,
    /// `Bearer`, as IBKR writes it; null without a token.
    token_type: Option<String>,
    /// The username that the token is for.
    username: String,
    /// The address that the token is good from.
    ip: String,
    /// RFC 3339 in UTC: when the token came; null without a token.
    issued_at: Option<String>,
    /// Always null: IBKR says when a token ends only when it is validated.
    expires_at: Option<String>,
    /// How many seconds this clock is ahead of the token host's `Date`, negative when it is behind; null when the host
    /// does not send it.
    clock_skew_seconds: Option<i64>,
}

impl Report for TokenReport {
    fn schema(&self) -> &'static str {
        "ibsso-token/1"
    }
}

impl TokenReport {
    pub(crate) fn new(client: &TokenClient, answer: TokenAnswer) -> Self {
        let issued_at = answer.token.as_ref().map(|_| time(SystemTime::now()));
        let (access_token, token_type) = match answer.token {
            Some(token) => (Some(token.access_token), Some(token.token_type)),
            None => (None, None),
        };
        Self {
            state: answer.state,
            access_token,
            token_type,
            username: client.username.clone(),
            ip: client.ip.to_string(),
            issued_at,
            expires_at: None,
            clock_skew_seconds: answer.clock_skew,
        }
    }

    /// The same report without its token, for stdout when the token goes into a file.
    pub(crate) fn without_token(self) -> Self {
        Self {
            access_token: None,
            ..self
        }
    }
}

/// The one place where a token becomes text.
fn as_text<S: Serializer>(token: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
    let text = token
        .as_ref()
        .and_then(|token| std::str::from_utf8(token.expose()).ok());
    text.serialize(to)
}
