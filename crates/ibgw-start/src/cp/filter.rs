//! The Gateway's address filter: what it answers to which address, by two lists.
//!
//! Every request goes through the class IPv4Validator (build a27ed42). It keeps the last expression that it compiled from
//! one request to the next. So what an entry without an expression does depends on the request before.

mod addresses;
mod entry;
mod walk;

pub(crate) use addresses::AddressSet;
pub(crate) use entry::{EntryEffect, FilterEntry};

use crate::cp::conf::{ConfNode, ConfValue};
use std::net::Ipv4Addr;
use walk::FilterWalk;

/// The filter that an `ips` block makes.
pub(crate) enum AddressFilter {
    /// Every address is let in, because a list is missing or null.
    Off,
    On {
        allow: Vec<FilterEntry>,
        deny: Vec<FilterEntry>,
    },
}

/// What the Gateway answers to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterAnswer {
    Admitted,
    /// 404: an entry of deny means the address, or no entry of allow does.
    Refused,
    /// 500: one entry cannot be read.
    Broken,
    /// It depends on the requests before.
    Changing,
    /// It depends on an expression that is not understood here.
    Unknown,
}

impl AddressFilter {
    /// Reads the block.
    pub(crate) fn of(block: Option<&ConfNode>) -> Self {
        let list = |name: &str| match &block?.value_of(name)?.value {
            ConfValue::List(entries) => Some(entries.iter().map(FilterEntry::read).collect()),
            ConfValue::Word(_) | ConfValue::Text(_) | ConfValue::Map(_) => None,
        };
        let lists = list("allow").zip(list("deny"));
        lists.map_or(Self::Off, |(allow, deny)| Self::On { allow, deny })
    }

    /// The answer to this address, and the entry that decides, if one does.
    pub(crate) fn answer(&self, address: Ipv4Addr) -> (FilterAnswer, Option<&FilterEntry>) {
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
        let admitted = if walk.begins_with_old {
            FilterAnswer::Changing
        } else {
            FilterAnswer::Admitted
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
    pub(crate) fn admitting(&self) -> Vec<&FilterEntry> {
        let Self::On { allow, deny } = self else {
            return Vec::new();
        };
        let denied = means(deny);
        let mut walk = FilterWalk::default();
        let mut is_reached = |entry: &&FilterEntry| {
            let is_reached = !walk.breaks(entry);
            walk.passes(entry);
            is_reached
        };
        if !deny.iter().all(|entry| is_reached(&entry)) {
            return Vec::new();
        }
        let admits = |entry: &&FilterEntry| match &entry.effect {
            EntryEffect::Means(addresses) => !addresses.are_within(&denied),
            EntryEffect::Unknown => true,
            EntryEffect::Keeps | EntryEffect::Repeats | EntryEffect::Breaks => false,
        };
        allow.iter().take_while(is_reached).filter(admits).collect()
    }

    /// The entries of deny that refuse an address which allow lets in, or may.
    pub(crate) fn excepting(&self) -> Vec<&FilterEntry> {
        let Self::On { allow, deny } = self else {
            return Vec::new();
        };
        let meets = |one: &AddressSet, other: &AddressSet| one.and(other).count() > 0;
        let excepts = |entry: &&FilterEntry| {
            allow
                .iter()
                .any(|allowed| match (&allowed.effect, &entry.effect) {
                    (EntryEffect::Means(allowed), EntryEffect::Means(denied)) => {
                        meets(allowed, denied)
                    }
                    (EntryEffect::Unknown, EntryEffect::Means(denied)) => denied.count() > 0,
                    (EntryEffect::Means(_) | EntryEffect::Unknown, EntryEffect::Unknown) => true,
                    (EntryEffect::Keeps | EntryEffect::Repeats | EntryEffect::Breaks, _)
                    | (_, EntryEffect::Keeps | EntryEffect::Repeats | EntryEffect::Breaks) => false,
                })
        };
        deny.iter().filter(excepts).collect()
    }

    /// The entries that mean no address, in either list, and do no harm.
    pub(crate) fn meaningless(&self) -> Vec<&FilterEntry> {
        let is_meaningless = |entry: &&FilterEntry| match &entry.effect {
            EntryEffect::Means(addresses) => addresses.count() == 0,
            EntryEffect::Keeps | EntryEffect::Repeats => true,
            EntryEffect::Unknown | EntryEffect::Breaks => false,
        };
        self.entries().filter(is_meaningless).collect()
    }

    /// The entries whose addresses are not known.
    pub(crate) fn unread(&self) -> Vec<&FilterEntry> {
        let is_unread = |entry: &&FilterEntry| entry.effect == EntryEffect::Unknown;
        self.entries().filter(is_unread).collect()
    }

    /// Whether every address is let in.
    pub(crate) fn admits_all(&self) -> bool {
        if matches!(self, Self::Off) {
            return true;
        }
        let admitting: Vec<AddressSet> = self
            .admitting()
            .into_iter()
            .filter_map(FilterEntry::means)
            .collect();
        AddressSet::all().are_within(&admitting) && self.excepting().is_empty()
    }

    /// The entry at which the Gateway answers 500 to some address; `None` when there is none.
    pub(crate) fn breaking(&self) -> Option<&FilterEntry> {
        let Self::On { allow, deny } = self else {
            return None;
        };
        let mut walk = FilterWalk::default();
        let mut decided = Vec::new();
        for entry in deny.iter().chain(allow) {
            let breaks = walk.breaks(entry);
            // An address that an earlier entry has decided never reaches this one.
            if breaks && !AddressSet::all().are_within(&decided) {
                return Some(entry);
            }
            decided.extend(entry.means());
            walk.passes(entry);
        }
        None
    }

    /// Whether an entry stands in allow.
    pub(crate) fn allows(&self, entry: &FilterEntry) -> bool {
        matches!(self, Self::On { allow, .. } if allow.contains(entry))
    }

    fn entries(&self) -> impl Iterator<Item = &FilterEntry> {
        let (allow, deny): (&[FilterEntry], &[FilterEntry]) = match self {
            Self::Off => (&[], &[]),
            Self::On { allow, deny } => (allow, deny),
        };
        allow.iter().chain(deny)
    }
}

fn means(entries: &[FilterEntry]) -> Vec<AddressSet> {
    entries.iter().filter_map(FilterEntry::means).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::fs;

    /// What the class of the real Gateway answered, each request after the one before; the file says how.
    const MEASURED: &str = "../../tests/data/gateway-filter.tsv";

    fn filter(block: &str) -> AddressFilter {
        let node = ConfNode::read(block).ok().flatten();
        AddressFilter::of(Some(&node.expect("a block")))
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
