//! Which addresses the Gateway lets in: the `ips` block of its settings, as build a27ed42 reads it.

use crate::cp::address_pattern::AddressPattern;
use crate::cp::conf::{ConfFile, ConfNode, ConfValue};
use crate::cp::filter::{AddressFilter, AddressSet, EntryEffect, FilterAnswer, FilterEntry};
use ib_cli::{Error, Exit, Result, warn};
use std::net::Ipv4Addr;

/// What the report has when the Gateway lets every address in.
const ANYONE: &str = "anyone";

/// Which addresses the settings let in.
pub(crate) struct Admission {
    filter: AddressFilter,
    /// Whether the addresses come from the flag. A user who lets a network in that way means it.
    is_on_purpose: bool,
}

impl Admission {
    /// Reads the block.
    pub(crate) fn of(conf: &ConfFile) -> Self {
        Self {
            filter: AddressFilter::of(conf.value("ips")),
            is_on_purpose: false,
        }
    }

    /// Replaces `ips.allow` by the addresses of the flag and this machine. `ips.deny` stays as it is.
    pub(crate) fn replace(conf: &mut ConfFile, allowed: &[AddressPattern]) -> Result<Self> {
        let this_machine = AddressPattern::Address(Ipv4Addr::LOCALHOST);
        let others = allowed.iter().filter(|other| **other != this_machine);
        let allowed: Vec<String> = std::iter::once(&this_machine)
            .chain(others)
            .map(ToString::to_string)
            .collect();
        let empty = || ConfNode::of(ConfValue::Map(Vec::new()));
        let mut block = conf.value("ips").cloned().unwrap_or_else(empty);
        let list = allowed.iter().map(|entry| ConfNode::text(entry)).collect();
        block.set("allow", ConfNode::of(ConfValue::List(list)));
        // When this list is missing or null, the filter is off and lets every address in.
        let has_deny = block
            .value_of("deny")
            .is_some_and(|deny| matches!(deny.value, ConfValue::List(_)));
        if !has_deny {
            block.set("deny", ConfNode::of(ConfValue::List(Vec::new())));
        }
        conf.set("ips", block);
        let admission = Self {
            is_on_purpose: true,
            ..Self::of(conf)
        };
        let refused = |why: String| {
            let message = format!("{}: {why}", conf.path.display());
            Err(Error::new(Exit::Config, message))
        };
        if let Some(why) = admission.breakage() {
            return refused(why);
        }
        let admitted = admission.admitted();
        if let Some(lost) = allowed.iter().find(|entry| !admitted.contains(entry)) {
            return refused(format!(
                "{} in ips.deny keeps {lost} out in spite of --allow (take it out there)",
                admission.denied().join(", ")
            ));
        }
        Ok(admission)
    }

    /// The entries that let an address in, or may.
    pub(crate) fn admitted(&self) -> Vec<String> {
        if self.filter.admits_all() {
            return vec![ANYONE.to_owned()];
        }
        texts(&self.filter.admitting())
    }

    /// The entries that refuse an address which `ips.allow` would let in.
    pub(crate) fn denied(&self) -> Vec<String> {
        texts(&self.filter.excepting())
    }

    /// The entries that mean no address, in either list.
    pub(crate) fn ignored(&self) -> Vec<String> {
        texts(&self.filter.meaningless())
    }

    /// Warns of entries that do not do what they seem to.
    pub(crate) fn warn(&self) {
        if matches!(self.filter, AddressFilter::Off) {
            let message = "the Gateway filters nothing unless ips has both lists, allow and deny: every machine that reaches this port may use the session (give --allow IP)";
            warn("admits_anyone", message);
            return;
        }
        if self.filter.admits_all() {
            let message = "ips.allow admits every machine that reaches this port, and it may use the session (give --allow IP)";
            warn("admits_anyone", message);
        } else if !self.is_on_purpose {
            for entry in self.filter.admitting().into_iter().filter(is_network) {
                let message = format!(
                    "{} in ips.allow admits a whole network on every address of this machine, and it may use the session (give --allow IP)",
                    entry.text
                );
                warn("admits_network", &message);
            }
        }
        for entry in self.missed() {
            let message = format!(
                "{} in ips means no address: the Gateway knows addresses, beginnings such as 10.0.*, and regular expressions of four parts",
                entry.text
            );
            warn("address_ignored", &message);
        }
        for entry in self.filter.unread() {
            let message = format!(
                "the tool does not know which addresses {} in ips means: the Gateway takes it for a regular expression",
                entry.text
            );
            warn("address_unknown", &message);
        }
    }

    /// The entries that mean no address though the user relies on them: all such of allow, and those of deny that read as an
    /// exception.
    fn missed(&self) -> Vec<&FilterEntry> {
        let admitting = self.filter.admitting();
        let reads_as_part = |entry: &FilterEntry| {
            admitting.iter().any(|wide| {
                let beginning = wide.text.strip_suffix('*');
                beginning.is_some_and(|beginning| entry.text.starts_with(beginning))
            })
        };
        let is_missed = |entry: &&FilterEntry| self.filter.allows(entry) || reads_as_part(entry);
        self.filter
            .meaningless()
            .into_iter()
            .filter(is_missed)
            .collect()
    }

    /// Why this machine could not use the Gateway; `None` when it could, or when that is not known.
    pub(crate) fn keeps_us_out(&self) -> Option<String> {
        if let Some(why) = self.breakage() {
            return Some(why);
        }
        match self.filter.answer(Ipv4Addr::LOCALHOST) {
            (FilterAnswer::Admitted | FilterAnswer::Unknown, _) => None,
            (FilterAnswer::Refused, Some(entry)) => Some(format!(
                "{} in ips.deny keeps this machine out, so ips.allow does not admit this machine (take it out there)",
                entry.text
            )),
            (FilterAnswer::Refused | FilterAnswer::Broken, _) => {
                Some("ips.allow does not admit this machine (add 127.0.0.1)".to_owned())
            }
            (FilterAnswer::Changing, _) => Some(format!(
                "with {} as the first entry of ips.deny the Gateway refuses each client from its second request on (take it out: it is no IPv4 address)",
                self.first_denied()
            )),
        }
    }

    fn breakage(&self) -> Option<String> {
        let entry = self.filter.breaking()?;
        Some(format!(
            "the Gateway cannot read {} in ips, and answers 500 ({})",
            entry.text,
            remedy(entry)
        ))
    }

    fn first_denied(&self) -> &str {
        match &self.filter {
            AddressFilter::On { deny, .. } => deny.first().map_or("", |entry| &entry.text),
            AddressFilter::Off => "",
        }
    }
}

/// Whether the entry means more than one address, and some other machine.
fn is_network(entry: &&FilterEntry) -> bool {
    let is_local = |addresses: &AddressSet| addresses.are_within(&[AddressSet::local()]);
    entry
        .means()
        .is_some_and(|addresses| addresses.count() > 1 && !is_local(&addresses))
}

fn remedy(entry: &FilterEntry) -> &'static str {
    match &entry.effect {
        EntryEffect::Repeats => "it has more than four parts: take it out",
        EntryEffect::Means(_) | EntryEffect::Unknown | EntryEffect::Keeps | EntryEffect::Breaks => {
            if entry.text == "*" {
                "write 127.0.0.1, and each address that is to be let in"
            } else {
                "write an IPv4 address in quotes, or take it out"
            }
        }
    }
}

fn texts(entries: &[&FilterEntry]) -> Vec<String> {
    entries.iter().map(|entry| entry.text.clone()).collect()
}
