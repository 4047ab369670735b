//! The usernames IBKR knows.

use super::AccountMode;
use serde::Deserialize;

/// One username.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// The name, in lower case.
    pub username: String,
    /// The password.
    pub password: String,
    /// Whether it is a live or a paper username.
    #[serde(default)]
    pub mode: AccountMode,
    /// The authenticator's seed in base32, if that is a second factor of this user.
    #[serde(default)]
    pub totp_seed: Option<String>,
    /// The second factors' SF codes: `4` the authenticator, `4.2` a text message, `5.2a` IB Key, `5.1` a card that
    /// answers challenges, `3` a card of codes, `6` a temporary code; from the seed when empty. Those of a passkey
    /// and of a code by email are nowhere published: here they are `passkey` and `email`. Any other is a device that
    /// IBKR does not have.
    #[serde(default)]
    pub devices: Vec<String>,
    /// The live username has its second factors in paper mode too (a published login script of June 2026).
    #[serde(default)]
    pub factors_in_paper: bool,
    /// The live username has no paper account; the words of that refusal are a guess.
    #[serde(default)]
    pub live_only: bool,
    /// Another login of the username holds the brokerage session (Voyz/ibeam#2, #40, #73).
    #[serde(default)]
    pub is_used_elsewhere: bool,
    /// The salt of the verifier, four bytes in hexadecimal.
    #[serde(default = "salt")]
    pub salt: String,
}

fn salt() -> String {
    "0a1b2c3d".to_owned()
}

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

impl User {
    /// The second factors this user is asked for in a mode: none in paper, as a paper username
    /// has none (Voyz/ibeam#237 and the capture in machdat/broker-gateway of May 2026).
    pub(crate) fn factors(&self, mode: AccountMode) -> Vec<String> {
        if mode == AccountMode::Paper && !self.factors_in_paper {
            Vec::new()
        } else if self.devices.is_empty() {
            self.totp_seed.iter().map(|_| "4".to_owned()).collect()
        } else {
            self.devices.clone()
        }
    }

    /// The users a fresh stand-in knows.
    pub(crate) fn defaults() -> Vec<Self> {
        let user = |username: &str, password: &str, mode, totp: bool, devices: &[&str]| Self {
            username: username.to_owned(),
            password: password.to_owned(),
            mode,
            totp_seed: totp.then(|| SEED.to_owned()),
            devices: devices.iter().map(ToString::to_string).collect(),
            factors_in_paper: false,
            live_only: false,
            is_used_elsewhere: false,
            salt: salt(),
        };
        vec![
            user(
                "testuser01",
                "Correct-Horse1",
                AccountMode::Live,
                false,
                &[],
            ),
            user("totpuser", "Correct-Horse2", AccountMode::Live, true, &[]),
            user(
                "paperuser",
                "Correct-Horse3",
                AccountMode::Paper,
                false,
                &[],
            ),
            user(
                "choiceuser",
                "Correct-Horse4",
                AccountMode::Live,
                true,
                &["5.2a", "4"],
            ),
        ]
    }
}
