//! Every flag misused: exit 2, one error, nothing on stdout.

use super::{TOOLS, command};
use crate::support::{Ran, Tool};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction};
use ib_cli::{Reference, Scheme};
use std::any::TypeId;

/// A value that no type accepts, for those flags that have a type.
const NONSENSE: &str = "~nonsense~";

/// A flag of a tool, or of one of its subcommands.
struct Flag {
    subcommand: Option<String>,
    arg: Arg,
}

impl Flag {
    /// The command line that has it in this form, such as `--flag` or `--flag=value`.
    fn words(&self, suffix: &str) -> Vec<String> {
        let flag = format!("{}{suffix}", self.name());
        self.subcommand.iter().cloned().chain([flag]).collect()
    }

    fn name(&self) -> String {
        format!("--{}", self.arg.get_long().expect("a long name"))
    }

    /// The error that refuses it: it names the flag, so it has no other cause.
    #[track_caller]
    fn refusal(&self, tool: &str, suffix: &str) -> String {
        let ran = Tool::new(tool).args(self.words(suffix)).stdin("").run();
        let message = usage_error(ran);
        assert!(message.contains(&self.name()), "{message}");
        message
    }
}

/// The one error about the command line, as a sentence.
#[track_caller]
fn usage_error(ran: Ran) -> String {
    let ran = ran.exits(2).is_silent_on_stdout();
    let error = ran.error();
    assert_eq!(error["error"], "usage", "{}", ran.all());
    assert_eq!(error["retry"], false, "{}", ran.all());
    error["message"].to_string()
}

/// The flags of a tool and of its subcommands whose action is wanted.
fn flags(tool: &str, is_wanted: fn(&ArgAction) -> bool) -> Vec<Flag> {
    let top = command(tool);
    let subcommands = top.get_subcommands().map(|sub| (Some(sub.get_name()), sub));
    let all = std::iter::once((None, &top)).chain(subcommands);
    all.flat_map(|(name, command)| {
        let args = command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some());
        args.filter(|arg| is_wanted(arg.get_action()))
            .map(move |arg| Flag {
                subcommand: name.map(str::to_owned),
                arg: arg.clone(),
            })
            .collect::<Vec<_>>()
    })
    .collect()
}

fn takes_value(action: &ArgAction) -> bool {
    matches!(action, ArgAction::Set | ArgAction::Append)
}

fn is_switch(action: &ArgAction) -> bool {
    matches!(action, ArgAction::SetTrue)
}

#[test]
fn a_flag_without_its_value_is_refused() {
    for tool in TOOLS {
        for flag in flags(tool, takes_value) {
            flag.refusal(tool, "");
        }
    }
}

#[test]
fn a_switch_with_a_value_is_refused() {
    for tool in TOOLS {
        for flag in flags(tool, is_switch) {
            flag.refusal(tool, "=yes");
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let nonsense = format!("={NONSENSE}");
    let mut with_type = Vec::new();
    for tool in TOOLS {
        for flag in flags(tool, takes_value) {
            let words = std::iter::once(tool.to_owned()).chain(flag.words(&nonsense));
            let kind = command(tool)
                .try_get_matches_from(words)
                .err()
                .map(|error| error.kind());
            if matches!(
                kind,
                Some(ErrorKind::ValueValidation | ErrorKind::InvalidValue)
            ) {
                flag.refusal(tool, &nonsense);
                with_type.push([vec![tool.to_owned()], flag.words("")].concat().join(" "));
            }
        }
    }
    for known in [
        "ibgw-start --port",
        "ibgw-login --mode",
        "ibgw-tickle --max-age",
        "ibgw-secret get --key",
        "ibgw-secret seal --passphrase",
    ] {
        assert!(
            with_type.iter().any(|found| found == known),
            "{known}: {with_type:?}"
        );
    }
}

#[test]
fn a_duration_wants_its_unit() {
    for tool in TOOLS {
        let flags = flags(tool, takes_value).into_iter();
        for flag in flags.filter(|flag| flag.name() == "--timeout") {
            for value in ["90", "0s", "-1s", "1 fortnight", ""] {
                flag.refusal(tool, &format!("={value}"));
            }
        }
    }
}

#[test]
fn a_place_that_only_ibgw_secret_reads_is_refused() {
    let mut flags_tried = Vec::new();
    for tool in TOOLS {
        let flags = flags(tool, takes_value).into_iter();
        // --before-push takes a command line, where a colon means nothing.
        for flag in
            flags.filter(|flag| takes_reference(&flag.arg) && flag.name() != "--before-push")
        {
            for scheme in [Scheme::Pgp, Scheme::Gcp, Scheme::Keyring] {
                let name = scheme.name();
                // Not taken for the file of this name either.
                flag.refusal(tool, &format!("={name}:"));
                let message = flag.refusal(tool, &format!("={name}:x"));
                let reason = match tool {
                    "ibgw-secret" => "what opens another secret cannot itself be in",
                    _ => "is read by ibgw-secret alone (cmd:ibgw-secret get",
                };
                assert!(message.contains(reason), "{tool}: {message}");
            }
            flags_tried.push(format!("{tool} {}", flag.name()));
        }
    }
    for known in [
        "ibgw-start --login",
        "ibgw-start --tls-key",
        "ibgw-login --login",
        "ibgw-login --code-from",
        "ibgw-secret --passphrase",
        "ibsso-token --csid",
        "ibsso-validate --token",
    ] {
        assert!(
            flags_tried.iter().any(|tried| tried == known),
            "{known}: {flags_tried:?}"
        );
    }
}

fn takes_reference(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<Reference>()
}

#[test]
fn an_unknown_flag_is_refused_and_a_stray_word_is_not_repeated() {
    for tool in TOOLS {
        usage_error(Tool::new(tool).args(["--no-such-flag"]).run());
        let ran = Tool::new(tool).args(["hunter2-stray"]).run().exits(2);
        ran.is_silent_on_stdout().never_shows("hunter2-stray");
    }
}

#[test]
fn help_and_version_are_answers() {
    for tool in TOOLS {
        for word in ["-h", "--help", "--version"] {
            let ran = Tool::new(tool)
                .args([word])
                .run()
                .exits(0)
                .is_silent_on_stderr();
            assert!(
                ran.stdout.contains(tool) || ran.stdout.contains("Usage"),
                "{}",
                ran.all()
            );
        }
    }
}
