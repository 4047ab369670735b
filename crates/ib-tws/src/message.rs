//! What messages mean: those of the TWS API's versions 100 to 178, which are fields of text, each ended by a zero byte.
//!
//! Source: IBKR's own client, `ibapi` 9.81.1 on PyPI (`message.py`, `decoder.py`), and what it sends.

use crate::frames::framed;
use crate::system_message::SystemMessage;
use ib_cli::Mode;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The oldest version that begins with this handshake, and the newest whose messages are text (protobuf from 201 on).
pub(crate) const VERSIONS: std::ops::RangeInclusive<i64> = 100..=178;

/// In seconds since 1970: RFC 3339 has no later times.
const YEAR_10000: u64 = 253_402_300_800;

/// With which a client names itself, one connection each.
///
/// Never 0, which takes over the orders placed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientId(NonZeroU32);

impl ClientId {
    /// The id, unless it is 0 or more than the 31 bits that the API has for it.
    #[must_use]
    pub fn new(id: u32) -> Option<Self> {
        let id = NonZeroU32::new(id)?;
        i32::try_from(id.get()).is_ok().then_some(Self(id))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// Another one, which another process does not choose at the same time.
    pub(crate) fn another(self) -> Self {
        let moved = self.get().wrapping_add(std::process::id()) & 0x7fff_ffff;
        Self::new(moved)
            .filter(|id| *id != self)
            .unwrap_or(Self(NonZeroU32::MIN))
    }
}

/// Account numbers; no `Debug`, so that they get into no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Accounts(Vec<String>);

impl Accounts {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The mode that all of them are of; `None` when there are none, or some of each.
    ///
    /// The number of a paper account begins with a D, where a live one has a U or an F (as in Voyz/ibind#61).
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        let papers = self.0.iter().filter(|name| name.starts_with('D')).count();
        match papers {
            _ if self.0.is_empty() => None,
            0 => Some(Mode::Live),
            all if all == self.0.len() => Some(Mode::Paper),
            _ => None,
        }
    }
}

/// What begins a conversation: the versions that we speak.
pub(crate) fn hello() -> Vec<u8> {
    let versions = format!("v{}..{}", VERSIONS.start(), VERSIONS.end());
    [&b"API\0"[..], &framed(versions.as_bytes())].concat()
}

/// `START_API`, version 2, without optional capabilities.
pub(crate) fn start_api(id: ClientId) -> Vec<u8> {
    framed(format!("71\x002\x00{}\x00\x00", id.get()).as_bytes())
}

/// `REQ_CURRENT_TIME`, version 1.
pub(crate) fn ask_for_time() -> Vec<u8> {
    framed(b"49\x001\x00")
}

/// One message from the server, as far as it concerns a probe.
pub(crate) enum Message {
    /// The version that the server chose: the answer to the handshake.
    Version(i64),
    ManagedAccounts(Accounts),
    NextValidId,
    CurrentTime(SystemTime),
    System(SystemMessage),
    /// One that a probe has no use for.
    Other,
}

impl Message {
    /// Reads one message; before the server has said its version, one of two fields is that.
    ///
    /// # Errors
    /// Why it is no message of the TWS API.
    pub(crate) fn read(body: &[u8], awaits_version: bool) -> Result<Self, &'static str> {
        let text = String::from_utf8_lossy(body);
        let fields = text.strip_suffix('\0').ok_or("a field has no end")?;
        let fields: Vec<&str> = fields.split('\0').collect();
        let kind = fields[0].parse::<i64>();
        let kind = kind.map_err(|_| "it does not begin with a number")?;
        if awaits_version && fields.len() == 2 {
            return Ok(Self::Version(kind));
        }
        Ok(match kind {
            4 => {
                Self::System(SystemMessage::read(&fields).ok_or("a system message without a code")?)
            }
            9 => {
                let id = fields.get(2).and_then(|id| id.parse::<i64>().ok());
                id.map(|_| Self::NextValidId)
                    .ok_or("a next valid id that is not a number")?
            }
            15 => {
                let names = fields.get(2).ok_or("accounts without a list")?;
                let names = names.split(',').filter(|name| !name.is_empty());
                Self::ManagedAccounts(Accounts(names.map(str::to_owned).collect()))
            }
            49 => {
                let seconds = fields.get(2).and_then(|seconds| seconds.parse().ok());
                let seconds = seconds.filter(|seconds| *seconds < YEAR_10000);
                let seconds = seconds.ok_or("a time that is not valid")?;
                Self::CurrentTime(UNIX_EPOCH + Duration::from_secs(seconds))
            }
            _ => Self::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn speaks_as_ibkrs_own_client_does() {
        // Recorded from ibapi 9.81.1, with our versions in place of its own.
        assert_eq!(hello(), b"API\0\0\0\0\x09v100..178");
        let id = ClientId::new(999).expect("an id");
        assert_eq!(start_api(id), b"\0\0\0\x0a71\x002\x00999\x00\x00");
        assert_eq!(ask_for_time(), b"\0\0\0\x0549\x001\x00");
    }

    #[test]
    fn accounts_are_of_one_mode_or_of_none() {
        for (names, mode) in [
            (&["DU1234567"][..], Some(Mode::Paper)),
            (&["DF1", "DU2"], Some(Mode::Paper)),
            (&["U1234567"], Some(Mode::Live)),
            (&["F1", "U2"], Some(Mode::Live)),
            (&["U1", "DU2"], None),
            (&[], None),
        ] {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(Accounts(names).mode(), mode);
        }
    }

    #[test]
    fn client_ids_are_positive_and_of_31_bits() {
        for id in [0, 1 << 31, u32::MAX] {
            assert_eq!(ClientId::new(id), None);
        }
        for id in [1, 999, (1 << 31) - 1, (1 << 31) - std::process::id()] {
            let id = ClientId::new(id).expect("an id");
            assert_ne!(id.another(), id);
            assert!(ClientId::new(id.another().get()).is_some(), "{id:?}");
        }
    }

    #[test]
    fn two_fields_are_the_version_only_while_it_is_awaited() {
        let body = b"178\x0020261122 15:40:00 Central European Standard Time\0";
        assert!(matches!(
            Message::read(body, true),
            Ok(Message::Version(178))
        ));
        assert!(matches!(Message::read(body, false), Ok(Message::Other)));
    }

    #[test]
    fn what_is_no_message_is_called_so() {
        for body in [
            &b"\0"[..],
            b"hello\0",
            b"9",
            b"9\x001\x00soon\0",
            b"9\x001\0",
            b"15\x001\0",
            b"49\x001\x00noon\0",
            b"49\x001\x00-1\0",
            b"49\x001\x00253402300800\0",
            b"4\x002\x00-1\x00bad\x00words\0",
            b"4\x002\0",
        ] {
            assert!(
                Message::read(body, false).is_err(),
                "{:?} was taken",
                String::from_utf8_lossy(body)
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_none(body in prop::collection::vec(any::<u8>(), 0..200), awaits in any::<bool>()) {
            let _ = Message::read(&body, awaits);
        }

        #[test]
        fn any_fields_after_a_known_number_are_a_message_or_none(
            kind in prop::sample::select(vec!["4", "9", "15", "49"]),
            fields in prop::collection::vec("[-0-9a-z,:]{0,25}", 0..6),
        ) {
            let body = format!("{kind}\0{}\0", fields.join("\0"));
            let _ = Message::read(body.as_bytes(), false);
        }
    }
}
