//! The guard: what keeps the account from being locked.
//!
//! IBKR locks a username after ten failed logins in a row within 24 hours, until 24 hours after the last try, even for the
//! right password ("Account security", ibkr.info). So each submission is recorded before it is sent. [`policy`] alone
//! decides whether one may be sent: functions of the ledger and the time. Their numbers are in [`limits`], the names of the
//! rules in `rules.rs`. The simulation among this crate's tests runs the same policy and ledger against a model of IBKR,
//! and breaks each rule in turn.

mod args;
mod book;
mod clock;
mod guard;
mod hold_reason;
mod ledger;
pub mod limits;
pub mod policy;
pub mod quiet;
mod rules;
#[cfg(test)]
mod simulation;
mod store;
mod submission;

pub use args::GuardArgs;
pub use guard::Guard;
pub use hold_reason::HoldReason;
pub use ledger::{
    AskedWait, BegunAnew, Forgiven, Latch, Ledger, LoginMethod, Pushes, SubmissionOutcome,
    SubmissionRecord,
};
pub use submission::Submission;
