//! How to go on without IBeam: the same setup by our programs, and no value of a secret.

mod commands;
mod compose;
mod dropped;
mod env_line;
mod plan;
mod secrets;
mod settings;
mod translated;
mod unit;
mod value;

use crate::SecretOutput;
use ib_cli::{Answer, Readable, Reference, Result, Secret, duration};
use ib_proc::Deadline;
use plan::MigrationPlan;
use settings::IbeamSettings;
use std::time::Duration;

/// Reading IBeam's settings.
#[derive(clap::Args)]
pub(crate) struct FromIbeamArgs {
    /// IBeam's env.list, or - for stdin; the environment when it is not given
    #[arg(value_name = "FILE")]
    from: Option<String>,
    /// Print this alone
    #[arg(long, value_name = "PART")]
    only: Option<Piece>,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    timeout: Duration,
}

/// One of the things that are printed.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// What became of each variable
    Variables,
    /// Commands for a shell
    Commands,
    /// Units of systemd
    Unit,
    /// A Compose file
    Compose,
}

/// Prints the same setup by our programs.
pub(crate) fn run(args: FromIbeamArgs) -> Result<Answer<SecretOutput>> {
    let settings = match &args.from {
        None => IbeamSettings::from_environment(),
        Some(name) => {
            let from = match name.as_str() {
                "-" => Reference::Stdin,
                path => Reference::File(path.into()),
            };
            let deadline = Deadline::after(args.timeout);
            let text = from.read_as_it_is("IBeam's settings", Readable::Warned, deadline)?;
            IbeamSettings::parse(&text, name)?
        }
    };
    settings.require_some()?;
    let plan = MigrationPlan::of(&settings);
    let pieces = [
        (Piece::Variables, plan.variables()),
        (Piece::Commands, commands::text(&plan)),
        (Piece::Unit, unit::text(&plan)),
        (Piece::Compose, compose::text(&plan)),
    ];
    let pieces = pieces.into_iter().filter(|(piece, _)| match args.only {
        Some(only) => only == *piece,
        None => true,
    });
    let texts: Vec<String> = pieces.map(|(_, text)| text).collect();
    let text = texts.join("\n");
    Ok(Answer::raw(Secret::new(text.trim_end().to_owned().into())))
}
