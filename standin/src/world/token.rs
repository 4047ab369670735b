//! One DAM SSO token, the read-only session it carries and the brokerage session above it.

use crate::{hex, random};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use std::time::Duration;

/// A brokerage session is closed when no request was made for this long (DAM SSO guide).
const IDLE: Duration = Duration::from_secs(5 * 60);
/// Each validation after the first makes a token live this long (DAM SSO guide).
const EXTENSION: Duration = Duration::from_secs(60 * 60);

/// One token. Its times are on the stand-in's clock, without the skew.
pub(crate) struct IssuedToken {
    /// What the bearer shows.
    pub text: String,
    /// Whom it was given for.
    pub user: String,
    /// The address it may be used from.
    pub ip: String,
    /// When it dies.
    pub expires: Duration,
    /// When it was first validated, which opened the read-only session.
    pub opened: Option<Duration>,
    /// When it was last validated.
    pub validated: Option<Duration>,
    /// Its read-only session was ended, by `/logout` or otherwise.
    pub ended: bool,
    /// The value of its cookie `api`.
    pub cookie: String,
    /// Its brokerage session.
    pub brokerage: TokenBrokerage,
}

/// A brokerage session, open or not.
#[derive(Default)]
pub(crate) struct TokenBrokerage {
    since: Option<Duration>,
    used: Duration,
    /// Its connection is up.
    pub connected: bool,
    /// Another platform holds it.
    pub competing: bool,
}

impl IssuedToken {
    /// A token that was not used yet.
    pub(crate) fn new(user: &str, ip: &str, now: Duration, life: Duration) -> Self {
        let expires = now + life;
        Self {
            text: text(user, ip, now, expires),
            user: user.to_owned(),
            ip: ip.to_owned(),
            expires,
            opened: None,
            validated: None,
            ended: false,
            cookie: hex::encode(&random::bytes::<16>()),
            brokerage: TokenBrokerage::default(),
        }
    }

    /// It still opens the Web API. That it does not once its session was ended is a guess.
    pub(crate) fn is_valid(&self, now: Duration) -> bool {
        now < self.expires && !self.ended
    }

    /// Ends the read-only session, and the brokerage session with it.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.brokerage.drop();
    }

    /// Opens the read-only session the first time, extends it every other time.
    pub(crate) fn validate(&mut self, now: Duration) {
        match self.opened {
            None => self.opened = Some(now),
            Some(_) => self.expires = now + EXTENSION,
        }
        self.validated = Some(now);
    }
}

impl TokenBrokerage {
    /// Takes it, from another platform too.
    pub(crate) fn open(&mut self, now: Duration) {
        if !self.is_open(now) {
            self.since = Some(now);
        }
        self.used = now;
        self.connected = true;
        self.competing = false;
    }

    /// Whether it is open: neither lost nor idle for too long.
    pub(crate) fn is_open(&self, now: Duration) -> bool {
        self.since.is_some() && now.saturating_sub(self.used) < IDLE
    }

    /// How long it has been open; `None` when it is not.
    pub(crate) fn age(&self, now: Duration) -> Option<Duration> {
        let since = self.since.filter(|_| self.is_open(now))?;
        Some(now.saturating_sub(since))
    }

    /// Notes a request, which keeps an open session from being idle and revives no closed one.
    pub(crate) fn touch(&mut self, now: Duration) {
        if self.is_open(now) {
            self.used = now;
        } else {
            self.since = None;
        }
    }

    /// Loses it.
    pub(crate) fn drop(&mut self) {
        *self = Self::default();
    }

    /// Loses it to another platform.
    pub(crate) fn lose_to_another(&mut self) {
        self.drop();
        self.competing = true;
    }
}

/// About 600 characters that look like a JWT, as the `eyJ0eXAiOi` in the guide's example does.
fn text(user: &str, ip: &str, now: Duration, expires: Duration) -> String {
    let head = r#"{"typ":"JWT","alg":"RS256"}"#;
    let claims = json!({
        "iss": "stand-in", "sub": user, "ip": ip, "iat": now.as_secs(), "exp": expires.as_secs(),
        "jti": hex::encode(&random::bytes::<16>()), "context": "CP_API", "scope": "sso-sessions",
    })
    .to_string();
    let signature = random::bytes::<256>();
    let parts = [head.as_bytes(), claims.as_bytes(), &signature];
    parts
        .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part))
        .join(".")
}
