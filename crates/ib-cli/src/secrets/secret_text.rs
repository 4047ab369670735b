//! A text that must not be seen.

use serde::{Deserialize, Serialize};

/// A text that is wiped on drop, as all memory is, and cannot be printed by accident: no `Debug`, no `Display`.
///
/// It is written as JSON only in what a tool prints or hands on for that very purpose: the record of a login, a code.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes a text over; it is wiped with it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one purpose it is for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
