//! What went wrong, and what the caller should do about it.

use crate::contract::exit::Exit;
use std::io;
use std::time::Duration;

/// The result of anything a tool does.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, with the exit code that says what to do.
///
/// It has no `From<io::Error>`: the place that knows what the caller should do names the exit.
#[derive(Debug)]
pub struct Error {
    /// What the caller should do.
    pub exit: Exit,
    /// What was tried, on what, and why it did not work.
    pub source: anyhow::Error,
    /// Whether the same call may be made again; `None` means that the exit decides.
    pub retry: Option<bool>,
    /// How long to wait before another call; `None` when it is not known.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// An error with a message of its own.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self::from_source(exit, anyhow::Error::msg(message.into()))
    }

    /// An error with the chain of causes that led to it.
    #[must_use]
    pub fn from_source(exit: Exit, source: anyhow::Error) -> Self {
        Self {
            exit,
            source,
            retry: None,
            retry_after: None,
        }
    }

    /// The same with how long to wait before another call.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// The same for a failure that another call cannot change, whatever the exit usually means.
    #[must_use]
    pub fn never_again(mut self) -> Self {
        self.retry = Some(false);
        self
    }

    /// The same with what was being done in front of the message.
    #[must_use]
    pub fn within(self, context: String) -> Self {
        let source = self.source.context(context);
        Self { source, ..self }
    }

    /// Whether the same call may be made again.
    #[must_use]
    pub fn is_worth_a_retry(&self) -> bool {
        self.retry.unwrap_or(self.exit.is_worth_a_retry())
    }

    /// How many seconds to wait before another call, begun ones included.
    pub(crate) fn retry_after_seconds(&self) -> Option<u64> {
        let wait = self.retry_after?;
        let begun = u64::from(wait.subsec_nanos() > 0);
        Some(wait.as_secs().saturating_add(begun))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{:#}", self.source)
    }
}

/// Gives a failure its exit code.
pub trait OrExit<T> {
    /// The value, or an [`Error`] with this exit.
    ///
    /// # Errors
    /// The failure itself, with the exit given.
    fn or_exit(self, exit: Exit) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for std::result::Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T> {
        self.map_err(|source| Error::from_source(exit, without_words_of_a_library(source.into())))
    }
}

/// The failure in the system's words and ours. A library's words may quote what it read, such as a key.
///
/// Of a library's error only the outermost message remains, which says what was being done. Nothing shows which of the
/// causes below it are the library's own. What a library finds wrong with a file goes through [`crate::Unreadable`].
fn without_words_of_a_library(failure: anyhow::Error) -> anyhow::Error {
    let is_a_sentence = failure.is::<String>() || failure.is::<&'static str>();
    if failure.is::<io::Error>() || is_a_sentence && failure.chain().len() == 1 {
        return failure;
    }
    match failure.chain().len() {
        0 | 1 => anyhow::Error::msg(
            "a part of this program failed (run it again; if it fails again, report this line)",
        ),
        _ => anyhow::Error::msg(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    fn words<T, E: Into<anyhow::Error>>(failed: std::result::Result<T, E>) -> String {
        let error = failed.or_exit(Exit::Config).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn keeps_the_words_of_the_system_and_our_own() {
        let absent = || std::fs::read("/nonexistent");
        let expected = "reading a key: No such file or directory (os error 2)";
        assert_eq!(words(absent().context("reading a key")), expected);
        assert!(words(absent()).starts_with("No such file"));
        assert_eq!(
            words(None::<()>.context("it is not there")),
            "it is not there"
        );
    }

    /// A library's error that has another as its source.
    #[derive(Debug)]
    struct Nested(serde_json::Error);

    impl std::fmt::Display for Nested {
        fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(to, "outer, of hunter2")
        }
    }

    impl std::error::Error for Nested {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn passes_on_no_words_of_a_library() {
        let read = || serde_json::from_str::<u8>("\"hunter2\"");
        assert!(format!("{:?}", read()).contains("hunter2"), "it quotes");
        assert_eq!(words(read().context("reading a key")), "reading a key");
        let outer = read().context("reading a key").context("starting");
        assert_eq!(words(outer), "starting");
        let nested = read().map_err(Nested).context("reading a key");
        assert_eq!(words(nested), "reading a key");
        assert!(!words(read()).contains("hunter2"));
    }
}
