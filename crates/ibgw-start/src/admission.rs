//! Whom the Gateway lets in: the `ips` block of its settings, as build a27ed42 takes it.

use crate::conf::Conf;
use crate::pattern::Pattern;
use ib_cli::{Error, Exit, Result, warn};
use std::net::Ipv4Addr;
use yaml_rust2::{Yaml, yaml::Hash};

/// What is said of a Gateway that lets every address in.
const ANYONE: &str = "anyone";

/// The two lists of the block.
pub struct Admission {
    /// A list excludes everybody else; `None` excludes nobody.
    allow: Option<Vec<String>>,
    /// An address that both lists have is kept out.
    deny: Vec<String>,
}

impl Admission {
    /// Reads the block.
    pub fn of(conf: &Conf) -> Self {
        let block = conf.value("ips").and_then(Yaml::as_hash);
        let list = |key: &str| block.and_then(|block| entries(block, key));
        Self {
            allow: list("allow"),
            deny: list("deny").unwrap_or_default(),
        }
    }

    /// Puts the addresses of the flag in place of `ips.allow`; this machine stays allowed, and `ips.deny` as it is.
    pub fn replace(conf: &mut Conf, allowed: &[Pattern]) -> Result<()> {
        let denied = Self::of(conf).deny;
        let this_machine = Pattern::Address(Ipv4Addr::LOCALHOST);
        let others = allowed.iter().filter(|other| **other != this_machine);
        let allowed: Vec<String> = std::iter::once(&this_machine)
            .chain(others)
            .map(ToString::to_string)
            .collect();
        if let Some(both) = allowed.iter().find(|entry| denied.contains(entry)) {
            let message = format!(
                "ips.deny in {} has {both}, and the Gateway would refuse it in spite of --allow (take it out there)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let mut block = conf
            .value("ips")
            .and_then(Yaml::as_hash)
            .cloned()
            .unwrap_or_default();
        let list = allowed.into_iter().map(Yaml::String).collect();
        block.insert(Yaml::String("allow".to_owned()), Yaml::Array(list));
        conf.set("ips", Yaml::Hash(block));
        Ok(())
    }

    /// The entries that let somebody in.
    pub fn admitted(&self) -> Vec<String> {
        match &self.allow {
            None => vec![ANYONE.to_owned()],
            Some(allow) => {
                let admits =
                    |entry: &&String| Pattern::read(entry).is_some() && !self.deny.contains(entry);
                allow.iter().filter(admits).cloned().collect()
            }
        }
    }

    /// The entries that mean nobody, in either list.
    pub fn ignored(&self) -> Vec<String> {
        let all = self.allow.iter().flatten().chain(&self.deny);
        all.filter(means_nobody).cloned().collect()
    }

    /// Warns of what is not as it looks.
    pub fn warn(&self) {
        if self.allow.is_none() {
            let message = "the settings have no ips.allow: every machine that reaches this port may use the session (give --allow IP)";
            warn("admits_anyone", message);
        }
        for entry in self.allow.iter().flatten().filter(means_nobody) {
            let message = format!(
                "{entry} in ips.allow lets nobody in: the Gateway knows single addresses, and one star at the end"
            );
            warn("address_ignored", &message);
        }
        // Who is not allowed is kept out anyway: an entry of this list counts only where it would make an exception.
        let admitted = self.admitted();
        for entry in self
            .deny
            .iter()
            .filter(|entry| admitted.iter().any(|admitted| overlap(admitted, entry)))
        {
            let message = format!(
                "{entry} in ips.deny may keep nobody out: it does for sure where ips.allow has the same entry"
            );
            warn("exception_unproven", &message);
        }
    }

    /// Why nobody here could use the Gateway; `None` when somebody could.
    pub fn keeps_us_out(&self) -> Option<&'static str> {
        let allow = self.allow.as_ref()?;
        if allow.iter().any(|entry| entry == "*") {
            return Some(
                "with \"*\" in ips.allow the Gateway answers 500 to everything (write 127.0.0.1)",
            );
        }
        let admits_us = |entry: &String| {
            Pattern::read(entry).is_some_and(|pattern| pattern.means(Ipv4Addr::LOCALHOST))
        };
        let is_in = self.admitted().iter().any(admits_us);
        (!is_in).then_some("ips.allow does not admit this machine (add 127.0.0.1)")
    }
}

fn means_nobody(entry: &&String) -> bool {
    Pattern::read(entry).is_none()
}

/// Whether one of two different entries reads as if it meant part of what the other means.
fn overlap(one: &str, other: &str) -> bool {
    let begins = |wide: &str, narrow: &str| {
        let beginning = wide.strip_suffix('*');
        beginning.is_some_and(|beginning| narrow.starts_with(beginning))
    };
    begins(one, other) || begins(other, one)
}

/// A list as text; `None` when the key is not there, nothing when it has no entries.
fn entries(block: &Hash, key: &str) -> Option<Vec<String>> {
    let text = |entry: &Yaml| match entry {
        Yaml::String(text) | Yaml::Real(text) => Some(text.clone()),
        Yaml::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    match block.get(&Yaml::String(key.to_owned()))? {
        Yaml::Array(entries) => Some(entries.iter().filter_map(text).collect()),
        _ => Some(Vec::new()),
    }
}
