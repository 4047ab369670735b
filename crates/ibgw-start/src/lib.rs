//! Bring up one Client Portal Gateway and return when it answers.

use ib_cli::{Answer, Arguments, Common, Error, Exit, Report, Result};
use serde::Serialize;

/// Bring up one Client Portal Gateway and return when it answers
#[derive(clap::Parser)]
#[command(name = "ibgw-start", version)]
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
        "ibgw-start/1"
    }
}

/// Runs the tool.
///
/// # Errors
/// Always.
pub fn run(_args: Args) -> Result<Answer<Outcome>> {
    Err(Error::new(Exit::Unexpected, "not there"))
}
