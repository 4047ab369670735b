//! Every flag misused: exit 2, one error, nothing on stdout.

use super::{TOOLS, command};
use crate::support::Tool;
use clap::{Arg, ArgAction, Command};

/// A value that no type accepts, for those flags that have a type.
const NONSENSE: &str = "~nonsense~";

fn is_refused(tool: &str, words: &[&str]) {
    let ran = Tool::new(tool)
        .args(words)
        .stdin("")
        .run()
        .exits(2)
        .is_silent_on_stdout();
    let error = ran.error();
    assert_eq!(error["error"], "usage", "{}", ran.all());
    assert_eq!(error["retry"], false, "{}", ran.all());
}

fn flags(command: &Command) -> Vec<Arg> {
    command
        .get_arguments()
        .filter(|arg| arg.get_long().is_some())
        .cloned()
        .collect()
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

#[test]
fn a_flag_without_its_value_is_refused() {
    for tool in TOOLS {
        for arg in flags(&command(tool)).iter().filter(|arg| takes_value(arg)) {
            is_refused(
                tool,
                &[&format!("--{}", arg.get_long().expect("a long name"))],
            );
        }
    }
}

#[test]
fn a_switch_with_a_value_is_refused() {
    for tool in TOOLS {
        for arg in flags(&command(tool))
            .iter()
            .filter(|arg| matches!(arg.get_action(), ArgAction::SetTrue))
        {
            is_refused(
                tool,
                &[&format!("--{}=yes", arg.get_long().expect("a long name"))],
            );
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    for tool in TOOLS {
        let clap = command(tool);
        let names: Vec<String> = flags(&clap)
            .iter()
            .filter(|arg| takes_value(arg))
            .filter_map(|arg| {
                let name = arg.get_long()?.to_owned();
                let words = [tool.to_owned(), format!("--{name}={NONSENSE}")];
                clap.clone()
                    .try_get_matches_from(words)
                    .is_err()
                    .then_some(name)
            })
            .collect();
        assert!(names.contains(&"timeout".to_owned()), "{tool}: {names:?}");
        for name in names {
            is_refused(tool, &[&format!("--{name}={NONSENSE}")]);
        }
    }
}

#[test]
fn a_duration_wants_its_unit() {
    for tool in TOOLS {
        for value in ["90", "0s", "-1s", "1 fortnight", ""] {
            is_refused(tool, &[&format!("--timeout={value}")]);
        }
    }
}

#[test]
fn an_unknown_flag_is_refused_and_a_stray_word_is_not_repeated() {
    for tool in TOOLS {
        is_refused(tool, &["--no-such-flag"]);
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
