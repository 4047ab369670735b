//! The contract with the caller: arguments, exits, errors, reports, references, state files.
//!
//! Each tool is a function from its arguments to an [`Answer`]; [`main`] is the only place that prints or exits.

mod contract;
mod files;
mod secret;
mod secrets;

pub use contract::arguments::{Arguments, Common, ErrorFormat, duration};
pub use contract::environment::variable;
pub use contract::error::{Error, OrExit, Result};
pub use contract::exit::Exit;
pub use contract::flag_group;
pub use contract::gateway_kind::GatewayKind;
pub use contract::messages::{log, show, status, warn, warnings};
pub use contract::mode::{Mode, ModeFlag};
pub use contract::report::{Answer, Report};
pub use contract::run::main;
pub use contract::time::{rounded_seconds, time, time_since_1970};
pub use files::replacement::{Replacement, write_atomic};
pub use files::state_dir::{Lock, StateArgs, StateDir};
pub use files::unreadable::{Defect, Unreadable, another_schema, encoding_problem, shown_key};
pub use secret::Secret;
pub use secrets::bounded_read::{CAP, read_capped};
pub use secrets::bounded_wait::wait_for;
pub use secrets::child_environment::keep_passwords_out;
pub use secrets::login::{Login, is_in_quotes, password_problem, username_problem};
pub use secrets::reference::Reference;
pub use secrets::scheme::Scheme;
pub use secrets::secret_file::{Readable, credentials_directory};
pub use secrets::secret_text::SecretText;
pub use secrets::terminal::keep_off_terminal;
