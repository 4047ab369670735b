//! Second factors: what a person calls them, and what IBKR does.

use crate::ending::Reason;

/// The SF code of the authenticator app, as the page's chooser and the login's answers have it.
pub const AUTHENTICATOR: &str = "4";

/// The SF code of a text message.
const SMS: &str = "4.2";

/// The devices by their SF codes, with the labels of the page's chooser (bogdanripa/ibkr-gateway) and the names of the
/// older script (michaeljherrmann/ib-gateway-service).
const DEVICES: [(&str, &str, Kind); 9] = [
    (AUTHENTICATOR, "Mobile Authenticator App", Kind::App),
    (SMS, "SMS", Kind::Sms),
    ("5.2a", "IB Key", Kind::Push),
    ("5.2i", "IB Key", Kind::Push),
    ("5.1", "Digital Security Card+", Kind::Challenge),
    ("5", "Platinum or Gold Device", Kind::Challenge),
    ("4.1", "Digital Security Card", Kind::Card),
    ("3", "Security Code Card", Kind::Card),
    ("6", "Temporary Security Code", Kind::Card),
];

/// How a second factor is satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With a code that the authenticator app makes.
    App,
    /// With a code that is sent to a phone.
    Sms,
    /// With a code that somebody reads from a card.
    Card,
    /// With the answer to a challenge.
    Challenge,
    /// By a tap on a phone.
    Push,
}

impl Kind {
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

/// The second factor that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Whatever device does this.
    Kind(Kind),
    /// This device, by its label, a part of it, or its SF code.
    Device(String),
}

impl Wanted {
    /// The second factor that a name stands for.
    pub fn of(name: &str) -> Self {
        match name {
            "totp" => Self::Kind(Kind::App),
            "sms" => Self::Kind(Kind::Sms),
            "push" => Self::Kind(Kind::Push),
            "challenge" => Self::Kind(Kind::Challenge),
            device => Self::Device(device.to_owned()),
        }
    }

    /// How it is satisfied; `None` for a device that only the page may know.
    pub fn kind(&self, has_code_source: bool) -> Option<Kind> {
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

/// What there is to satisfy a second factor with.
#[derive(Clone, Copy, Debug)]
pub struct AtHand {
    /// The seed of the authenticator app.
    pub has_seed: bool,
    /// Somewhere a code or an answer will come from.
    pub has_code_source: bool,
    /// A notification may be sent to a phone.
    pub may_push: bool,
}

impl AtHand {
    /// Why a second factor cannot be satisfied; `None` when it can.
    fn lacks(self, kind: Kind) -> Option<Reason> {
        let (can, reason) = match kind {
            Kind::App => (self.has_seed, Reason::NoSeed),
            Kind::Sms | Kind::Card => (self.has_code_source, Reason::OtherCodeWanted),
            Kind::Challenge => (self.has_code_source, Reason::ChallengeWanted),
            Kind::Push => (self.may_push, Reason::PushWanted),
        };
        (!can).then_some(reason)
    }
}

/// Chooses among the devices offered, by SF code; nothing is sent by it.
///
/// A push is chosen only by name: nobody shall find one on the phone unasked.
///
/// # Errors
/// Why none is chosen.
pub fn choose<'a>(
    wanted: Option<&Wanted>,
    at_hand: AtHand,
    offered: &[&'a str],
) -> Result<(&'a str, Kind), Reason> {
    let first = |fits: &dyn Fn(&str) -> bool| offered.iter().copied().find(|code| fits(code));
    let chosen = match wanted {
        // IB Key answers challenges too, when there is no device made for it.
        Some(Wanted::Kind(Kind::Challenge)) => {
            first(&|code| kind_of(code) == Some(Kind::Challenge))
                .or_else(|| first(&|code| kind_of(code) == Some(Kind::Push)))
                .map(|code| (code, Kind::Challenge))
        }
        Some(Wanted::Kind(wanted)) => {
            first(&|code| kind_of(code) == Some(*wanted)).map(|code| (code, *wanted))
        }
        Some(Wanted::Device(name)) => {
            let device = named(name, offered).ok_or(Reason::DeviceAbsent)?;
            Some((device, kind(device, at_hand.has_code_source)?))
        }
        None => Some(unasked(at_hand, offered)?),
    };
    let (code, kind) = chosen.ok_or(Reason::DeviceAbsent)?;
    // IB Key may send one even where its challenge is to be answered.
    if may_notify(code) && !at_hand.may_push {
        return Err(Reason::PushWanted);
    }
    at_hand.lacks(kind).map_or(Ok((code, kind)), Err)
}

/// The device to choose when none was named.
fn unasked<'a>(at_hand: AtHand, offered: &[&'a str]) -> Result<(&'a str, Kind), Reason> {
    let offers = |code: &str| offered.iter().copied().find(|offered| *offered == code);
    if let Some(app) = offers(AUTHENTICATOR).filter(|_| at_hand.has_seed) {
        return Ok((app, Kind::App));
    }
    if let Some(sms) = offers(SMS).filter(|_| at_hand.has_code_source) {
        return Ok((sms, Kind::Sms));
    }
    match offered {
        [only] if may_notify(only) => Err(Reason::PushWanted),
        [only] => Ok((only, kind(only, at_hand.has_code_source)?)),
        _ if offers(AUTHENTICATOR).is_some() => Err(Reason::NoSeed),
        _ => Err(Reason::DeviceAbsent),
    }
}

