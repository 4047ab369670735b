//! The file of `--page`, which overrides the built-in knowledge of the login page key by key.

use super::{DEFAULTS, KnownPage, PagePart, PagePhrase, SCHEMA};
use ib_cli::{Error, Exit, Result, Unreadable, another_schema, read_capped, shown_key};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

impl KnownPage {
    /// What this version knows, with the keys of a file in place of its own.
    ///
    /// # Errors
    /// `Config` when the file cannot be read, with the key that is unknown or useless.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let mut known = Self::defaults()?;
        let Some(path) = file else {
            return Ok(known);
        };
        let bad = |cause: String| {
            let message = format!(
                "reading what is known of the page from {}: {cause}",
                path.display()
            );
            Error::new(Exit::Config, message)
        };
        let bytes = File::open(path).and_then(read_capped);
        let bytes = bytes.map_err(|error| bad(error.to_string()))?;
        known.change(bytes.expose()).map_err(bad)?;
        Ok(known)
    }

    fn change(&mut self, bytes: &[u8]) -> std::result::Result<(), String> {
        let change = PageOverrides::read(bytes)?;
        let selectors = change
            .selectors
            .iter()
            .map(|(part, list)| (name(part), list));
        let texts = change.texts.iter().map(|(words, list)| (name(words), list));
        for (name, list) in selectors.chain(texts) {
            // An empty text is a part of every other.
            if list.iter().any(|entry| entry.trim().is_empty()) {
                return Err(format!("{name} has an empty entry"));
            }
        }
        self.selectors.extend(change.selectors);
        self.texts.extend(change.texts);
        Ok(())
    }
}

/// The keys of a file. Keys that it leaves out keep their built-in values.
#[derive(Default)]
struct PageOverrides {
    selectors: BTreeMap<PagePart, Vec<String>>,
    texts: BTreeMap<PagePhrase, Vec<String>>,
}

impl PageOverrides {
    /// Reads it key by key, so that an error can name the key.
    fn read(bytes: &[u8]) -> std::result::Result<Self, String> {
        let parts: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|error| Unreadable::from(error).to_string())?;
        match parts.get("schema").and_then(Value::as_str) {
            Some(SCHEMA) => {}
            Some(other) => return Err(another_schema(other, SCHEMA)),
            None => return Err(format!("it has no schema (it must be {SCHEMA})")),
        }
        let mut change = Self::default();
        for (key, value) in parts {
            match key.as_str() {
                "schema" => {}
                "selectors" => change.selectors = entries(&key, value)?,
                "texts" => change.texts = entries(&key, value)?,
                other => return Err(unknown(other)),
            }
        }
        Ok(change)
    }
}

/// The lists of one of the two parts, under the keys that it has.
fn entries<K: DeserializeOwned + Ord>(
    part: &str,
    value: Value,
) -> std::result::Result<BTreeMap<K, Vec<String>>, String> {
    let Value::Object(lists) = value else {
        return Err(format!("{part} is not an object with a list for each key"));
    };
    let entry = |(name, list): (String, Value)| {
        let key =
            serde_json::from_value(Value::String(name.clone())).map_err(|_| unknown(&name))?;
        match serde_json::from_value(list) {
            Ok(list) => Ok((key, list)),
            Err(_) => Err(format!("{name} is not a list of texts")),
        }
    };
    lists.into_iter().map(entry).collect()
}

fn unknown(key: &str) -> String {
    format!(
        "it has an unknown key {} (--page-defaults prints those that are known)",
        shown_key(key, known_keys()).unwrap_or("that is like none of these")
    )
}

/// Every key that a table may have.
fn known_keys() -> Vec<String> {
    let table: Map<String, Value> = serde_json::from_str(DEFAULTS).unwrap_or_default();
    let within = table.values().filter_map(Value::as_object);
    let within = within.flat_map(Map::keys).cloned();
    within.chain(table.keys().cloned()).collect()
}

/// A key as a file has it.
fn name(key: impl Serialize) -> String {
    let name = serde_json::to_value(key).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownPage {
        KnownPage::defaults().unwrap_or_else(|error| panic!("{error}"))
    }

    fn refusal(file: &str) -> String {
        known().change(file.as_bytes()).err().unwrap_or_default()
    }

    #[test]
    fn takes_its_own_defaults_and_a_part_of_them() {
        let mut changed = known();
        let whole = DEFAULTS.as_bytes();
        changed
            .change(whole)
            .unwrap_or_else(|cause| panic!("{cause}"));
        let one = br##"{"schema":"ibgw-login-page/1","selectors":{"login_button":["#new"]}}"##;
        changed
            .change(one)
            .unwrap_or_else(|cause| panic!("{cause}"));
        assert_eq!(changed.selectors(PagePart::LoginButton), ["#new"]);
        assert_eq!(
            changed.selectors(PagePart::Username),
            known().selectors(PagePart::Username)
        );
    }

    #[test]
    fn names_the_key_that_is_unknown_or_of_no_use() {
        for (file, named) in [
            (
                r#"{"schema":"ibgw-login-page/1","selectors":{"login_buton":["x"]}}"#,
                "login_buton",
            ),
            (
                r#"{"schema":"ibgw-login-page/1","texts":{"sucess":["x"]}}"#,
                "sucess",
            ),
            (
                r#"{"schema":"ibgw-login-page/1","selector":{}}"#,
                "selector",
            ),
            (
                r#"{"schema":"ibgw-login-page/1","texts":{"locked":["x"," "]}}"#,
                "locked",
            ),
            (r#"{"schema":"ibgw-login-page/2"}"#, "ibgw-login-page/2"),
            (r#"{"selectors":{}}"#, "schema"),
        ] {
            let refusal = refusal(file);
            assert!(refusal.contains(named), "{file}: {refusal}");
        }
    }

    #[test]
    fn shows_no_key_that_is_like_none_of_its_own() {
        let refusal = refusal(r#"{"schema":"ibgw-login-page/1","selectors":{"hunter2":["x"]}}"#);
        assert!(refusal.contains("like none of these"), "{refusal}");
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
}
