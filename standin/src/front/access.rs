//! The IP filter: `ips.allow` and `ips.deny`, as class IPv4Validator of build a27ed42 has it (read from its byte code,
//! and compared with it over some thousand lists: tests/data/gateway-filter.tsv holds a part of the answers).

use super::yaml::YamlNode;
use crate::http::Response;
use regex_lite::Regex;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// What a whole number of an address is to it.
const NUMBER: &str = "([01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])";

/// The two lists; `None` where the key is missing or null. An entry that is no text is `None`.
#[derive(Clone, Default)]
pub(crate) struct Access {
    pub allow: Option<Vec<Option<String>>>,
    pub deny: Option<Vec<Option<String>>>,
    /// What it compiled last: kept from one request to the next, also of other clients.
    compiled: Arc<Mutex<Compiled>>,
}

#[derive(Default)]
struct Compiled {
    text: Option<String>,
    pattern: Option<Regex>,
}

/// An exception on the way: the Gateway answers 500.
struct Exception;

impl Access {
    /// Reads the block. One that is null, or no map of lists, keeps the Gateway from listening; the error says so.
    pub(crate) fn read(block: Option<&YamlNode>) -> Result<Self, &'static str> {
        let Some(block) = block else {
            return Ok(Self::default());
        };
        let YamlNode::Map(_) = block else {
            return Err("java.lang.NullPointerException");
        };
        let list = |key: &str| match block.get(key) {
            None => Ok(None),
            Some(value) if value.is_null() => Ok(None),
            Some(YamlNode::List(entries)) => {
                let text = |entry: &YamlNode| match entry {
                    YamlNode::Text(text) => Some(text.clone()),
                    YamlNode::Other(_) | YamlNode::List(_) | YamlNode::Map(_) => None,
                };
                Ok(Some(entries.iter().map(text).collect()))
            }
            Some(_) => Err("java.lang.ClassCastException"),
        };
        Ok(Self {
            allow: list("allow")?,
            deny: list("deny")?,
            ..Self::default()
        })
    }

    /// The answer for an address that is kept out, on every path: 404, and not 403.
    pub(crate) fn refuse(&self, peer: IpAddr) -> Option<Response> {
        // Without either list it looks no further.
        let (allow, deny) = (self.allow.as_ref()?, self.deny.as_ref()?);
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let peer = peer.to_string();
        let is_allowed = compiled
            .meets(deny, &peer)
            .and_then(|denied| Ok(!denied && compiled.meets(allow, &peer)?));
        match is_allowed {
            Ok(true) => None,
            Ok(false) => Some(Response::bare(404, "Access Denied")),
            Err(Exception) => Some(Response::bare(500, "Internal Server Error")),
        }
    }
}

impl Compiled {
    /// `matchAddress`: entry by entry, until one matches.
    fn meets(&mut self, list: &[Option<String>], peer: &str) -> Result<bool, Exception> {
        for entry in list {
            // A number is cast to a string, and null is split.
            let entry = entry.as_ref().ok_or(Exception)?;
            self.set_pattern(entry)?;
            if self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(peer))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `setPattern`: with fewer than four parts, and no star at the end, what was compiled last stays.
    fn set_pattern(&mut self, entry: &str) -> Result<(), Exception> {
        let number = compile(NUMBER)?;
        let is_number = |part: &&str| number.is_match(part);
        // Java's split drops empty parts at the end.
        let parts: Vec<&str> = entry.trim_end_matches('.').split('.').collect();
        let text = match parts.as_slice() {
            _ if entry == "*" => Some("*".to_owned()),
            [beginning @ .., "*"]
                if (1..=3).contains(&beginning.len()) && beginning.iter().all(is_number) =>
            {
                let stars = vec![NUMBER; 4 - beginning.len()];
                Some([beginning, &stars].concat().join(r"\."))
            }
            few if few.len() < 4 => return Ok(()),
            four if four.len() == 4 => Some(four.join(r"\.")),
            _ => self.text.clone(),
        };
        self.text = text;
        let text = self.text.as_ref().ok_or(Exception)?;
        self.pattern = Some(compile(text)?);
        Ok(())
    }
}

/// `Pattern.compile`, to be matched as a whole. A star that nothing stands before is refused there.
fn compile(text: &str) -> Result<Regex, Exception> {
    if text.starts_with(['*', '+', '?']) {
        return Err(Exception);
    }
    Regex::new(&format!("^(?:{text})$")).map_err(|_| Exception)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn answers_as_the_gateways_own_class_did() {
        let table = fs::read_to_string("../tests/data/gateway-filter.tsv").expect("it is there");
        let mut compared = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (block, requests) = line.split_once('\t').expect("a block and its answers");
            // What only Java's expressions have.
            if ["\\Q", "&&", "*+", "{,", "**", "[1-]", "[-1]", "[]1]", "[[:"]
                .iter()
                .any(|odd| block.contains(odd))
            {
                continue;
            }
            let node = YamlNode::read(block).expect("YAML");
            let access = Access::read(node.as_ref()).expect("lists");
            for request in requests.split(' ') {
                let (address, expected) = request.split_once('=').expect("an answer");
                let refusal = access.refuse(address.parse().expect("an address"));
                let answer = refusal.map_or("302".to_owned(), |answer| answer.status.to_string());
                assert_eq!(answer, expected, "{line} {request}");
                compared += 1;
            }
        }
        assert!(compared > 3000, "{compared}");
    }

    #[test]
    fn lets_everybody_in_unless_both_lists_are_there() {
        for block in [
            "{}",
            "{allow: [10.0.0.1]}",
            "{deny: [127.0.0.1]}",
            "{allow: ~, deny: [127.0.0.1]}",
        ] {
            let node = YamlNode::read(block).expect("YAML");
            let access = Access::read(node.as_ref()).expect("lists");
            assert!(
                access.refuse(IpAddr::from([127, 0, 0, 1])).is_none(),
                "{block}"
            );
        }
    }
}