/// The devices offered, for a person to read.
pub fn shown(offered: &[&str]) -> String {
    let shown = offered.iter().map(|offered| {
        let known = DEVICES.iter().find(|(code, ..)| code == offered);
        known.map_or_else(
            || (*offered).to_owned(),
            |(code, label, _)| format!("{label} ({code})"),
        )
    });
    format!("offered: {}", shown.collect::<Vec<_>>().join(", "))
}

/// What a second factor is called that nobody has published for this way of logging in.
pub fn unknown(name: &str) -> Reason {
    let name = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["passkey", "fido", "webauthn"]) {
        Reason::PasskeyWanted
    } else if says(&["email"]) {
        Reason::EmailCodeWanted
    } else {
        Reason::UnknownSecondFactor
    }
}

fn named<'a>(name: &str, offered: &[&'a str]) -> Option<&'a str> {
    let label = |code: &str| {
        let known = DEVICES.iter().find(|(known, ..)| *known == code);
        known.map(|(_, label, _)| label.to_lowercase())
    };
    let name = name.trim().to_lowercase();
    // Nothing is a part of every label.
    if name.is_empty() {
        return None;
    }
    let first = |fits: &dyn Fn(&str) -> bool| offered.iter().copied().find(|code| fits(code));
    first(&|code| label(code).is_some_and(|label| label == name))
        .or_else(|| first(&|code| label(code).is_some_and(|label| label.contains(&name))))
        .or_else(|| first(&|code| code.eq_ignore_ascii_case(&name)))
}

fn is_named(label: &str, name: &str) -> bool {
    !name.trim().is_empty() && label.to_lowercase().contains(&name.trim().to_lowercase())
}

/// Whether choosing it may send a notification to a phone, whatever it is satisfied with.
pub fn may_notify(code: &str) -> bool {
    kind_of(code) == Some(Kind::Push)
}

fn kind_of(code: &str) -> Option<Kind> {
    let known = DEVICES.iter().find(|(known, ..)| *known == code);
    known.map(|(.., kind)| *kind)
}

fn kind(code: &str, has_code_source: bool) -> Result<Kind, Reason> {
    let kind = kind_of(code).ok_or_else(|| unknown(code))?;
    Ok(of_key(kind, has_code_source))
}

/// IB Key answers a challenge where somebody is there to copy it, and else takes a tap.
fn of_key(kind: Kind, has_code_source: bool) -> Kind {
    match kind {
        Kind::Push if has_code_source => Kind::Challenge,
        other => other,
    }
}

#[cfg(test)]
mod tests;
