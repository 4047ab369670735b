//! The Gateway's address filter: what it answers to whom, of two lists.
//!
//! As IPv4Validator of build a27ed42 has it, the class that every request goes through. It keeps the last expression it
//! compiled from one request to the next, so that an entry that compiles none depends on who asked before.

mod addresses;
mod entry;
mod walk;

pub use addresses::Addresses;
pub use entry::{Effect, Entry};

use crate::cp::conf::{ConfNode, Value};
use std::net::Ipv4Addr;
use walk::FilterWalk;

/// The filter that an `ips` block makes.
pub enum Filter {
    /// Every address is let in: a list is missing, or null.
    Off,
    On {
        allow: Vec<Entry>,
        deny: Vec<Entry>,
    },
}

/// What an address gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterAnswer {
    Admitted,
    /// 404; by an entry of deny, or since allow does not have it.
    Refused,
    /// 500, for the sake of one entry.
    Broken,
    /// At first one thing, then another, as others have asked before.
    Changing,
    /// An expression decides that is not read here.
    Unknown,
}

impl Filter {
    /// Reads the block.
    pub fn of(block: Option<&ConfNode>) -> Self {
        let list = |name: &str| match &block?.value_of(name)?.value {
            Value::List(entries) => Some(entries.iter().map(Entry::read).collect()),
            _ => None,
        };
        match (list("allow"), list("deny")) {
            (Some(allow), Some(deny)) => Self::On { allow, deny },
            _ => Self::Off,
        }
    }

    /// What this address gets; and the entry that decides, if one does.
    pub fn answer(&self, address: Ipv4Addr) -> (FilterAnswer, Option<&Entry>) {
        let Self::On { allow, deny } = self else {
            return (FilterAnswer::Admitted, None);
        };
        let mut walk = FilterWalk::default();
        for entry in deny {
            if walk.meets(entry, address) {
                let found = walk.found(entry, FilterAnswer::Refused);
                return (found, Some(entry));
            }
        }
        let admitted = match walk.begins_with_old {
            true => FilterAnswer::Changing,
            false => FilterAnswer::Admitted,
        };
        for entry in allow {
            if walk.meets(entry, address) {
                return (walk.found(entry, admitted), Some(entry));
            }
        }
        let found = if walk.met_unknown {
            FilterAnswer::Unknown
        } else {
            FilterAnswer::Refused
        };
        (found, None)
    }

    /// The entries of allow that let an address in, or may.
    pub fn admitting(&self) -> Vec<&Entry> {
        let Self::On { allow, deny } = self else {
            return Vec::new();
        };
        let denied = means(deny);
        let mut walk = FilterWalk::default();
        let mut is_reached = |entry: &&Entry| {
            let is_reached = !walk.breaks(entry);
            walk.passes(entry);
            is_reached
        };
        if !deny.iter().all(|entry| is_reached(&entry)) {
            return Vec::new();
        }
        let admits = |entry: &&Entry| match &entry.effect {
            Effect::Means(addresses) => !addresses.are_within(&denied),
            Effect::Unknown => true,
            _ => false,
        };
        allow.iter().take_while(is_reached).filter(admits).collect()
    }

    /// The entries of deny that refuse an address which allow lets in, or may.
    pub fn excepting(&self) -> Vec<&Entry> {
        let Self::On { allow, deny } = self else {
            return Vec::new();
        };
        let meets = |one: &Addresses, other: &Addresses| one.and(other).count() > 0;
        let excepts = |entry: &&Entry| {
            allow
                .iter()
                .any(|allowed| match (&allowed.effect, &entry.effect) {
                    (Effect::Means(allowed), Effect::Means(denied)) => meets(allowed, denied),
                    (Effect::Unknown, Effect::Means(denied)) => denied.count() > 0,
                    (Effect::Means(_) | Effect::Unknown, Effect::Unknown) => true,
                    _ => false,
                })
        };
        deny.iter().filter(excepts).collect()
    }

