//! Secrets are taken out of what is logged and reported.

use ib_cli::SecretText;

/// The secrets of a start, for the texts that must not have them; no `Debug`.
#[derive(Clone)]
pub(crate) struct Redaction(Vec<SecretText>);

impl Redaction {
    pub(crate) fn of(secrets: Vec<SecretText>) -> Self {
        Self(secrets)
    }

    /// The text with stars in the place of each secret.
    pub(crate) fn redact(&self, text: &str) -> String {
        let texts = self.0.iter().map(SecretText::expose);
        texts
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}
