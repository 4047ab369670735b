//! Secrets are taken out of what is logged and reported.

use ib_cli::Secret;

/// The secrets of a start, for the texts that must not have them; no `Debug`.
#[derive(Clone)]
pub(crate) struct Redaction(Vec<Secret>);

impl Redaction {
    pub(crate) fn of(secrets: Vec<Secret>) -> Self {
        Self(secrets)
    }

    /// The text with stars in the place of each secret.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = self.0.iter();
        let texts = secrets.filter_map(|secret| std::str::from_utf8(secret.expose()).ok());
        texts
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}
