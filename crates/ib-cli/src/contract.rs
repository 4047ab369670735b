//! What a caller sees of every tool: flags and variables, reports, exit codes, errors, warnings.

pub(crate) mod arguments;
pub(crate) mod environment;
pub(crate) mod error;
pub(crate) mod error_line;
pub(crate) mod exit;
pub mod flag_group;
pub(crate) mod gateway_kind;
pub(crate) mod messages;
pub(crate) mod mode;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod time;
