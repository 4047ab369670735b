//! Closed lists: what the sources can say, the pages explain.

use super::page::Page;
use super::{read, root};
use std::fs;
use std::path::{Path, PathBuf};

/// The variants of an enum, as JSON has them.
fn variants(path: &str, name: &str) -> Vec<String> {
    let source = read(path);
    let head = format!("enum {name} {{\n");
    let body = source.split(&head).nth(1);
    let body = body.unwrap_or_else(|| panic!("{path} has no enum {name}"));
    let lines = body.lines().map(str::trim).take_while(|line| *line != "}");
    let variants = lines.filter(|line| line.ends_with(',') && !line.starts_with("//"));
    let variants: Vec<_> = variants
        .map(|line| snake_case(line.trim_end_matches(',')))
        .collect();
    assert!(variants.len() > 1, "{path}: {name} has {variants:?}");
    variants
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    let all = paths.flat_map(below);
    all.filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// The events that a crate warns of: the first argument of `warn(…)`.
fn events(name: &str) -> Vec<String> {
    let mut events = Vec::new();
    for file in files(&root().join("crates").join(name).join("src")) {
        let source = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let calls = source.split("warn(").skip(1);
        let events_here =
            calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
        events.extend(events_here.map(str::to_owned));
    }
    events
}

#[test]
fn every_value_of_a_closed_list_is_explained() {
    for (tool, path, name) in [
        ("ibgw-login", "crates/ibgw-login/src/ending.rs", "Reason"),
        ("ibgw-login", "crates/ibgw-login/src/report.rs", "State"),
        (
            "ibgw-start",
            "crates/ibgw-start/src/cp/report.rs",
            "InstanceState",
        ),
        (
            "ibgw-start",
            "crates/ibgw-start/src/tws/report.rs",
            "TwsState",
        ),
        (
            "ibgw-start",
            "crates/ib-tws/src/course/reason.rs",
            "CourseReason",
        ),
        ("ibgw-tickle", "crates/ib-tws/src/probe.rs", "Stage"),
        (
            "ibsso-token",
            "crates/ib-webapi/src/token_answer.rs",
            "TokenState",
        ),
        ("ibsso-token", "crates/ibsso-token/src/status.rs", "Word"),
        ("ibsso-validate", "crates/ib-webapi/src/told.rs", "SsoState"),
    ] {
        let explained = Page::of(tool).names_explained();
        // What is not known has no report, and is no state of one.
        for value in variants(path, name)
            .into_iter()
            .filter(|value| (tool, value.as_str()) != ("ibsso-validate", "unknown"))
        {
            assert!(
                explained.contains(&value),
                "{tool}.1 has no .It Li {value} ({name} in {path}); it has {explained:?}"
            );
        }
    }
}

#[test]
fn every_other_value_is_named() {
    for (tool, path, name) in [
        ("ibgw-login", "crates/ibgw-login/src/report.rs", "How"),
        ("ibgw-tickle", "crates/ibgw-tickle/src/report.rs", "Kind"),
        ("ibgw-tickle", "crates/ib-tws/src/notice.rs", "FarmState"),
        ("ibgw-tickle", "crates/ib-tws/src/notice.rs", "Service"),
        ("ibgw-start", "crates/ib-tws/src/course.rs", "Phase"),
        ("ibgw-login", "crates/ib-guard/src/ledger.rs", "Outcome"),
        ("ibgw-login", "crates/ib-guard/src/ledger.rs", "Why"),
        (
            "ibsso-token",
            "crates/ibsso-token/src/self_test.rs",
            "State",
        ),
    ] {
        let page = Page::of(tool);
        for value in variants(path, name) {
            assert!(
                page.has_literal(&value),
                "{tool}.1 has no .Li {value} ({name} in {path})"
            );
        }
    }
}

#[test]
fn every_name_of_the_images_is_answered_on_the_page_as_the_program_does() {
    let source = read("crates/ibgw-start/src/tws/image_variables.rs");
    let table = source.split("[(&str, &str); ").nth(1).expect("a table");
    let table = table.split("];").next().expect("its end");
    // Strings alone: names and answers by turns.
    let strings: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
    assert!(strings.len() > 60, "{strings:?}");
    let page = read("man/ib-tools.7");
    for pair in strings.chunks(2) {
        let entry = format!(".It Ev {}\n{}\n", pair[0], pair[1]);
        assert!(page.contains(&entry), "ib-tools.7 has no {entry:?}");
    }
}

#[test]
fn every_warning_is_explained_where_it_can_come() {
    // What a shared crate warns of reaches the tools that read logins, or every tool.
    let readers = &["ibgw-secret", "ibgw-login", "ibsso-token", "ibsso-validate"][..];
    let crates: [(&str, &[&str]); 8] = [
        ("ibgw-start", &["ibgw-start"]),
        ("ibgw-login", &["ibgw-login"]),
        ("ibgw-tickle", &["ibgw-tickle"]),
        ("ibsso-token", &["ibsso-token"]),
        ("ibsso-validate", &["ibsso-validate"]),
        ("ib-guard", &["ibgw-login", "ibgw-start"]),
        ("ib-pgp", &["ibsso-token"]),
        ("ib-cli", readers),
    ];
    for (name, tools) in crates {
        let events = events(name);
        assert!(!events.is_empty(), "crates/{name} warns of something");
        for (tool, event) in tools
            .iter()
            .flat_map(|tool| events.iter().map(move |event| (tool, event)))
        {
            let explained = Page::of(tool).names_explained();
            assert!(
                explained.contains(event),
                "{tool}.1 has no .It Li {event}; it has {explained:?}"
            );
        }
    }
    for tool in ["ibgw-start", "ibgw-tickle"] {
        assert!(
            Page::of(tool)
                .names_explained()
                .contains("unknown_variable"),
            "{tool}.1 has no .It Li unknown_variable"
        );
    }
    for name in ["ib-webapi", "ib-tws", "ib-proc"] {
        let events = events(name);
        assert!(
            events.is_empty(),
            "crates/{name} warns of {events:?}: say here whose pages explain them"
        );
    }
}
