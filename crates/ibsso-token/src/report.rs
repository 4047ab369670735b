//! The reports.

use crate::client::TokenClient;
use crate::dry_run::DryRun;
use crate::self_test::SelfTest;
use ib_cli::{Report, Secret, time};
use ib_webapi::{TokenAnswer, TokenState};
use serde::{Serialize, Serializer};
use std::time::SystemTime;

/// What is printed.
#[derive(Serialize)]
#[serde(untagged)]
pub enum TokenOutput {
    /// What came of asking for a token.
    Token(TokenReport),
    /// What would have been sent.
    DryRun(DryRun),
    /// What gpg made of a payload.
    SelfTest(SelfTest),
}

impl TokenOutput {
    /// The same, for a reader that finds the token elsewhere.
    pub(crate) fn without_token(mut self) -> Self {
        if let Self::Token(report) = &mut self {
            report.access_token = None;
        }
        self
    }
}

impl Report for TokenOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Token(_) => "ibsso-token/1",
            Self::DryRun(_) => "ibsso-token-dry-run/1",
            Self::SelfTest(_) => "ibsso-token-self-test/1",
        }
    }
}

/// What came of asking for a token.
#[derive(Serialize)]
pub struct TokenReport {
    /// What it is worth.
    state: TokenState,
    /// The token; null when there is none, and when it is in a file.
    #[serde(serialize_with = "as_text")]
    access_token: Option<Secret>,
    /// `Bearer`, as IBKR writes it; null when there is no token.
    token_type: Option<String>,
    /// Whom the token is for.
    username: String,
    /// Where it is good from.
    ip: String,
    /// When the token came; null when there is none.
    issued_at: Option<String>,
    /// Always null: IBKR says when a token ends only when it is validated.
    expires_at: Option<String>,
    /// How far this clock is ahead of the token host's; null when it does not say.
    clock_skew_seconds: Option<i64>,
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
}

/// The one place where a token becomes text.
fn as_text<S: Serializer>(token: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
    let text = token
        .as_ref()
        .and_then(|token| std::str::from_utf8(token.expose()).ok());
    text.serialize(to)
}
