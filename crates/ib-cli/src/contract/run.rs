//! The one place that prints and exits.

use crate::contract::arguments::{Arguments, ErrorFormat, Parsed, error_format, parse};
use crate::contract::environment;
use crate::contract::error::{Error, OrExit, Result};
use crate::contract::error_line::{ErrorLine, SCHEMA};
use crate::contract::exit::Exit;
use crate::contract::messages::{begin, clear_status, to_stderr, tool};
use crate::contract::report::{Answer, Output, Report};
use crate::secret::Secret;
use ib_proc::undo;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Runs a tool: arguments in, one line of JSON out, an exit code that says what to do next.
///
/// `variables` has a line for each variable that some tool reads: `crates/variables.txt`. The package that knows all
/// tools gives it, since a tool knows its own flags, and this crate knows none.
pub fn main<A: Arguments, R: Report>(run: fn(A) -> Result<Answer<R>>, variables: &str) -> ExitCode {
    if let Some(status) = ib_proc::run_if_asked() {
        return status;
    }
    let command = environment::with_variables(A::command());
    begin(command.get_name(), false);
    std::panic::set_hook(Box::new(report_bug));
    let done = prepare().and_then(|()| match parse::<A>(&command)? {
        Parsed::Print(text) => print(text.as_bytes()).map(|()| (Exit::Done, None)),
        Parsed::Run(arguments) => {
            begin(command.get_name(), arguments.common().verbose);
            environment::warn_of_unknown_names(variables);
            let answer = run(arguments);
            undo::wait_if_ending();
            clear_status();
            let answer = answer?;
            print(line(answer.output)?.expose())?;
            Ok((answer.exit, answer.error))
        }
    });
    match done {
        Ok((exit, None)) => ExitCode::from(exit.code()),
        Ok((_, Some(error))) | Err(error) => report(&error),
    }
}

fn prepare() -> Result<()> {
    ib_proc::dumps::forbid().or_exit(Exit::Unexpected)
}

/// What goes to stdout.
fn line<R: Report>(output: Output<R>) -> Result<Secret> {
    match output {
        Output::Report(report) => report.line(),
        Output::Raw(value) => Ok(value),
    }
}

fn print(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(|error| {
            Error::from_source(
                Exit::Unexpected,
                anyhow::Error::new(error).context("writing the report to stdout"),
            )
        })
}

/// Prints one error to stderr. "No" is an answer, not an error, and prints nothing there.
fn report(error: &Error) -> ExitCode {
    let code = error.exit.code();
    if let Some(name) = error.exit.name().filter(|_| code >= 2) {
        print_error(
            name,
            code,
            error.is_worth_a_retry(),
            error.retry_after_seconds(),
            &error.to_string(),
        );
    }
    ExitCode::from(code)
}

fn print_error(name: &str, exit: u8, retry: bool, wait: Option<u64>, message: &str) {
    let tool = tool();
    let is_text = match error_format() {
        Some(format) => format == ErrorFormat::Text,
        None => io::stderr().is_terminal(),
    };
    let line = if is_text {
        format!("{tool}: {message}")
    } else {
        let line = ErrorLine {
            schema: SCHEMA,
            tool: &tool,
            error: name,
            exit,
            retry,
            retry_after_seconds: wait,
            message,
        };
        serde_json::to_string(&line).unwrap_or_default()
    };
    to_stderr(&line);
}

/// Prints where a bug is, without the panic's message: it may quote a secret.
fn report_bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let message = format!("a bug in this program{place} (please report it with this line)");
    print_error("bug", 101, false, None, &message);
}
