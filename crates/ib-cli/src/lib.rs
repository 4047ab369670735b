//! The contract with the caller: arguments, exits, errors, reports, references, state files.
//!
//! Each tool is a function from its arguments to an [`Answer`]; [`main`] is the only place that prints or exits.

mod arguments;
mod children;
mod environment;
mod error;
mod error_line;
mod exit;
mod file;
mod login;
mod messages;
mod mode;
mod patience;
mod program;
mod read;
mod reference;
mod replacement;
mod report;
mod run;
mod said;
mod secret;
mod source;
mod state;
mod terminal;
mod text_form;
mod unreadable;

pub use arguments::{Arguments, Common, ErrorFormat, StateArgs, duration};
pub use children::keep_passwords_out;
pub use environment::{KNOWN_NAMES, variable};
pub use error::{Error, OrExit, Result};
pub use exit::Exit;
pub use file::credentials_directory;
pub use login::{Login, is_in_quotes, password_problem, username_problem};
pub use messages::{log, show, status, warn, warnings};
pub use mode::{Mode, ModeFlag};
pub use patience::wait_for;
pub use read::{CAP, read_capped};
pub use reference::Reference;
pub use replacement::{Replacement, write_atomic};
pub use report::{Answer, Report, rounded_seconds, time, time_since_1970};
pub use run::main;
pub use secret::Secret;
pub use source::Readable;
pub use state::{Lock, StateDir};
pub use terminal::keep_off_terminal;
pub use text_form::encoding_problem;
pub use unreadable::{Defect, Unreadable, another_schema, shown_key};