    /// The entries that mean no address, in either list, and do no harm.
    pub fn meaningless(&self) -> Vec<&Entry> {
        let is_meaningless = |entry: &&Entry| match &entry.effect {
            Effect::Means(addresses) => addresses.count() == 0,
            Effect::Keeps | Effect::Repeats => true,
            Effect::Unknown | Effect::Breaks => false,
        };
        self.entries().filter(is_meaningless).collect()
    }

    /// The entries of which it is not known whom they mean.
    pub fn unread(&self) -> Vec<&Entry> {
        let is_unread = |entry: &&Entry| entry.effect == Effect::Unknown;
        self.entries().filter(is_unread).collect()
    }

    /// Whether every address is let in.
    pub fn admits_all(&self) -> bool {
        if matches!(self, Self::Off) {
            return true;
        }
        let admitting: Vec<Addresses> = self
            .admitting()
            .into_iter()
            .filter_map(Entry::means)
            .collect();
        Addresses::all().are_within(&admitting) && self.excepting().is_empty()
    }

    /// The entry at which the Gateway answers 500 to some address; `None` when there is none.
    pub fn breaking(&self) -> Option<&Entry> {
        let Self::On { allow, deny } = self else {
            return None;
        };
        let mut walk = FilterWalk::default();
        let mut decided = Vec::new();
        for entry in deny.iter().chain(allow) {
            let breaks = walk.breaks(entry);
            // An address that an earlier entry has decided about never comes to it.
            if breaks && !Addresses::all().are_within(&decided) {
                return Some(entry);
            }
            decided.extend(entry.means());
            walk.passes(entry);
        }
        None
    }

    /// Whether an entry stands in allow.
    pub fn allows(&self, entry: &Entry) -> bool {
        matches!(self, Self::On { allow, .. } if allow.contains(entry))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        let (allow, deny): (&[Entry], &[Entry]) = match self {
            Self::Off => (&[], &[]),
            Self::On { allow, deny } => (allow, deny),
        };
        allow.iter().chain(deny)
    }
}

fn means(entries: &[Entry]) -> Vec<Addresses> {
    entries.iter().filter_map(Entry::means).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::fs;

    /// What the class of the real Gateway answered, each request after the one before; the file says how.
    const MEASURED: &str = "../../tests/data/gateway-filter.tsv";

    fn filter(block: &str) -> Filter {
        let node = ConfNode::read(block).ok().flatten();
        Filter::of(Some(&node.expect("a block")))
    }

    #[test]
    fn answers_as_the_real_gateway_did() {
        let table = fs::read_to_string(MEASURED).expect("the table is there");
        let mut unknown = 0;
        let mut all = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (block, requests) = line.split_once('\t').expect("a block and its answers");
            let filter = filter(block);
            let mut got: HashMap<Ipv4Addr, Vec<&str>> = HashMap::new();
            for request in requests.split(' ') {
                let (address, answer) = request.split_once('=').expect("an answer");
                let address = address.parse().expect("an address");
                got.entry(address).or_default().push(answer);
            }
            for (address, answers) in got {
                all += 1;
                let expected = match filter.answer(address).0 {
                    FilterAnswer::Admitted => "302",
                    FilterAnswer::Refused => "404",
                    FilterAnswer::Broken => "500",
                    FilterAnswer::Unknown => {
                        unknown += 1;
                        continue;
                    }
                    FilterAnswer::Changing => {
                        assert!(!answers.contains(&"500"), "{block} {address} {answers:?}");
                        continue;
                    }
                };
                assert!(
                    answers.iter().all(|answer| *answer == expected),
                    "{block} {address}: {answers:?}, and not {expected}"
                );
                if filter.admits_all() {
                    assert_eq!(expected, "302", "{block} {address}");
                }
            }
            let breaks = requests.contains("=500");
            assert!(
                filter.breaking().is_some() || !breaks || !filter.unread().is_empty(),
                "{block}: {requests}"
            );
        }
        assert!(unknown * 5 < all, "{unknown} of {all} are not known");
    }
}
