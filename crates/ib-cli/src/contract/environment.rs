//! Settings in the environment: every flag has a variable, no variable holds a secret.

use crate::contract::messages::warn;
use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command, Id};

/// Every variable that some tool reads; a test holds this to the tools' flags.
pub const KNOWN_NAMES: &[&str] = &[
    "IBGW_ACCOUNTS",
    "IBGW_ADDRESS",
    "IBGW_ALLOW",
    "IBGW_ALLOW_READABLE_KEY",
    "IBGW_API_PORT",
    "IBGW_ARMOR",
    "IBGW_ATTENDED",
    "IBGW_AUTO_RESTART",
    "IBGW_BEFORE_PUSH",
    "IBGW_BRING_UP",
    "IBGW_BROWSER",
    "IBGW_BROWSER_ARG",
    "IBGW_CACERT",
    "IBGW_CHALLENGE_OUT",
    "IBGW_CHECK",
    "IBGW_CLIENT_ID",
    "IBGW_CODE_FROM",
    "IBGW_COLD_RESTART",
    "IBGW_COMMAND_PORT",
    "IBGW_COMPETE",
    "IBGW_CONF",
    "IBGW_DIR",
    "IBGW_DRIVER",
    "IBGW_DRIVER_URL",
    "IBGW_FORCE_AFTER_HOLD",
    "IBGW_FOREGROUND",
    "IBGW_FORGIVE",
    "IBGW_FORWARD",
    "IBGW_GATEWAY_DIR",
    "IBGW_GCP_URL",
    "IBGW_IBC_DIR",
    "IBGW_IBEAM_KEY",
    "IBGW_INPUTS_DIR",
    "IBGW_JAVA",
    "IBGW_JAVA_OPTION",
    "IBGW_JTS_SECOND_FACTOR",
    "IBGW_KEY",
    "IBGW_KEY_PASSPHRASE",
    "IBGW_KIND",
    "IBGW_LOG",
    "IBGW_LOGIN",
    "IBGW_LOGOUT",
    "IBGW_MANUAL",
    "IBGW_MAX_AGE",
    "IBGW_MAX_FAILURES",
    "IBGW_METHOD",
    "IBGW_METRICS",
    "IBGW_MODE",
    "IBGW_ONLY",
    "IBGW_OUT",
    "IBGW_PAGE",
    "IBGW_PAGE_DEFAULTS",
    "IBGW_PASSPHRASE",
    "IBGW_PASSWORD",
    "IBGW_PAUSE",
    "IBGW_PORT",
    "IBGW_PUSH_WAIT",
    "IBGW_QUIET",
    "IBGW_READ",
    "IBGW_READY_FD",
    "IBGW_READ_ONLY_API",
    "IBGW_RECIPIENT",
    "IBGW_RECOVER_ONLY",
    "IBGW_RESTART",
    "IBGW_RUN_SCRIPT",
    "IBGW_SCREENSHOT_DIR",
    "IBGW_SECOND_FACTOR",
    "IBGW_SET",
    "IBGW_SETTINGS_DIR",
    "IBGW_SHOW",
    "IBGW_STATE_DIR",
    "IBGW_STATUS",
    "IBGW_STOP",
    "IBGW_TIMEOUT",
    "IBGW_TLS_CERT",
    "IBGW_TLS_KEY",
    "IBGW_TOTP_SEED",
    "IBGW_TWS_DIR",
    "IBGW_TWS_VERSION",
    "IBGW_URL",
    "IBGW_USERNAME",
    "IBGW_VALIDATE",
    "IBGW_VNC",
    "IBGW_VNC_CONTROL",
    "IBGW_VNC_PASSWORD",
    "IBGW_WRITE",
    "IBSSO_ALLOW_NONPUBLIC_IP",
    "IBSSO_ALLOW_READABLE_KEY",
    "IBSSO_ALLOW_SHA1_KEY",
    "IBSSO_API_URL",
    "IBSSO_BROKERAGE",
    "IBSSO_CACERT",
    "IBSSO_CSID",
    "IBSSO_DRY_RUN",
    "IBSSO_FORMAT",
    "IBSSO_INIT_PATH",
    "IBSSO_IP",
    "IBSSO_IPV4_ONLY",
    "IBSSO_LOGOUT",
    "IBSSO_OUT",
    "IBSSO_PASSPHRASE",
    "IBSSO_RECIPIENT",
    "IBSSO_RECIPIENT_FPR",
    "IBSSO_SELF_TEST",
    "IBSSO_SHOW",
    "IBSSO_SIGN_KEY",
    "IBSSO_STATE_DIR",
    "IBSSO_TICKLE",
    "IBSSO_TIMEOUT",
    "IBSSO_TOKEN",
    "IBSSO_TOKEN_URL",
    "IBSSO_USERNAME",
];

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
    let add = move |arg: Arg| match overruled.contains(arg.get_id()) {
        true => arg,
        false => add_variable(arg, &tool),
    };
    command
        .mut_args(add.clone())
        .mut_subcommands(move |sub| sub.mut_args(add.clone()))
}

/// What a flag on the command line cannot be used with: there a variable does not count, as flags go before variables.
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
        // What one of our processes says to another.
        .filter(|_| !arg.is_hide_set())
    else {
        return arg;
    };
    let family = tool.split('-').next().unwrap_or(tool);
    let (own, shared) = (variable(tool, flag), variable(family, flag));
    let name = if is_set(&own) { own } else { shared };
    let arg = match arg.get_action() {
        ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
        _ => arg,
    };
    // A variable that is set to nothing is how unit files and Compose files unset one.
    match std::env::var_os(&name) {
        Some(value) if value.is_empty() => arg,
        _ => arg.env(name).hide_env_values(true),
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Warns about names that look like ours and are nobody's.
pub(crate) fn warn_of_unknown_names() {
    for (name, _) in std::env::vars_os() {
        let Some(name) = name
            .to_str()
            .filter(|name| name.starts_with("IBGW_") || name.starts_with("IBSSO_"))
        else {
            continue;
        };
        let shared = TOOLS.iter().find_map(|tool| {
            let (own, family) = (
                variable(tool, ""),
                tool.split('-').next().unwrap_or_default(),
            );
            Some(variable(family, name.strip_prefix(&own)?))
        });
        if !KNOWN_NAMES.contains(&name)
            && !shared.is_some_and(|name| KNOWN_NAMES.contains(&name.as_str()))
        {
            warn(
                "unknown_variable",
                &format!("no tool reads the variable {name}"),
            );
        }
    }
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
