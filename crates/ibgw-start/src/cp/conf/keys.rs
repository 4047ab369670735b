//! What the settings may hold. With anything else the Gateway refuses to start or never listens, and says so late or not at
//! all.
//!
//! Tried with build a27ed42 and the reader it ships (snakeyaml 1.17), whose class Config has these properties.

use crate::cp::conf::node::{ConfNode, ConfValue};
use crate::cp::conf::scalar::ScalarKind;
use ib_cli::shown_key;
use std::collections::HashSet;

/// What one setting holds.
#[derive(Clone, Copy)]
enum SettingKind {
    Text,
    Truth,
    Integer,
    /// Anything: the instance's own value replaces it.
    Replaced,
    /// Text that may not be null.
    Host,
    Cors,
    /// The pools of Vert.x.
    Pools,
    Apps,
    Lists,
}

const KEYS: [(&str, SettingKind); 18] = [
    ("ip2loc", SettingKind::Text),
    ("proxyRemoteSsl", SettingKind::Truth),
    ("proxyRemoteHost", SettingKind::Host),
    ("listenPort", SettingKind::Replaced),
    ("listenSsl", SettingKind::Truth),
    ("ccp", SettingKind::Truth),
    ("svcEnvironment", SettingKind::Text),
    ("sslCert", SettingKind::Text),
    ("sslPwd", SettingKind::Text),
    ("authDelay", SettingKind::Integer),
    ("portalBaseURL", SettingKind::Text),
    ("twsBaseURL", SettingKind::Text),
    ("tst", SettingKind::Truth),
    ("ssoPing", SettingKind::Integer),
    ("serverOptions", SettingKind::Pools),
    ("cors", SettingKind::Cors),
    ("webApps", SettingKind::Apps),
    ("ips", SettingKind::Lists),
];

/// The numbers that the Gateway passes to Vert.x. Each is above 0.
const POOLS: [&str; 5] = [
    "eventLoopPoolSize",
    "workerPoolSize",
    "internalBlockingPoolSize",
    "maxWorkerExecuteTime",
    "blockedThreadCheckInterval",
];

/// Refuses what the Gateway would refuse. `shipped` are the keys of the file that came with it.
///
/// A newer Gateway than the one tried may know more keys. Its own file shows them.
pub(crate) fn check(root: &ConfNode, shipped: &HashSet<String>) -> Result<(), String> {
    check_once(root)?;
    let ConfValue::Map(pairs) = &root.value else {
        return Err("it is not a list of keys and values".to_owned());
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

/// Refuses a key that stands twice in one map: the Gateway would drop the first.
fn check_once(node: &ConfNode) -> Result<(), String> {
    match &node.value {
        ConfValue::Word(_) | ConfValue::Text(_) => Ok(()),
        ConfValue::List(entries) => entries.iter().try_for_each(check_once),
        ConfValue::Map(pairs) => {
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

/// Refuses a value of another kind; the error says what the value must be.
fn check_value(kind: SettingKind, value: &ConfNode) -> Result<(), &'static str> {
    let is_null = value.kind() == Some(ScalarKind::Null);
    let (fits, wanted) = match kind {
        SettingKind::Text => (value.letters().is_some(), "a word"),
        SettingKind::Truth => (value.letters().is_some_and(is_truth), "true or false"),
        SettingKind::Integer => (value.letters().is_some_and(is_integer), "a whole number"),
        SettingKind::Replaced => (true, ""),
        SettingKind::Host => (value.letters().is_some() && !is_null, "a word"),
        SettingKind::Cors => (
            is_null || is_cors(value),
            "origin.allowed in quotes and allowCredentials",
        ),
        SettingKind::Pools => (is_pools(value), "keys with whole numbers above 0"),
        SettingKind::Apps => (is_apps(value), "a list with name and index"),
        SettingKind::Lists => (is_lists(value), "the lists allow and deny"),
    };
    if fits { Ok(()) } else { Err(wanted) }
}

/// In any case, in quotes or without.
fn is_truth(letters: &str) -> bool {
    let lower = letters.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "yes" | "no" | "true" | "false" | "on" | "off"
    )
}

/// A number of 32 bits, in quotes or without.
fn is_integer(letters: &str) -> bool {
    let digits = letters.replace('_', "");
    let is_decimal = digits
        .trim_start_matches(['+', '-'])
        .bytes()
        .all(|digit| digit.is_ascii_digit());
    ScalarKind::of(letters) == ScalarKind::Integer && (!is_decimal || digits.parse::<i32>().is_ok())
}

fn is_pools(value: &ConfNode) -> bool {
    let ConfValue::Map(pairs) = &value.value else {
        return false;
    };
    pairs.iter().all(|(key, size)| {
        let is_known = key.letters().is_some_and(|name| POOLS.contains(&name));
        let is_number = size.kind() == Some(ScalarKind::Integer);
        let is_positive = size
            .letters()
            .is_some_and(|letters| !letters.starts_with('-') && letters != "0");
        !is_known || (is_number && is_positive)
    })
}

/// The Gateway reads these when it begins to listen. With a value of another kind it does not listen.
fn is_cors(value: &ConfNode) -> bool {
    let fits = |name: &str, kind| {
        let value = value.value_of(name);
        value.is_none_or(|value| value.kind() == Some(kind))
    };
    matches!(value.value, ConfValue::Map(_))
        && fits("origin.allowed", ScalarKind::Text)
        && fits("allowCredentials", ScalarKind::Truth)
}

fn is_apps(value: &ConfNode) -> bool {
    let is_app = |app: &ConfNode| {
        let ConfValue::Map(pairs) = &app.value else {
            return false;
        };
        pairs.iter().all(|(key, value)| {
            matches!(key.letters(), Some("name" | "index")) && value.letters().is_some()
        })
    };
    matches!(&value.value, ConfValue::List(apps) if apps.iter().all(is_app))
}

/// A list that is null switches the filter off. The Gateway does not listen when the block is null, or when a list is
/// anything else.
fn is_lists(value: &ConfNode) -> bool {
    let is_list = |list: &ConfNode| {
        matches!(list.value, ConfValue::List(_)) || list.kind() == Some(ScalarKind::Null)
    };
    matches!(&value.value, ConfValue::Map(pairs) if pairs.iter().all(|(_, list)| is_list(list)))
}

/// A key's name, if it is known or close to a known one.
fn shown(name: &str) -> Option<&str> {
    let known = KEYS.iter().map(|(known, _)| *known);
    shown_key(name, known.chain(["allow", "deny"]))
}
