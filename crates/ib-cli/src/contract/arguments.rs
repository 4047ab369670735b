//! The flags that every tool has, and how all flags are read.

use crate::contract::error::{Error, Result};
use crate::contract::exit::Exit;
use crate::contract::flag_group::OUTPUT;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use std::time::Duration;

/// The arguments of a tool.
pub trait Arguments: CommandFactory + FromArgMatches {
    /// The flags that every tool has.
    fn common(&self) -> &Common;

    /// The flags that mean nothing with the `--kind` that was given.
    ///
    /// On the command line they are refused. A variable is not: one environment may serve gateways of both kinds.
    fn of_another_kind(&self) -> &'static [&'static str] {
        &[]
    }
}

/// The flags that every tool has.
#[derive(clap::Args, Clone, Debug)]
#[command(
    disable_help_flag = true,
    disable_version_flag = true,
    propagate_version = true
)]
pub struct Common {
    /// Log to stderr, one line of JSON per event
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub verbose: bool,
    /// Print errors as json or text [default: text on a terminal]
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        env = "IB_ERRORS",
        hide_env_values = true,
        help_heading = OUTPUT
    )]
    pub errors: Option<ErrorFormat>,
    /// Print help and end; --help says more than -h
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = OUTPUT)]
    pub help: Option<bool>,
    /// Print the version and end
    #[arg(short = 'V', long, global = true, action = ArgAction::Version, help_heading = OUTPUT)]
    pub version: Option<bool>,
}

/// How an error is printed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorFormat {
    /// One line of JSON.
    Json,
    /// A sentence for a person.
    Text,
}

/// Parses a duration with its unit, such as `90s` or `1h 30m`.
///
/// # Errors
/// For a bare number, for zero, and for any other text that is not a duration.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("it must be longer than 0".to_owned()),
        Ok(duration) => Ok(duration),
        // The library's own message repeats the value.
        Err(_) => {
            Err("it is not a duration (write a number with its unit, such as 90s)".to_owned())
        }
    }
}

/// What the command line means.
pub(crate) enum Parsed<A> {
    Run(A),
    /// Help or the version.
    Print(String),
}

pub(crate) fn parse<A: Arguments>(command: &Command) -> Result<Parsed<A>> {
    let parsed = for_help(command.clone())
        .try_get_matches()
        .and_then(|matches: ArgMatches| {
            let arguments = A::from_arg_matches(&matches);
            let arguments = arguments.map_err(|error| error.format(&mut command.clone()))?;
            Ok((arguments, matches))
        });
    match parsed {
        Ok((arguments, matches)) => {
            refuse_another_kind(&arguments, &matches, command).map(|()| Parsed::Run(arguments))
        }
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            Ok(Parsed::Print(error.render().to_string()))
        }
        Err(error) => Err(Error::new(Exit::Usage, sentence(&error))),
    }
}

fn refuse_another_kind<A: Arguments>(
    arguments: &A,
    matches: &ArgMatches,
    command: &Command,
) -> Result<()> {
    let is_given = |id: &&&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let Some(id) = arguments.of_another_kind().iter().find(is_given) else {
        return Ok(());
    };
    let flag = command.get_arguments().find(|arg| arg.get_id() == *id);
    let flag = flag.and_then(Arg::get_long).unwrap_or(id);
    let message = format!(
        "--{flag} is for the other kind of gateway (leave it out, or give the other --kind)"
    );
    Err(Error::new(Exit::Usage, message))
}

/// Hides the variables from `-h`, which has one line for each flag: `--help` shows them.
fn for_help(command: Command) -> Command {
    if !std::env::args_os().any(|argument| argument == "-h") {
        return command;
    }
    let hide = |arg: Arg| arg.hide_env(true);
    command
        .term_width(0)
        .mut_args(hide)
        .mut_subcommands(move |sub| sub.term_width(0).mut_args(hide))
}

/// clap's message on one line, without a value: it may be a secret in the wrong place.
fn sentence(error: &clap::Error) -> String {
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg)
        && let Some(cause) = std::error::Error::source(error)
    {
        return format!("invalid value for '{argument}': {cause}");
    }
    if let (Some(ContextValue::String(argument)), Some(ContextValue::Strings(known))) = (
        error.get(ContextKind::InvalidArg),
        error.get(ContextKind::ValidValue),
    ) && has_a_value(error)
    {
        let known = known.join(", ");
        return format!("invalid value for '{argument}' (it is one of {known})");
    }
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg)
        && has_a_value(error)
    {
        return format!(
            "invalid value for '{argument}' (not shown, in case it is a secret; see --help)"
        );
    }
    let stray = matches!(
        error.kind(),
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
    );
    let words =
        [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].map(|kind| error.get(kind));
    let is_a_word = |value: &ContextValue| matches!(value, ContextValue::String(word) if !word.starts_with('-'));
    if stray && words.into_iter().flatten().any(is_a_word) {
        return "unexpected word (not shown, in case it is a secret; see --help)".to_owned();
    }
    let text = error.render().to_string();
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:"));
    let words: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with("For more"))
        .collect();
    words
        .join("; ")
        .trim_start_matches("error: ")
        .replace(":; ", ": ")
}

/// Whether the flag had a value: the error of one without is in clap's words.
fn has_a_value(error: &clap::Error) -> bool {
    let value = error.get(ContextKind::InvalidValue);
    matches!(value, Some(ContextValue::String(value)) if !value.is_empty())
}

/// The format that `--errors` or `IB_ERRORS` names, found even when the command line is wrong.
pub(crate) fn error_format() -> Option<ErrorFormat> {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let flag = arguments
        .iter()
        .enumerate()
        .find_map(|(place, argument)| match argument.as_str() {
            "--errors" => arguments.get(place + 1).cloned(),
            other => other.strip_prefix("--errors=").map(str::to_owned),
        });
    match flag.or_else(|| std::env::var("IB_ERRORS").ok())?.as_str() {
        "json" => Some(ErrorFormat::Json),
        "text" => Some(ErrorFormat::Text),
        _ => None,
    }
}
