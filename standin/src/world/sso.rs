//! What the two hosts of DAM SSO know and have been asked.

use super::IssuedToken;
use super::deed::{self, Deed};
use serde_json::{Value, json};
use std::time::Duration;

/// The truth of the token host and of the Web API host.
#[derive(Default)]
pub(crate) struct SsoWorld {
    /// Every token given out. Several of one username are alive at once, which is a guess: the
    /// DAM SSO guide does not say that a new one ends the others.
    pub tokens: Vec<IssuedToken>,
    /// Until when the Web API answers 429 to everything.
    pub penalty_until: Duration,
    /// Requests to open the brokerage session that a living token carried.
    pub inits: u64,
    /// Validations that were granted.
    pub validations: u64,
    /// Tickles that were granted.
    pub tickles: u64,
    /// Payloads that gpg could not open, or whose signature it did not accept.
    pub payloads_refused: u64,
    /// What the last good payload said.
    pub last_plaintext: Option<String>,
    /// The address in it.
    pub last_ip: Option<String>,
    /// TLS handshakes begun with both hosts.
    pub handshakes: u64,
}

impl SsoWorld {
    /// Where the token of this text is among the tokens; `None` when it has died.
    pub(crate) fn place(&self, text: &str, now: Duration) -> Option<usize> {
        let mut tokens = self.tokens.iter();
        tokens.position(|token| token.text == text && now < token.expires)
    }

    /// Opens the brokerage session of the token at a place. A username has one (DAM SSO guide):
    /// it is taken from its other tokens.
    pub(crate) fn open_brokerage(&mut self, place: usize, now: Duration) {
        let user = self.tokens[place].user.clone();
        let of_user = self.tokens.iter_mut().enumerate();
        for (at, token) in of_user.filter(|(_, token)| token.user == user) {
            if at == place {
                token.brokerage.open(now);
            } else if token.brokerage.is_open(now) {
                token.brokerage.lose_to_another();
            }
        }
    }

    /// Does one of the control's deeds to every token; `None` when it is no deed of these hosts.
    pub(crate) fn act(
        &mut self,
        deed: Deed,
        with: &Value,
        now: Duration,
        life: Duration,
    ) -> Option<Result<(), String>> {
        let change: fn(&mut IssuedToken, Duration) = match deed {
            Deed::IssueToken => return Some(self.issue(with, now, life)),
            Deed::ExpireToken => |token, now| token.expires = now,
            Deed::DropSession => |token, _| token.end(),
            Deed::DropBrokerage => |token, _| token.brokerage.drop(),
            Deed::Compete => |token, _| token.brokerage.lose_to_another(),
            Deed::Login | Deed::Lock | Deed::ApprovePush | Deed::PassTime | Deed::Reset => {
                return None;
            }
        };
        for token in &mut self.tokens {
            change(token, now);
        }
        Some(Ok(()))
    }

    fn issue(&mut self, with: &Value, now: Duration, life: Duration) -> Result<(), String> {
        let user = deed::needed(with, "user")?;
        let ip = deed::needed(with, "ip")?;
        self.tokens.push(IssuedToken::new(user, ip, now, life));
        Ok(())
    }

    /// The truth as `GET /state` gives it.
    pub(crate) fn report(&self, now: Duration) -> Value {
        let mut tokens = self.tokens.iter();
        let valid = tokens.clone().filter(|token| token.is_valid(now)).count();
        json!({
            "tokens": self.tokens.len(),
            "valid_tokens": valid,
            "last_token": self.tokens.last().map(|token| &token.text),
            "brokerage_open": tokens.any(|token| token.brokerage.is_open(now)),
            "inits": self.inits,
            "validations": self.validations,
            "tickles": self.tickles,
            "payloads_refused": self.payloads_refused,
            "last_plaintext": self.last_plaintext,
            "last_ip": self.last_ip,
            "handshakes": self.handshakes,
        })
    }
}
