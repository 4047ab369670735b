//! How to go on without IBeam: the same setup by our programs, without the value of any secret.

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
mod variables;

use crate::{READING, SecretOutput};
use ib_cli::flag_group::OUTPUT;
use ib_cli::{Answer, Readable, Reference, Result, Secret, duration};
use ib_proc::Deadline;
use plan::{GATEWAY, MigrationPlan, PAPER, UNDECIDED};
use settings::IbeamSettings;
use std::time::Duration;

/// Reading IBeam's settings.
#[derive(clap::Args)]
pub(crate) struct FromIbeamArgs {
    /// Read IBeam's settings from this env.list, or - for stdin [default: the environment]
    #[arg(value_name = "FILE")]
    from: Option<String>,
    /// Print only this part
    #[arg(long, value_name = "PART", help_heading = OUTPUT)]
    only: Option<Piece>,
    /// End after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, help_heading = READING)]
    timeout: Duration,
}

/// One part of the output.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// What took the place of each variable
    Variables,
    /// Commands for a shell
    Commands,
    /// systemd units
    Unit,
    /// A Compose file
    Compose,
}

/// Prints the same setup by our programs.
pub(crate) fn run(args: FromIbeamArgs) -> Result<Answer<SecretOutput>> {
    let settings = read(args.from.as_deref(), args.timeout)?;
    settings.require_any()?;
    let plan = plan(&settings);
    let pieces = [
        (Piece::Variables, plan.variables()),
        (Piece::Commands, commands::text(&plan)),
        (Piece::Unit, unit::text(&plan)),
        (Piece::Compose, compose::text(&plan)),
    ];
    let is_wanted = |piece: Piece| args.only.is_none_or(|only| only == piece);
    let texts: Vec<String> = pieces
        .into_iter()
        .filter(|(piece, _)| is_wanted(*piece))
        .map(|(_, text)| text)
        .collect();
    let text = texts.join("\n");
    Ok(Answer::raw(Secret::new(text.trim_end().to_owned().into())))
}

fn read(from: Option<&str>, timeout: Duration) -> Result<IbeamSettings> {
    let Some(name) = from else {
        return Ok(IbeamSettings::from_environment());
    };
    let file = match name {
        "-" => Reference::Stdin,
        path => Reference::File(path.into()),
    };
    let deadline = Deadline::after(timeout);
    let text = file.read_as_it_is("IBeam's settings", Readable::Warned, deadline)?;
    IbeamSettings::parse(&text, name)
}

/// IBeam's settings as a plan for our programs.
fn plan(settings: &IbeamSettings) -> MigrationPlan {
    let mut plan = MigrationPlan {
        file: settings.file.clone(),
        start: Vec::new(),
        tickle: Vec::new(),
        login: Vec::new(),
        url: None,
        secrets: variables::secrets(settings),
        interval: 60,
        outputs: settings.get("IBEAM_OUTPUTS_DIR").and_then(value::path),
        lines: Vec::new(),
    };
    if settings.get("IBEAM_GATEWAY_DIR").is_none() {
        plan.start.push(format!("--gateway-dir {GATEWAY}"));
    }
    // IBeam logs in live if nothing is set. A setting that was lost on the way looks the same, so the user chooses.
    let mode = match settings.get(PAPER).and_then(value::flag) {
        Some(true) => "paper",
        Some(false) => "live",
        None => UNDECIDED,
    };
    plan.login.push(format!("--mode {mode}"));
    for name in settings.names() {
        let successor = match settings.get(name) {
            Some(value) => variables::take(&mut plan, name, value, settings),
            None if settings.is_in_environment(name) => NOT_IN_ENVIRONMENT.to_owned(),
            None => EMPTY.to_owned(),
        };
        let repeated = if settings.is_repeated(name) {
            "; it is set more than once, and the last value counts"
        } else {
            ""
        };
        plan.lines.push(format!("{name}: {successor}{repeated}"));
    }
    if settings.names().all(|name| name != PAPER) {
        plan.lines.push(format!("{PAPER}: is not set"));
    }
    let is_code_brought = |flag: &String| flag.starts_with("--code-from");
    if plan.login.iter().any(is_code_brought) {
        // IBeam's default device is the phone, even if a handler brings the code.
        plan.login.retain(|flag| flag != "--second-factor push");
    }
    plan
}

const NOT_IN_ENVIRONMENT: &str =
    "has its value in the environment, and is not there (run this where IBeam's variables are set)";
const EMPTY: &str = "is set to nothing, so it counts as not set";
