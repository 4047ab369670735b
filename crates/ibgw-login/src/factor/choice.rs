//! The choice among the devices that IBKR offers.

use super::{AUTHENTICATOR, DEVICES, FactorKind, SMS, WantedFactor, of_key, unknown};
use crate::reason::StopReason;
use serde::Deserialize;

/// What the run has to satisfy a second factor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FactorMeans {
    /// The record has the seed of the authenticator app.
    pub has_seed: bool,
    /// `--code-from` says where a code or an answer comes from.
    pub has_code_source: bool,
    /// The run may send a notification to the phone.
    pub may_push: bool,
}

impl FactorMeans {
    /// Why a second factor cannot be satisfied; `None` when it can.
    fn lacks(self, kind: FactorKind) -> Option<StopReason> {
        let (has_means, reason) = match kind {
            FactorKind::App => (self.has_seed, StopReason::NoSeed),
            FactorKind::Sms | FactorKind::Card => {
                (self.has_code_source, StopReason::OtherCodeWanted)
            }
            FactorKind::Challenge => (self.has_code_source, StopReason::ChallengeWanted),
            FactorKind::Push => (self.may_push, StopReason::PushWanted),
        };
        (!has_means).then_some(reason)
    }
}

/// A device that IBKR offers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct OfferedDevice {
    /// Its SF code; empty for an entry that is not a device, such as "Select Type".
    #[serde(rename = "value")]
    pub code: String,
    /// What a person reads.
    pub label: String,
}

impl OfferedDevice {
    /// A device of which only the SF code is known.
    pub(crate) fn known(code: &str) -> Self {
        let known = DEVICES.iter().find(|(known, ..)| *known == code);
        Self {
            code: code.to_owned(),
            label: known.map_or(code, |(_, label, _)| label).to_owned(),
        }
    }

    /// Whether the choice of it may send a notification to the phone, even if a code satisfies it.
    pub(crate) fn may_notify(&self) -> bool {
        self.kind_as_it_is() == Some(FactorKind::Push)
    }

    fn kind_as_it_is(&self) -> Option<FactorKind> {
        let by_code = DEVICES.iter().find(|(code, ..)| *code == self.code);
        let by_label = || {
            let is_it = |label: &str| label.eq_ignore_ascii_case(self.label.trim());
            DEVICES.iter().find(|(_, label, _)| is_it(label))
        };
        by_code.or_else(by_label).map(|(.., kind)| *kind)
    }

    fn kind(&self, has_code_source: bool) -> Result<FactorKind, StopReason> {
        let kind = self.kind_as_it_is();
        let kind = kind.ok_or_else(|| unknown(&format!("{} {}", self.label, self.code)))?;
        Ok(of_key(kind, has_code_source))
    }
}

/// Chooses among the devices offered. Sends nothing.
///
/// IB Key is never chosen by default, so no unexpected push reaches a phone.
///
/// # Errors
/// Why it chooses no device.
pub(crate) fn choose<'a>(
    wanted: Option<&WantedFactor>,
    means: FactorMeans,
    offered: &'a [OfferedDevice],
) -> Result<(&'a OfferedDevice, FactorKind), StopReason> {
    let first =
        |wanted: FactorKind| real(offered).find(|device| device.kind_as_it_is() == Some(wanted));
    let chosen = match wanted {
        // IB Key answers challenges too, when the username has no device for them.
        Some(WantedFactor::Kind(FactorKind::Challenge)) => first(FactorKind::Challenge)
            .or_else(|| first(FactorKind::Push))
            .map(|device| (device, FactorKind::Challenge)),
        Some(WantedFactor::Kind(wanted)) => first(*wanted).map(|device| (device, *wanted)),
        Some(WantedFactor::Device(name)) => {
            let device = named(name, offered).ok_or(StopReason::DeviceAbsent)?;
            Some((device, device.kind(means.has_code_source)?))
        }
        None => Some(unasked(means, offered)?),
    };
    let (device, kind) = chosen.ok_or(StopReason::DeviceAbsent)?;
    // IB Key may send a notification even where you answer its challenge.
    if device.may_notify() && !means.may_push {
        return Err(StopReason::PushWanted);
    }
    means.lacks(kind).map_or(Ok((device, kind)), Err)
}

/// The device to choose when you name none.
fn unasked(
    means: FactorMeans,
    offered: &[OfferedDevice],
) -> Result<(&OfferedDevice, FactorKind), StopReason> {
    let offers = |code: &str| real(offered).find(|device| device.code == code);
    if let Some(app) = offers(AUTHENTICATOR).filter(|_| means.has_seed) {
        return Ok((app, FactorKind::App));
    }
    if let Some(sms) = offers(SMS).filter(|_| means.has_code_source) {
        return Ok((sms, FactorKind::Sms));
    }
    let real: Vec<_> = real(offered).collect();
    match real[..] {
        [only] if only.may_notify() => Err(StopReason::PushWanted),
        [only] => Ok((only, only.kind(means.has_code_source)?)),
        [] | [_, _, ..] if offers(AUTHENTICATOR).is_some() => Err(StopReason::NoSeed),
        [] | [_, _, ..] => Err(StopReason::DeviceAbsent),
    }
}

/// The devices offered, for a person to read.
pub(crate) fn shown(offered: &[OfferedDevice]) -> String {
    let shown = real(offered).map(|device| {
        if device.label == device.code {
            device.code.clone()
        } else {
            format!("{} ({})", device.label, device.code)
        }
    });
    format!("offered: {}", shown.collect::<Vec<_>>().join(", "))
}

fn real(offered: &[OfferedDevice]) -> impl Iterator<Item = &OfferedDevice> {
    offered.iter().filter(|device| !device.code.is_empty())
}

fn named<'a>(name: &str, offered: &'a [OfferedDevice]) -> Option<&'a OfferedDevice> {
    let name = name.trim().to_lowercase();
    // An empty name would be a part of every label.
    if name.is_empty() {
        return None;
    }
    let label = |device: &OfferedDevice| device.label.trim().to_lowercase();
    let first = |fits: &dyn Fn(&OfferedDevice) -> bool| real(offered).find(|device| fits(device));
    first(&|device| label(device) == name)
        .or_else(|| first(&|device| label(device).contains(&name)))
        .or_else(|| first(&|device| device.code.eq_ignore_ascii_case(&name)))
}
