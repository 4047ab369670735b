//! Runs each form of each synopsis. A tool may refuse it, but not for its command line.

use super::page::Page;
use super::tools;
use crate::support::{Tool, without_settings};
use clap::Command;
use clap::error::ErrorKind;
use std::fs;

/// What one call has behind the name of the tool.
type Words = Vec<String>;

/// One form of a synopsis.
struct Form {
    /// The required words, once for each side of a `|`.
    musts: Vec<Words>,
    /// What each line of it may have.
    mays: Vec<Vec<Words>>,
}

#[test]
fn no_tool_refuses_what_its_synopsis_has() {
    let mut calls = 0;
    for (tool, form) in forms() {
        for words in form.calls() {
            run(tool.get_name(), &words);
            calls += 1;
        }
    }
    assert!(calls > 100, "{calls} calls are not all that the pages have");
}

/// Two things that a form may have, it may have together, unless a `|` is between them.
#[test]
fn no_synopsis_offers_two_flags_that_its_tool_refuses_together() {
    without_settings();
    for (tool, form) in forms() {
        for (place, line) in form.mays.iter().enumerate() {
            let others = form.mays[place + 1..].iter().flatten();
            for (one, other) in others.flat_map(|other| line.iter().map(move |one| (one, other))) {
                let name = [tool.get_name().to_owned()];
                let words = [&name, &form.musts[0][..], one, other].concat();
                let refused = tool.clone().try_get_matches_from(&words).err();
                let is_conflict =
                    refused.is_some_and(|error| error.kind() == ErrorKind::ArgumentConflict);
                assert!(!is_conflict, "its page offers {words:?}");
            }
        }
    }
}

fn forms() -> Vec<(Command, Form)> {
    let mut forms = Vec::new();
    for tool in tools() {
        for lines in Page::of(tool.get_name()).forms() {
            forms.push((tool.clone(), Form::read(&lines)));
        }
    }
    forms
}

/// Runs a call where nothing answers.
#[track_caller]
fn run(name: &str, words: &[String]) {
    let tool = Tool::new(name);
    fs::write(tool.folder.path().join("file"), "{}").expect("a file can be written");
    fs::create_dir(tool.folder.path().join("folder")).expect("a folder can be made");
    let nowhere = "https://127.0.0.1:1";
    let tool = [
        ("IBGW_URL", nowhere),
        ("IBGW_GCP_URL", nowhere),
        ("IBSSO_TOKEN_URL", nowhere),
        ("IBSSO_API_URL", nowhere),
        ("IBGW_ADDRESS", "127.0.0.1:1"),
    ]
    .into_iter()
    // A variable beside its flag does not count.
    .fold(tool, |tool, (variable, value)| tool.env(variable, value));
    let ran = tool.args(words).run();
    assert_ne!(ran.status, 2, "its page has this form: {}", ran.all());
}

impl Form {
    fn read(lines: &[&str]) -> Self {
        let mut form = Self {
            musts: vec![Words::new()],
            mays: Vec::new(),
        };
        for line in lines {
            let line = line.trim_start_matches('.');
            let line = line.replace(" : Ns Ar ", ":").replace(" Ns = Ns Ar ", "=");
            match line.strip_prefix("Op ") {
                Some(inner) => form.mays.push(alternatives(inner)),
                None => {
                    let all = alternatives(&line);
                    let with = |must: &Words| {
                        let with = all.iter().map(|words| [&must[..], words].concat());
                        with.collect::<Vec<_>>()
                    };
                    form.musts = form.musts.iter().flat_map(with).collect();
                }
            }
        }
        form
    }

    /// What it must have, alone and with each thing that it may have.
    fn calls(&self) -> Vec<Words> {
        let with = |must: &Words| {
            let mays = self.mays.iter().flatten();
            let with = mays.map(|may| [&must[..], may].concat());
            [vec![must.clone()], with.collect()].concat()
        };
        self.musts.iter().flat_map(with).collect()
    }
}

/// The calls that a line stands for: each side of a `|`, without and with what is optional inside.
fn alternatives(line: &str) -> Vec<Words> {
    let (mut found, mut begin) = (Vec::new(), "");
    for side in line.split(" | ") {
        let (outer, inner) = match (side.split_once(" Op "), side.split_once(" Oo ")) {
            (_, Some((outer, inner))) => (outer, inner.replace(" Oc Op ", " Oc ")),
            (Some((outer, inner)), None) => (outer, inner.to_owned()),
            (None, None) => (side, String::new()),
        };
        // The second flag of two may go without the sign for one.
        let outer = match outer.split_once(' ') {
            None => format!("{begin} {outer}"),
            Some((first, _)) => {
                begin = first;
                outer.to_owned()
            }
        };
        let outer = words(&outer);
        found.push(outer.clone());
        let inner = inner.split(" Oc ").filter(|inner| !inner.is_empty());
        found.extend(inner.map(|inner| [&outer[..], &words(inner)].concat()));
    }
    found
}

/// The words of a call, with a value for each argument.
fn words(line: &str) -> Words {
    let mut words = Words::new();
    let mut marks = line.split_whitespace().peekable();
    while let Some(mark) = marks.next() {
        match mark {
            "Fl" => words.extend(marks.next().map(|flag| format!("-{flag}"))),
            "Li" | "Cm" => words.extend(marks.next().map(str::to_owned)),
            "Ar" => {
                let mut name = marks.next().unwrap_or_default().to_owned();
                // IP ...
                while marks
                    .peek()
                    .is_some_and(|mark| !["Fl", "Ar", "Op"].contains(mark))
                {
                    name += marks.next().unwrap_or_default();
                }
                words.extend(value(words.last().map(String::as_str), &name));
            }
            other => panic!("{line:?} has {other:?}, which this test cannot read"),
        }
    }
    words
}

/// A value that is one of its kind; nothing for what stands for other flags.
fn value(flag: Option<&str>, name: &str) -> Option<String> {
    let value = match (flag.unwrap_or_default(), name) {
        (_, "flags" | "reading" | "login") => return None,
        ("--driver-url", _) => "http://127.0.0.1:1",
        ("--init-path", _) => "/iserver/auth/ssodh/init",
        ("--errors" | "--format", _) => "json",
        ("--max-failures", _) => "1",
        // One that is open: stderr.
        ("--ready-fd", _) => "2",
        (_, "URL") => "https://127.0.0.1:1",
        (_, "FILE" | "PEM") => "file",
        (_, "DIR") => "folder",
        (_, "REF") => "file:file",
        (_, "DURATION") => "5s",
        (_, "N") => "7",
        (_, "KIND") => "cp",
        (_, "MODE") => "paper",
        (_, "METHOD") => "auto",
        (_, "NAME" | "REASON" | "USERNAME") => "trader",
        (_, "CMD") => "true",
        (_, "PATH") => "/bin/true",
        (_, "ARG") => "--headless",
        (_, "OPTION") => "-Xmx64m",
        (_, "WINDOW") => "Fri 23:00-Sat 03:00 UTC",
        (_, "ADDRESS") => "8.8.8.8",
        (_, "IP...") => "127.0.0.1",
        (_, "ADDR:PORT" | "HOST:PORT") => "127.0.0.1:7",
        (_, "KEY=VALUE") => "ReadOnlyApi=no",
        (_, "40HEX") => "0123456789ABCDEF0123456789ABCDEF01234567",
        (_, "PART") => "commands",
        (_, "WHO") => "java",
        (flag, name) => panic!("{flag} takes {name}, of which this test knows no value"),
    };
    Some(value.to_owned())
}
