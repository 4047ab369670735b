//! Make the session ready, with the cheapest step that works.

use ib_cli::{Answer, Arguments, Common, Error, Exit, Report, Result};
use serde::Serialize;

/// Make the session ready, with the cheapest step that works
#[derive(clap::Parser)]
#[command(name = "ibgw-login", version)]
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
        "ibgw-login/1"
    }
}

/// Runs the tool.
///
/// # Errors
/// Always.
pub fn run(_args: Args) -> Result<Answer<Outcome>> {
    Err(Error::new(Exit::Unexpected, "not there"))
}
