//! The moods of the DAM SSO hosts.

use serde::{Deserialize, Serialize};

/// What the two hosts of DAM SSO do otherwise.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SsoMoods {
    /// The usernames a token is given for; any when `None`.
    pub usernames: Option<Vec<String>>,
    /// How long a token lives before it is first extended.
    pub token_life_ms: u64,
    /// Which clock `EXPIRES` is on.
    pub expires_unit: ExpiresClock,
    /// More than one `sso/validate` in a minute is refused.
    pub pace_validate: bool,
    /// The Web API's own 429 shuts the address out for fifteen minutes.
    pub penalty: bool,
    /// Where the brokerage session is opened.
    pub init_path: InitPath,
    /// Where the device seems to be; at the token's own address when `None`.
    pub device_ip: Option<String>,
    /// `/iserver` is closed to a client that does not send the cookie `api` back.
    pub needs_cookie: bool,
}

/// Which clock `EXPIRES` is on.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExpiresClock {
    /// Milliseconds since 1970, as in the example of IBKR's DAM SSO guide.
    Epoch,
    /// Milliseconds left, as in IBKR's Web API reference.
    Remaining,
}

/// Where the brokerage session is opened.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InitPath {
    /// At `/iserver/ssodh/init`, as the DAM SSO guide has it.
    Guide,
    /// At `/iserver/auth/ssodh/init`, as IBKR's Web API reference has it.
    Reference,
    /// At either.
    Both,
}

impl Default for SsoMoods {
    fn default() -> Self {
        Self {
            usernames: None,
            // EXPIRES less AUTH_TIME in the guide's example: 31.7 minutes, against its text.
            token_life_ms: 1_901_786,
            expires_unit: ExpiresClock::Epoch,
            // One request a minute (IBKR Campus, "Web API v1.0", pacing).
            pace_validate: true,
            penalty: true,
            init_path: InitPath::Guide,
            device_ip: None,
            needs_cookie: false,
        }
    }
}

impl InitPath {
    /// The brokerage session is opened at this endpoint.
    pub(crate) fn is_at(self, endpoint: &str) -> bool {
        match endpoint {
            "/iserver/ssodh/init" => self != Self::Reference,
            "/iserver/auth/ssodh/init" => self != Self::Guide,
            _ => false,
        }
    }
}
