//! Settings in the environment: every flag has a variable, no variable holds a secret.

use crate::contract::messages::warn;
use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command, Id};

/// The variable of a flag: the prefix of the tool's family and the flag.
///
/// `--state-dir` of `ibgw-login` is `IBGW_STATE_DIR`, or, for this tool alone, `IBGW_LOGIN_STATE_DIR`.
#[must_use]
pub fn variable(prefix: &str, flag: &str) -> String {
    format!("{prefix}_{flag}").to_uppercase().replace('-', "_")
}

/// Gives every flag its variable; the tool's own name wins over the one that tools share.
pub(crate) fn with_variables(command: Command) -> Command {
    let tool = command.get_name().to_owned();
    let overruled = overruled(&command);
    let add = move |arg: Arg| {
        if overruled.contains(arg.get_id()) {
            arg
        } else {
            add_variable(arg, &tool)
        }
    };
    command
        .mut_args(add.clone())
        .mut_subcommands(move |sub| sub.mut_args(add.clone()))
}

/// The flags that conflict with one on the command line: a flag wins, so their variables do not count.
fn overruled(command: &Command) -> Vec<Id> {
    let words: Vec<String> = std::env::args_os()
        .filter_map(|word| Some(word.to_str()?.strip_prefix("--")?.to_owned()))
        .collect();
    let is_given = |arg: &Arg| {
        let flag = |word: &String| word.split('=').next().map(str::to_owned);
        arg.get_long()
            .is_some_and(|long| words.iter().any(|word| flag(word).as_deref() == Some(long)))
    };
    let conflicts = |arg: &Arg| command.get_arg_conflicts_with(arg);
    let mut found = Vec::new();
    for arg in command.get_arguments() {
        let against = conflicts(arg);
        if is_given(arg) {
            found.extend(against.iter().map(|other| other.get_id().clone()));
        } else if against.iter().any(|other| is_given(other)) {
            found.push(arg.get_id().clone());
        }
    }
    found
}

fn add_variable(arg: Arg, tool: &str) -> Arg {
    let Some(flag) = arg
        .get_long()
        .filter(|long| !matches!(*long, "help" | "version" | "verbose" | "errors"))
        // A hidden flag passes between two processes of ours.
        .filter(|_| !arg.is_hide_set())
    else {
        return arg;
    };
    let own = variable(tool, flag);
    let name = if is_set(&own) {
        own
    } else {
        variable(family(tool), flag)
    };
    // Unit files and Compose files unset a variable by an empty value.
    if std::env::var_os(&name).is_some_and(|value| value.is_empty()) {
        return arg;
    }
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let arg = arg.env(name).hide_env_values(true);
    if is_switch {
        arg.value_parser(BoolishValueParser::new())
    } else {
        arg
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Warns about names that look like ours and that no tool reads.
///
/// `known` has a line for each variable of each tool: one that another tool reads is no mistake.
pub(crate) fn warn_of_unknown_names(known: &str) {
    let is_known = |name: &str| known.lines().any(|known| known == name);
    for (name, _) in std::env::vars_os() {
        let Some(name) = name
            .to_str()
            .filter(|name| name.starts_with("IBGW_") || name.starts_with("IBSSO_"))
        else {
            continue;
        };
        if !is_known(name) && !shared_name(name).is_some_and(|shared| is_known(&shared)) {
            let message = format!("no tool reads the variable {name}");
            warn("unknown_variable", &message);
        }
    }
}

/// The variable that tools share, of one that is for a single tool: `IBGW_TIMEOUT` of `IBGW_LOGIN_TIMEOUT`.
fn shared_name(name: &str) -> Option<String> {
    TOOLS.iter().find_map(|tool| {
        let flag = name.strip_prefix(&variable(tool, ""))?;
        Some(variable(family(tool), flag))
    })
}

/// The part of a tool's name that its relatives have, too: `ibgw`, `ibsso`.
fn family(tool: &str) -> &str {
    tool.split('-').next().unwrap_or(tool)
}

/// Our tools.
pub(crate) const TOOLS: [&str; 6] = [
    "ibgw-start",
    "ibgw-secret",
    "ibgw-login",
    "ibgw-tickle",
    "ibsso-token",
    "ibsso-validate",
];
