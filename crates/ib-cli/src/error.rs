//! What went wrong, and what the caller should do about it.

use crate::exit::Exit;
use std::time::Duration;

/// The result of anything a tool does.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, with the exit code that says what to do.
///
/// There is no `From<io::Error>`: the place that knows what the caller should do names the exit.
#[derive(Debug)]
pub struct Error {
    /// What the caller should do.
    pub exit: Exit,
    /// What was tried, on what, and why it did not work.
    pub source: anyhow::Error,
    /// Whether the same call may be made again; `None` means that the exit decides.
    pub retry: Option<bool>,
    /// How long to wait before another call; `None` when nobody knows.
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

    /// Says how long to wait before another call.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// Says that another call is of no use, whatever the exit usually means.
    #[must_use]
    pub fn never_again(mut self) -> Self {
        self.retry = Some(false);
        self
    }

    /// Puts what was being done before the words.
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
        self.map_err(|source| Error::from_source(exit, source.into()))
    }
}
