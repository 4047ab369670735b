//! The guard: what keeps the account from being locked.
//!
//! IBKR locks a username after 10 failed logins in 24 hours, until 24 hours after the last one, even for the right
//! password ("Account security", ibkr.info). So each submission is recorded before it is sent, and whether one may
//! be sent is decided by [`policy::decide`] alone, a function of what is recorded and the time.

mod guard;
mod ledger;
pub mod policy;

pub use guard::{Guard, Submission};
pub use ledger::{Latch, Ledger, Outcome, Record, Why};
