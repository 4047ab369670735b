//! Second factors: their names, their SF codes, and how each is satisfied.

mod choice;

pub(crate) use choice::{FactorMeans, OfferedDevice, choose, shown};

use crate::reason::StopReason;
use serde::{Serialize, Serializer};

/// The SF code of the authenticator app, in the page's chooser and in the login's answers.
const AUTHENTICATOR: &str = "4";

/// The SF code of a text message.
const SMS: &str = "4.2";

/// The devices by their SF codes, with the labels of the page's chooser (bogdanripa/ibkr-gateway) and the names of the
/// older script (michaeljherrmann/ib-gateway-service).
const DEVICES: [(&str, &str, FactorKind); 9] = [
    (AUTHENTICATOR, "Mobile Authenticator App", FactorKind::App),
    (SMS, "SMS", FactorKind::Sms),
    ("5.2a", "IB Key", FactorKind::Push),
    ("5.2i", "IB Key", FactorKind::Push),
    ("5.1", "Digital Security Card+", FactorKind::Challenge),
    ("5", "Platinum or Gold Device", FactorKind::Challenge),
    ("4.1", "Digital Security Card", FactorKind::Card),
    ("3", "Security Code Card", FactorKind::Card),
    ("6", "Temporary Security Code", FactorKind::Card),
];

/// How a second factor is satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// With a code that the authenticator app makes.
    App,
    /// With a code that is sent to a phone.
    Sms,
    /// With a code from a card.
    Card,
    /// With the answer to a challenge.
    Challenge,
    /// By a tap on a phone.
    Push,
}

impl FactorKind {
    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "totp",
            Self::Sms => "sms",
            Self::Card => "code",
            Self::Challenge => "challenge",
            Self::Push => "push",
        }
    }
}

impl Serialize for FactorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The second factor that you ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WantedFactor {
    /// Any device of this kind.
    Kind(FactorKind),
    /// This device, by its label, a part of it, or its SF code.
    Device(String),
}

impl WantedFactor {
    /// The second factor that a name stands for.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "totp" => Self::Kind(FactorKind::App),
            "sms" => Self::Kind(FactorKind::Sms),
            "push" => Self::Kind(FactorKind::Push),
            "challenge" => Self::Kind(FactorKind::Challenge),
            device => Self::Device(device.to_owned()),
        }
    }

    /// How it is satisfied; `None` for a device that this tool does not know. The page may know it.
    pub(crate) fn kind(&self, has_code_source: bool) -> Option<FactorKind> {
        match self {
            Self::Kind(kind) => Some(*kind),
            Self::Device(name) => DEVICES
                .iter()
                .find(|(code, ..)| code == name)
                .or_else(|| DEVICES.iter().find(|(_, label, _)| is_named(label, name)))
                .map(|(.., kind)| of_key(*kind, has_code_source)),
        }
    }
}

/// The reason for a second factor of which no source has published how it goes without a browser.
pub(crate) fn unknown(name: &str) -> StopReason {
    let name = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["passkey", "fido", "webauthn"]) {
        StopReason::PasskeyWanted
    } else if says(&["email"]) {
        StopReason::EmailCodeWanted
    } else {
        StopReason::UnknownSecondFactor
    }
}

fn is_named(label: &str, name: &str) -> bool {
    !name.trim().is_empty() && label.to_lowercase().contains(&name.trim().to_lowercase())
}

/// IB Key answers a challenge where a person can copy the answer, and else takes a tap.
fn of_key(kind: FactorKind, has_code_source: bool) -> FactorKind {
    match kind {
        FactorKind::Push if has_code_source => FactorKind::Challenge,
        other => other,
    }
}

#[cfg(test)]
mod tests;
