//! IBC 3.24 with an IB Gateway under it, as far as their caller sees them: the directories, `ibcstart.sh`, the
//! log, the command server, the socket of the TWS API.
//!
//! What is printed when, and the statuses, are those of IBC 3.24.1 (IbcAlpha/IBC, its sources and a run against a
//! window that is not IBKR's); what the Gateway answers to a login is from the issues named where it is played.

mod api;
mod commands;
mod configure;
mod course;
mod end;
mod language;
mod layout;
mod log;
mod login;
mod moment;
mod nonsense;
mod play;
mod preamble;
mod properties;
mod record;
mod running;
mod script;
mod second_factor;
mod settings;
mod stage;
mod start;
mod window;

pub(crate) use layout::write;
pub(crate) use play::run;
pub(crate) use start::IbcStart;
