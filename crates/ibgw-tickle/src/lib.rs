//! One keep-alive call; report the session's true state.

use ib_cli::{Answer, Arguments, Common, Error, Exit, Report, Result};
use serde::Serialize;

/// One keep-alive call; report the session's true state
#[derive(clap::Parser)]
#[command(name = "ibgw-tickle", version)]
pub struct Args {
    #[command(flatten)]
    common: Common,
}

impl Arguments for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

/// The report.
#[derive(Serialize)]
pub struct Outcome {}

impl Report for Outcome {
    fn schema(&self) -> &'static str {
        "ibgw-tickle/1"
    }
}

/// Runs the tool.
///
/// # Errors
/// Always.
pub fn run(_args: Args) -> Result<Answer<Outcome>> {
    Err(Error::new(Exit::Unexpected, "not there"))
}
