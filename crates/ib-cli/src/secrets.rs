//! Where secrets come from, how they are read, and what keeps them from view.

mod as_text;
pub(crate) mod bounded_read;
pub(crate) mod bounded_wait;
pub(crate) mod child_environment;
mod command_output;
pub(crate) mod login;
mod redacted_stderr;
pub(crate) mod reference;
mod reference_reading;
pub(crate) mod scheme;
pub(crate) mod secret_file;
pub(crate) mod secret_text;
pub(crate) mod terminal;
