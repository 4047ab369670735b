//! A tool with a bug: it panics with a secret in the message. A test looks at what it prints then.

use ib_cli::{Answer, Arguments, Common, Report, Result};
use serde::Serialize;
use std::process::ExitCode;

/// Panic while a secret is handled
#[derive(clap::Parser)]
#[command(name = "panics", version)]
struct Args {
    #[command(flatten)]
    common: Common,
}

impl Arguments for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

#[derive(Serialize)]
struct Nothing {}

impl Report for Nothing {
    fn schema(&self) -> &'static str {
        "panics/1"
    }
}

fn run(_args: Args) -> Result<Answer<Nothing>> {
    let secret = "Marker-5e77-of-the-password";
    panic!("{secret} has no ending");
}

fn main() -> ExitCode {
    ib_cli::main(run, "")
}
