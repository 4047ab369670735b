//! The proof: the policy and the ledger as the tool runs them, against a model of every fault that may happen.
//!
//! A schedule is thirty days of one username: one to three supervisors that run the tool, on one or two machines, with
//! one or two state directories, and a person who visits now and then. IBKR, the gateways, the machines and the disks fail
//! at random. The last four days are without faults, and the session must come back in them: without a person, unless the
//! policy says that a person must come. In some schedules a state directory is lost, or replaced by an older copy.

mod directory;
mod disturbances;
mod ibkr;
mod machines;
mod page;
mod people;
mod promises;
mod recovery;
mod run;
mod schedule;
mod submit;
mod supervisors;
mod tests;
mod truth;

pub(crate) const SECOND: u64 = 1000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;

/// The moment at which schedules begin: any, as long as there is time before it.
pub(crate) const BEGIN: u64 = 1_767_225_600 * SECOND;

#[expect(
    clippy::print_stdout,
    reason = "what a test says is shown when it fails, or with --nocapture"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A promise that was broken.
pub(crate) struct Broken {
    promise: String,
    at: u64,
}

impl Broken {
    pub(crate) fn new(promise: &str, at: u64) -> Self {
        let promise = promise.to_owned();
        Self { promise, at }
    }

    /// The promise, without the time.
    pub(crate) fn promise(&self) -> &str {
        &self.promise
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = (self.at - BEGIN) / MINUTE;
        let days = minutes / 1440;
        let hours = minutes / 60 % 24;
        let promise = &self.promise;
        write!(f, "{promise}, at {days} d {hours} h {} min", minutes % 60)
    }
}
