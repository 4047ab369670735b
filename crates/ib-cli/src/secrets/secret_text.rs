//! A text that must not be seen.

use serde::{Deserialize, Serialize};

/// A text that is wiped on drop, as all memory is, and cannot be printed by accident: no `Debug`, no `Display`.
///
/// JSON has it in a record of a login alone, which one tool of ours writes for another.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes a text over; it is wiped with it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one purpose it is for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
