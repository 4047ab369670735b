//! What a test makes happen by the control.

use serde::Deserialize;
use serde_json::{Value, json};

/// A deed, named in `POST /do/NAME`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Deed {
    Login,
    DropBrokerage,
    DropSession,
    Compete,
    Lock,
    ApprovePush,
    PassTime,
    IssueToken,
    ExpireToken,
    Reset,
}

impl Deed {
    /// The deed of this name; the error says that there is no such deed.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        serde_json::from_value(json!(name)).map_err(|_| unknown(name))
    }
}

/// The error for a name that is no deed here.
pub(crate) fn unknown(name: &str) -> String {
    format!("no deed is called {name}")
}

/// The text that a deed needs under a key.
pub(crate) fn needed<'a>(with: &'a Value, key: &str) -> Result<&'a str, String> {
    with[key]
        .as_str()
        .ok_or_else(|| format!("this needs a \"{key}\""))
}
