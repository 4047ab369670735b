//! Every flag, variable and exit that a script names is one that the tools have.

use super::script;
use crate::man;
use crate::support::{below, read};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every file below `scripts`, and what is in it. The completions are generated, and held to the tools elsewhere.
fn files() -> Vec<(PathBuf, String)> {
    let mut paths = below(&script(""));
    paths.retain(|path| path.is_file() && !path.starts_with(script("completions")));
    let read = |path: PathBuf| {
        let text = read(&path);
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The words of a script; those of lists in JSON and YAML without their marks. What ends a command is a word of its own.
fn words(text: &str) -> Vec<String> {
    let mut apart = text.to_owned();
    for end in [";", "|", "&", "\n", "`", "("] {
        apart = apart.replace(end, &format!(" {end} "));
    }
    // A command may go on in the next line.
    let apart = apart.replace("\\ \n ", " ");
    let trimmed = apart
        .split(' ')
        .map(|word| word.trim_matches(['[', ']', '"', '\'', ',', '{', '}', ')', '.', ':']));
    trimmed
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The flags that follow a tool's name in one command.
fn flags_after(words: &[String]) -> BTreeSet<String> {
    let ends = [";", "|", "&", "\n", "`", "("];
    let command = words
        .iter()
        .take_while(|word| !ends.contains(&word.as_str()));
    let flags = command.filter_map(|word| word.strip_prefix("--"));
    flags
        .filter_map(|flag| flag.split('=').next())
        .filter(|flag| !flag.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_flag_of_a_tool_is_one_that_it_has() {
    let tools = man::tools();
    let mut seen = 0;
    for (path, text) in files() {
        let words = words(&text);
        for (at, word) in words.iter().enumerate() {
            let name = word.rsplit(['/', ':', '=']).next().unwrap_or_default();
            let Some(tool) = tools.iter().find(|tool| tool.get_name() == name) else {
                continue;
            };
            for flag in flags_after(&words[at + 1..]) {
                let known = man::long_flags(tool);
                assert!(known.contains(&flag), "{path:?}: {name} has no --{flag}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 30, "{seen} flags were found");
}

#[test]
fn every_variable_is_one_that_a_tool_reads() {
    let known: BTreeSet<String> = man::tools()
        .iter()
        .flat_map(|tool| {
            let family = tool
                .get_name()
                .split('-')
                .next()
                .unwrap_or_default()
                .to_owned();
            let own = tool.get_name().to_owned();
            let names = man::long_flags(tool).into_iter();
            names.flat_map(move |flag| {
                [&family, &own].map(|prefix| ib_cli::variable(&prefix.replace('-', "_"), &flag))
            })
        })
        .collect();
    let mut seen = 0;
    for (path, text) in files() {
        let letters = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        let names = text.split(|letter: char| !letters(letter));
        let names = names.filter(|name| name.starts_with("IBGW_") || name.starts_with("IBSSO_"));
        for name in names.filter(|name| !["IBGW_", "IBSSO_"].contains(name)) {
            assert!(
                known.contains(name),
                "{path:?} names {name}, which no tool reads"
            );
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen} variables were found");
}

#[test]
fn the_supervisor_asks_for_no_exit_that_the_tool_has_not() {
    let text = super::text("ibgw-supervise");
    for (function, tool) in [
        ("start()", "ibgw-start"),
        ("log_in()", "ibgw-login"),
        ("while :", "ibgw-tickle"),
    ] {
        let (_, from) = text
            .split_once(&format!("\n{function}"))
            .expect("it is there");
        let body = from.split("\n}\n").next().expect("a body");
        let exits = man::exits_of(tool);
        let patterns = body
            .lines()
            .map(str::trim)
            .filter_map(|line| line.split_once(')'));
        let mut seen = 0;
        for (pattern, _) in patterns {
            for one in pattern.split('|').map(str::trim) {
                // In log_in the submissions follow a dash, and [569] is one of three.
                let exit = one.split('-').next().unwrap_or_default();
                let codes: Vec<u8> = match exit.strip_prefix('[') {
                    Some(set) => set
                        .bytes()
                        .filter(u8::is_ascii_digit)
                        .map(|digit| digit - b'0')
                        .collect(),
                    None => exit.parse().into_iter().collect(),
                };
                for code in codes {
                    // 5 of a tickle, as of any tool, would be a program that is missing.
                    assert!(
                        exits.contains(&code) || (tool, code) == ("ibgw-tickle", 5),
                        "{function} {pattern}: {tool} has {exits:?}"
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen >= 3, "{function}: {seen} exits were found in\n{body}");
    }
}
