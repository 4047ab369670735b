//! One user's session and its brokerage half.

use crate::{hex, random};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// Which kind of account.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AccountMode {
    /// Real money: `loginType` 1.
    #[default]
    Live,
    /// Simulated: `loginType` 2.
    Paper,
}

impl AccountMode {
    /// The mode of a `loginType` or `LOGIN_TYPE`; anything but 2 is live.
    pub(crate) fn of_login_type(login_type: &str) -> Self {
        if login_type == "2" {
            Self::Paper
        } else {
            Self::Live
        }
    }
}

/// A session: what the web login made and what the brokerage session is.
pub(crate) struct WebSession {
    /// The username.
    pub user: String,
    /// The mode it logged in with.
    pub mode: AccountMode,
    /// The cookie that carries it; `None` when any request does (made by the control).
    pub cookie: Option<String>,
    /// The key K of its login.
    pub key: String,
    /// Since when the brokerage session is authenticated; `None` when it is not.
    pub authenticated_since: Option<Instant>,
    /// The brokerage session's connection is up.
    pub connected: bool,
    /// Another login holds the brokerage session.
    pub competing: bool,
    /// The challenge the Gateway was given last.
    pub challenge: Option<String>,
}

impl WebSession {
    /// A session after the web login: connected, and not yet authenticated before `ssodh/init`
    /// (Voyz/ibeam#142, #231, #257).
    pub(crate) fn fresh(user: &str, mode: AccountMode, cookie: String, key: String) -> Self {
        Self {
            user: user.to_owned(),
            mode,
            cookie: Some(cookie),
            key,
            authenticated_since: None,
            connected: true,
            competing: false,
            challenge: None,
        }
    }

    /// A session that is ready, made without a page.
    pub(crate) fn ready(user: &str, mode: AccountMode) -> Self {
        let key = hex::encode(&random::bytes::<20>());
        Self {
            cookie: None,
            authenticated_since: Some(Instant::now()),
            ..Self::fresh(user, mode, String::new(), key)
        }
    }

    /// The brokerage session is authenticated.
    pub(crate) fn authenticated(&self) -> bool {
        self.authenticated_since.is_some()
    }

    /// Takes the brokerage session, from another login too when asked to compete.
    pub(crate) fn open_brokerage(&mut self, compete: bool) {
        if self.competing && !compete {
            return;
        }
        self.competing = false;
        self.connected = true;
        self.authenticated_since.get_or_insert_with(Instant::now);
    }

    /// Loses the brokerage session and keeps the web login: the common case, several times a day
    /// (isaacrowntree/sovereign-ibkr-fund). It stays connected, which is what IBKR's reference says of a brokerage
    /// session that timed out, and what has the Gateway's own tickle log out (seen with build a27ed42).
    pub(crate) fn drop_brokerage(&mut self) {
        self.authenticated_since = None;
    }

    /// Another login of the username takes the brokerage session (Voyz/ibeam#2, #40, #73).
    pub(crate) fn lose_to_another(&mut self) {
        self.drop_brokerage();
        self.connected = false;
        self.competing = true;
    }

    /// Whether a request with this cookie belongs to the session.
    pub(crate) fn carried_by(&self, cookie: Option<&str>) -> bool {
        match &self.cookie {
            None => true,
            Some(own) => cookie.is_some_and(|cookie| hex::same_number(cookie, own)),
        }
    }
}
