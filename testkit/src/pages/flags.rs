//! The flags of a tool or a subcommand, in their groups, as mdoc.

use super::mdoc;
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The lists of the flags, one for each group, in the order of `--help`.
///
/// For a subcommand these are the flags that are its own: those of the tool stand elsewhere on the page.
pub(super) fn of(command: &Command, tool: &Command) -> String {
    let known = long_flags(tool);
    let is_own = |arg: &&Arg| command.get_name() == tool.get_name() || !is_shared(arg, tool);
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let shown: Vec<&Arg> = shown.filter(is_own).collect();
    if command.get_name() != tool.get_name() {
        let items: String = shown.iter().map(|arg| item(arg, &known)).collect();
        return format!(".Bl -tag -width Ds\n{items}.El\n");
    }
    let mut groups: Vec<Option<&str>> = Vec::new();
    for arg in &shown {
        if !groups.contains(&arg.get_help_heading()) {
            groups.push(arg.get_help_heading());
        }
    }
    // What has no group stands first in the help, too.
    groups.sort_by_key(Option::is_some);
    let mut text = String::new();
    for group in groups {
        if let Some(title) = group {
            let _ = writeln!(text, ".Ss {}", mdoc::escaped(title));
        }
        text += ".Bl -tag -width Ds\n";
        for arg in shown.iter().filter(|arg| arg.get_help_heading() == group) {
            text += &item(arg, &known);
        }
        text += ".El\n";
    }
    text
}

/// Whether the tool itself has the same flag with the same meaning.
fn is_shared(arg: &Arg, tool: &Command) -> bool {
    let help = |arg: &Arg| arg.get_help().map(ToString::to_string);
    let mut others = tool.get_arguments();
    others.any(|other| other.get_id() == arg.get_id() && help(other) == help(arg))
}

/// The long flags of a tool and of its subcommands, without their dashes.
fn long_flags(tool: &Command) -> BTreeSet<String> {
    let below = tool.get_subcommands().flat_map(Command::get_arguments);
    let all = tool.get_arguments().chain(below);
    all.filter_map(Arg::get_long).map(str::to_owned).collect()
}

/// One flag with all that its help says.
fn item(arg: &Arg, known: &BTreeSet<String>) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let long = arg.get_long_help().map(ToString::to_string);
    let more = long.as_deref().and_then(|long| long.split_once("\n\n"));
    let (help, computed) = without_default(&help);
    let mut text = format!(
        ".It {}\n{}",
        names(arg),
        mdoc::text(&format!("{help}."), known)
    );
    let paragraphs = more.map(|(_, rest)| rest.split("\n\n"));
    for (place, paragraph) in paragraphs.into_iter().flatten().enumerate() {
        if place > 0 {
            text += ".Pp\n";
        }
        text += &mdoc::text(paragraph, known);
    }
    let (values, end) = (values(arg, known), end(arg, computed, known));
    let pause = if values.is_empty() || end.is_empty() {
        ""
    } else {
        ".Pp\n"
    };
    text + &values + pause + &end
}

/// The default, and whether the flag may be repeated.
fn end(arg: &Arg, computed: Option<&str>, known: &BTreeSet<String>) -> String {
    let mut text = String::new();
    if let Some(default) = computed.map(str::to_owned).or_else(|| default(arg)) {
        text += &mdoc::text(&format!("The default is {default}."), known);
    }
    if matches!(arg.get_action(), ArgAction::Append) {
        text += "It may be given several times.\n";
    }
    text
}

/// The help of one line, and the default that it names in brackets because clap does not know it.
fn without_default(help: &str) -> (&str, Option<&str>) {
    let parts = help.rsplit_once(" [default: ");
    match parts.and_then(|(help, rest)| Some((help, rest.strip_suffix(']')?))) {
        Some((help, default)) => (help, Some(default)),
        None => (help, None),
    }
}

/// `Fl v , -verbose`, `Fl -url Ar URL`, `Ar REF`.
fn names(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("Fl {short}"));
    let long = arg.get_long().map(|long| format!("-{long}"));
    let flags = match (short, long) {
        (Some(short), Some(long)) => format!("{short} , {long}"),
        (Some(short), None) => short,
        (None, Some(long)) => format!("Fl {long}"),
        (None, None) => String::new(),
    };
    let takes_value = arg.get_action().takes_values();
    let values = arg
        .get_value_names()
        .filter(|_| takes_value)
        .unwrap_or_default();
    let values = values
        .iter()
        .map(|value| format!("Ar {}", mdoc::escaped(value)));
    let all: Vec<String> = [flags]
        .into_iter()
        .chain(values)
        .filter(|part| !part.is_empty())
        .collect();
    all.join(" ")
}

/// The values that a flag is limited to, with what each means.
fn values(arg: &Arg, known: &BTreeSet<String>) -> String {
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).collect();
    if !arg.get_action().takes_values() || values.iter().all(|value| value.get_help().is_none()) {
        return String::new();
    }
    let mut text = ".Bl -tag -width Ds\n".to_owned();
    for value in values {
        let help = value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let help = help.trim_end_matches('.');
        let _ = writeln!(text, ".It Cm {}", mdoc::escaped(value.get_name()));
        text += &mdoc::text(&format!("{help}."), known);
    }
    text + ".El\n"
}

/// The default that clap itself puts in.
fn default(arg: &Arg) -> Option<String> {
    if !arg.get_action().takes_values() || arg.is_hide_default_value_set() {
        return None;
    }
    let values: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    (!values.is_empty()).then(|| format!("`{}`", values.join(" ")))
}
