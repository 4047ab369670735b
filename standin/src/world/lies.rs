//! How the login lies: in its numbers, its terms, its proofs, and the shape of its answers.

use crate::srp::{ServerGroup, ServerHash, ServerTerms};
use serde::{Deserialize, Serialize};

/// What M2 the server answers a right proof with.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum M2 {
    /// The one that proves it.
    #[default]
    Right,
    /// Another.
    Wrong,
    /// No M2.
    Missing,
}

/// The lies; at first the login tells no lie.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LoginLies {
    /// The group.
    pub group: ServerGroup,
    /// The hash.
    pub hash: ServerHash,
    /// The protocol; `6` when empty.
    pub proto: String,
    /// Each INIT is answered with another hash than the one before, the first with SHA-256.
    pub alternating: bool,
    /// Only the first 8 characters of a password count (`lp`).
    pub short_passwords: bool,
    /// How a right proof is answered.
    pub m2: M2,
    /// What `reached_max_login` says in place of the truth.
    pub reached_max_login: Option<bool>,
    /// `sftypes` as one text in JSON too.
    pub factors_as_text: bool,
    /// What `paper` says in place of the truth.
    pub paper: Option<bool>,
    /// IB Key is begun with a challenge, as michaeljherrmann/ib-gateway-service has seen it, not with a notification.
    pub key_challenges: bool,
}

impl LoginLies {
    /// What the server chooses after this number of INITs.
    pub(crate) fn terms(&self, inits: u64) -> ServerTerms {
        let proto = match self.proto.as_str() {
            "" => "6",
            other => other,
        };
        let hash = if !self.alternating {
            self.hash
        } else if inits.is_multiple_of(2) {
            ServerHash::Sha256
        } else {
            ServerHash::Sha1
        };
        ServerTerms {
            group: self.group,
            hash,
            proto: proto.to_owned(),
        }
    }
}
