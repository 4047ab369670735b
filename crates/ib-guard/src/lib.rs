//! The guard: what keeps the account from being locked.
//!
//! IBKR locks a username after 10 failed logins in 24 hours, until 24 hours after the last one, even for the right
//! password ("Account security", ibkr.info). So each submission is recorded before it is sent, and whether one may
//! be sent is decided by [`policy`] alone, functions of what is recorded and the time. The simulation among this crate's
//! tests runs the same policy and ledger against a model of IBKR, and breaks each rule in turn.

mod args;
mod book;
mod clock;
mod guard;
mod held;
mod ledger;
pub mod policy;
pub mod quiet;
mod rules;
#[cfg(test)]
mod simulation;
mod store;

pub use args::GuardArgs;
pub use book::Submission;
pub use guard::Guard;
pub use ledger::{
    AskedWait, BegunAnew, Forgiven, HoldReason, Latch, Ledger, Pushes, SubmissionOutcome, Submitted,
};
