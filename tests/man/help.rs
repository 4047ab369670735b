//! What `-h` and `--help` print.

use super::{all_arguments, tools};
use crate::support::Tool;
use clap::Command;

/// The commands of a tool: itself, and each subcommand, as they are typed.
fn commands(tool: &Command) -> Vec<(Vec<String>, Command)> {
    let below = tool.get_subcommands().cloned();
    let below = below.map(|sub| (vec![sub.get_name().to_owned()], sub));
    [(Vec::new(), tool.clone())]
        .into_iter()
        .chain(below)
        .collect()
}

#[test]
fn the_short_help_has_one_line_for_each_flag() {
    for tool in tools() {
        for (words, command) in commands(&tool) {
            let ran = Tool::new(tool.get_name()).args(&words).args(["-h"]).run();
            let ran = ran.exits(0).is_silent_on_stderr();
            for argument in command
                .get_arguments()
                .filter(|arg| arg.get_long().is_some() && !arg.is_hide_set())
            {
                let flag = format!("--{}", argument.get_long().unwrap_or_default());
                let is_about = |line: &&str| {
                    let spelled = line.trim_start().split("  ").next().unwrap_or_default();
                    let mut words = spelled.split([' ', ',', '=']);
                    line.trim_start().starts_with('-') && words.any(|word| word == flag)
                };
                let lines: Vec<_> = ran.stdout.lines().filter(is_about).collect();
                assert_eq!(lines.len(), 1, "lines about {flag}: {}", ran.all());
                let help = argument.get_help().map(ToString::to_string);
                let help = help.unwrap_or_default();
                assert!(
                    !help.is_empty() && lines[0].contains(&help),
                    "{flag} is told on its line, {help:?}: {}",
                    ran.all()
                );
            }
        }
    }
}

#[test]
fn no_short_help_ends_with_a_full_stop() {
    for tool in tools() {
        let of_flags = all_arguments(&tool)
            .into_iter()
            .filter_map(|arg| arg.get_help());
        let of_commands = tool.get_subcommands().filter_map(Command::get_about);
        for help in of_flags.chain(of_commands).chain(tool.get_about()) {
            let help = help.to_string();
            let name = tool.get_name();
            assert!(!help.ends_with('.'), "{name}: {help:?}");
            assert!(
                help.starts_with(char::is_uppercase),
                "{name}: {help:?} starts with a capital letter"
            );
        }
    }
}

#[test]
fn the_long_help_is_there() {
    for tool in tools() {
        for (words, command) in commands(&tool) {
            let ran = Tool::new(tool.get_name())
                .args(&words)
                .args(["--help"])
                .run();
            let ran = ran.exits(0).is_silent_on_stderr();
            let about = command.get_about().map(ToString::to_string);
            let about = about.unwrap_or_default();
            assert!(
                !about.is_empty() && ran.stdout.contains(&about),
                "{about:?}: {}",
                ran.all()
            );
        }
    }
}
