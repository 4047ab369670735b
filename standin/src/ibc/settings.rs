//! IBC's settings, from its `config.ini`.

use super::properties;
use std::collections::BTreeMap;
use std::path::Path;

/// The settings that are never written anywhere.
const SECRETS: [&str; 2] = ["IbPassword", "FIXPassword"];

/// What a `config.ini` says.
pub(crate) struct ConfigIni {
    values: BTreeMap<String, String>,
}

impl ConfigIni {
    /// Reads the file; `None` when it cannot be read.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let values = properties::read(&std::fs::read(file).ok()?);
        Some(Self { values })
    }

    /// One of them, blanks at its ends removed as IBC does; empty when it is not there.
    pub(crate) fn text(&self, key: &str) -> &str {
        let value = self.values.get(key).map_or("", String::as_str);
        value.trim_matches(|character| character <= ' ')
    }

    /// Whether it says yes.
    pub(crate) fn is_yes(&self, key: &str) -> bool {
        ["yes", "true"].contains(&self.text(key).to_lowercase().as_str())
    }

    /// A number; `otherwise` when the text is not a number.
    pub(crate) fn number<N: std::str::FromStr>(&self, key: &str, otherwise: N) -> N {
        self.text(key).parse().unwrap_or(otherwise)
    }

    /// All but the passwords.
    pub(crate) fn shown(&self) -> BTreeMap<&str, &str> {
        let all = self.values.keys().map(String::as_str);
        let open = all.filter(|key| !SECRETS.contains(key));
        open.map(|key| (key, self.text(key))).collect()
    }
}
