//! What the settings may hold: the Gateway refuses the rest, or never listens, and says so late or not at all.
//!
//! Tried with build a27ed42 and the reader it ships (snakeyaml 1.17), whose class Config has these properties.

use crate::cp::conf::node::{ConfNode, Value};
use crate::cp::conf::scalar::Plain;
use ib_cli::shown_key;
use std::collections::HashSet;

/// What one setting holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Truth,
    Integer,
    /// That of the instance takes its place, whatever it is.
    Replaced,
    /// Text that may not be null.
    Host,
    Cors,
    /// The pools of Vert.x.
    Pools,
    Apps,
    Lists,
}

const KEYS: [(&str, Kind); 18] = [
    ("ip2loc", Kind::Text),
    ("proxyRemoteSsl", Kind::Truth),
    ("proxyRemoteHost", Kind::Host),
    ("listenPort", Kind::Replaced),
    ("listenSsl", Kind::Truth),
    ("ccp", Kind::Truth),
    ("svcEnvironment", Kind::Text),
    ("sslCert", Kind::Text),
    ("sslPwd", Kind::Text),
    ("authDelay", Kind::Integer),
    ("portalBaseURL", Kind::Text),
    ("twsBaseURL", Kind::Text),
    ("tst", Kind::Truth),
    ("ssoPing", Kind::Integer),
    ("serverOptions", Kind::Pools),
    ("cors", Kind::Cors),
    ("webApps", Kind::Apps),
    ("ips", Kind::Lists),
];

/// What the Gateway hands on to Vert.x, each a number above 0.
const POOLS: [&str; 5] = [
    "eventLoopPoolSize",
    "workerPoolSize",
    "internalBlockingPoolSize",
    "maxWorkerExecuteTime",
    "blockedThreadCheckInterval",
];

/// Refuses what the Gateway would not take; `shipped` are the keys of the file that came with it.
///
/// A Gateway newer than the one tried may know more keys: its own file shows them.
pub fn check(root: &ConfNode, shipped: &HashSet<String>) -> Result<(), String> {
    check_once(root)?;
    let Value::Map(pairs) = &root.value else {
        return Err("it is no list of keys and values".to_owned());
    };
    for (key, value) in pairs {
        let name = key.letters().unwrap_or_default();
        match KEYS.iter().find(|(known, _)| *known == name) {
            Some((_, kind)) => {
                check_value(*kind, value).map_err(|wanted| {
                    let line = key.line;
                    format!(
                        "{name} is not {wanted}, and the Gateway takes nothing else (line {line})"
                    )
                })?;
            }
            None if shipped.contains(name) => {}
            None => {
                let which = shown(name)
                    .map_or_else(|| "such key".to_owned(), |name| format!("key '{name}'"));
                return Err(format!(
                    "the Gateway knows no {which} (line {}; correct it, or take it out)",
                    key.line
                ));
            }
        }
    }
    Ok(())
}

/// Refuses a key that stands twice in one map: the Gateway takes the last and drops the first.
fn check_once(node: &ConfNode) -> Result<(), String> {
    match &node.value {
        Value::Word(_) | Value::Text(_) => Ok(()),
        Value::List(entries) => entries.iter().try_for_each(check_once),
        Value::Map(pairs) => {
            let mut names = HashSet::new();
            for (key, value) in pairs {
                let name = key.letters().unwrap_or_default();
                if !names.insert(name) {
                    let which = shown(name).map_or_else(String::new, |name| format!(" '{name}'"));
                    return Err(format!(
                        "a key{which} is there twice, for the second time in line {} (leave one of them)",
                        key.line
                    ));
                }
                check_once(value)?;
            }
            Ok(())
        }
    }
}

/// What a value has to be and is not.
fn check_value(kind: Kind, value: &ConfNode) -> Result<(), &'static str> {
    let is_null = value.plain() == Some(Plain::Null);
    let (fits, wanted) = match kind {
        Kind::Text => (value.letters().is_some(), "a word"),
        Kind::Truth => (value.letters().is_some_and(is_truth), "true or false"),
        Kind::Integer => (value.letters().is_some_and(is_integer), "a whole number"),
        Kind::Replaced => (true, ""),
        Kind::Host => (value.letters().is_some() && !is_null, "a word"),
        Kind::Cors => (
            is_null || is_cors(value),
            "origin.allowed in quotes and allowCredentials",
        ),
        Kind::Pools => (is_pools(value), "keys with whole numbers above 0"),
        Kind::Apps => (is_apps(value), "a list with name and index"),
        Kind::Lists => (is_lists(value), "the lists allow and deny"),
    };
    if fits { Ok(()) } else { Err(wanted) }
}

/// In whatever case, in quotes or without.
fn is_truth(letters: &str) -> bool {
    let lower = letters.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "yes" | "no" | "true" | "false" | "on" | "off"
    )
}

/// In quotes or without: 32 bits.
fn is_integer(letters: &str) -> bool {
    let digits = letters.replace('_', "");
    let is_decimal = digits
        .trim_start_matches(['+', '-'])
        .bytes()
        .all(|digit| digit.is_ascii_digit());
    Plain::of(letters) == Plain::Integer && (!is_decimal || digits.parse::<i32>().is_ok())
}

fn is_pools(value: &ConfNode) -> bool {
    let Value::Map(pairs) = &value.value else {
        return false;
    };
    pairs.iter().all(|(key, size)| {
        let is_known = key.letters().is_some_and(|name| POOLS.contains(&name));
        let is_number = size.plain() == Some(Plain::Integer);
        let is_positive = size
            .letters()
            .is_some_and(|letters| !letters.starts_with('-') && letters != "0");
        !is_known || (is_number && is_positive)
    })
}

/// Looked at when the Gateway begins to listen: what is of another kind keeps it from that.
fn is_cors(value: &ConfNode) -> bool {
    let fits = |name: &str, kind| {
        let value = value.value_of(name);
        value.is_none_or(|value| value.plain() == Some(kind))
    };
    matches!(value.value, Value::Map(_))
        && fits("origin.allowed", Plain::Text)
        && fits("allowCredentials", Plain::Truth)
}

fn is_apps(value: &ConfNode) -> bool {
    let is_app = |app: &ConfNode| match &app.value {
        Value::Map(pairs) => pairs.iter().all(|(key, value)| {
            matches!(key.letters(), Some("name" | "index")) && value.letters().is_some()
        }),
        _ => false,
    };
    match &value.value {
        Value::List(apps) => apps.iter().all(is_app),
        _ => false,
    }
}

/// A list that is null switches the filter off. The Gateway does not listen when the block is null, or a list is
/// something else than a list.
fn is_lists(value: &ConfNode) -> bool {
    match &value.value {
        Value::Map(pairs) => pairs.iter().all(|(_, list)| {
            matches!(list.value, Value::List(_)) || list.plain() == Some(Plain::Null)
        }),
        _ => false,
    }
}

/// A key's name, where it is a known one, or one mistyped.
fn shown(name: &str) -> Option<&str> {
    let known = KEYS.iter().map(|(known, _)| *known);
    shown_key(name, known.chain(["allow", "deny"]))
}
