//! Where secrets come from, how they are read, and what keeps them from view.

pub(crate) mod bounded_read;
pub(crate) mod bounded_wait;
pub(crate) mod child_environment;
mod command_output;
pub(crate) mod login;
pub(crate) mod one_line;
mod redacted_stderr;
pub(crate) mod reference;
pub(crate) mod reference_reading;
pub(crate) mod secret;
pub(crate) mod secret_file;
pub(crate) mod terminal;
