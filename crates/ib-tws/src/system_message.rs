//! System messages: a code and a sentence, such as those about farms, IBKR's groups of servers for one purpose.
//!
//! Source: IBKR's list of message codes, <https://interactivebrokers.github.io/tws-api/message_codes.html>.

use serde::{Deserialize, Serialize};

/// The code of the message that a client id is in use.
pub const ID_TAKEN: i32 = 326;

/// One system message. Of its sentence it keeps only the name of a farm: other parts may hold an account number.
pub(crate) struct SystemMessage {
    pub(crate) code: i32,
    pub(crate) kind: SystemMessageKind,
}

/// What a system message says about the connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SystemMessageKind {
    /// The client id is in use by another connection; this one is closed.
    IdTaken,
    /// The connection to IBKR is lost.
    LinkLost,
    /// The connection to IBKR is restored.
    LinkRestored,
    Farm(Farm),
    /// Nothing that changes whether clients are served.
    Other,
}

/// One of IBKR's farms, as the gateway last spoke of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farm {
    /// The name, such as `usfarm`.
    pub name: String,
    /// What the farm is for.
    pub service: FarmService,
    /// How the gateway is connected to it.
    pub state: FarmState,
}

/// What a farm is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FarmService {
    /// Market data.
    MarketData,
    /// Historical data, HMDS.
    HistoricalData,
    /// Security definitions.
    SecurityDefinitions,
}

/// How the gateway is connected to a farm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FarmState {
    /// Connected.
    Connected,
    /// Not connected. IB Gateway connects it as soon as it is needed.
    Inactive,
    /// Being connected.
    Connecting,
    /// Not connected, although it is needed.
    Broken,
}

const FARMS: [(i32, FarmService, FarmState); 9] = [
    (2103, FarmService::MarketData, FarmState::Broken),
    (2104, FarmService::MarketData, FarmState::Connected),
    (2105, FarmService::HistoricalData, FarmState::Broken),
    (2106, FarmService::HistoricalData, FarmState::Connected),
    (2107, FarmService::HistoricalData, FarmState::Inactive),
    (2108, FarmService::MarketData, FarmState::Inactive),
    (2119, FarmService::MarketData, FarmState::Connecting),
    (2157, FarmService::SecurityDefinitions, FarmState::Broken),
    (2158, FarmService::SecurityDefinitions, FarmState::Connected),
];

impl SystemMessage {
    /// Reads the fields `4, version, request, code, sentence`; `None` when the code is no number.
    pub(crate) fn read(fields: &[&str]) -> Option<Self> {
        let code = fields.get(3)?.parse().ok()?;
        let farm = FARMS.iter().find(|(of_farm, ..)| *of_farm == code);
        let kind = match (code, farm) {
            (ID_TAKEN, _) => SystemMessageKind::IdTaken,
            (1100 | 2110, _) => SystemMessageKind::LinkLost,
            (1101 | 1102, _) => SystemMessageKind::LinkRestored,
            (_, Some((_, service, state))) => SystemMessageKind::Farm(Farm {
                name: name(fields.get(4).unwrap_or(&"")),
                service: *service,
                state: *state,
            }),
            _ => SystemMessageKind::Other,
        };
        Some(Self { code, kind })
    }
}

/// The farm's name, which stands behind the last colon of the sentence.
fn name(sentence: &str) -> String {
    let (_, name) = sentence.rsplit_once(':').unwrap_or_default();
    let letters = name.chars().filter(char::is_ascii_graphic);
    letters.take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, sentence: &str) -> Option<SystemMessageKind> {
        SystemMessage::read(&["4", "2", "-1", code, sentence]).map(|notice| notice.kind)
    }

    #[test]
    fn the_name_of_a_farm_stands_behind_the_last_colon() {
        for (sentence, name) in [
            ("Market data farm connection is OK:usfarm.nj", "usfarm.nj"),
            (
                "HMDS data farm connection is inactive but should be available upon demand.:ushmds",
                "ushmds",
            ),
            ("no name", ""),
            ("\u{1b}[31m:us\u{1b} farm\n", "usfarm"),
        ] {
            let Some(SystemMessageKind::Farm(farm)) = kind("2104", sentence) else {
                panic!("{sentence}: no farm");
            };
            assert_eq!(farm.name, name);
        }
    }

    #[test]
    fn a_lost_connection_is_no_broken_farm() {
        assert_eq!(kind("1100", "lost"), Some(SystemMessageKind::LinkLost));
        assert_eq!(kind("2110", "lost"), Some(SystemMessageKind::LinkLost));
        assert_eq!(kind("1101", "back"), Some(SystemMessageKind::LinkRestored));
        assert_eq!(kind("1102", "back"), Some(SystemMessageKind::LinkRestored));
        assert_eq!(kind("10197", "no data"), Some(SystemMessageKind::Other));
        assert_eq!(kind("", "nothing"), None);
    }
}
