//! Closed lists: what the sources can say, the pages explain.

use super::page::Page;
use crate::support::{below, read, repository};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The variants of an enum, as JSON has them.
fn variants(path: &str, name: &str) -> Vec<String> {
    let source = read(path);
    let head = format!("enum {name} {{\n");
    let body = source.split(&head).nth(1);
    let body = body.unwrap_or_else(|| panic!("{path} has no enum {name}"));
    let lines = body.lines().map(str::trim).take_while(|line| *line != "}");
    let mut renamed = None;
    let mut variants = Vec::new();
    for line in lines.filter(|line| !line.starts_with("//")) {
        let rename = line.strip_prefix("#[serde(rename = \"");
        if let Some(name) = rename.and_then(|rest| rest.strip_suffix("\")]")) {
            renamed = Some(name.to_owned());
        } else if let Some(variant) = line.strip_suffix(',') {
            variants.push(renamed.take().unwrap_or_else(|| snake_case(variant)));
        }
    }
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
    let mut all = below(folder);
    all.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    all
}

/// The events that a crate warns of: the first argument of `warn(…)`.
fn events(name: &str) -> Vec<String> {
    let mut events = Vec::new();
    for file in files(&repository().join("crates").join(name).join("src")) {
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
        ("ibgw-login", "crates/ibgw-login/src/reason.rs", "Refusal"),
        (
            "ibgw-login",
            "crates/ibgw-login/src/reason.rs",
            "StopReason",
        ),
        (
            "ibgw-login",
            "crates/ibgw-login/src/reason.rs",
            "BreakReason",
        ),
        (
            "ibgw-login",
            "crates/ib-tws/src/course/reason.rs",
            "CourseReason",
        ),
        (
            "ibgw-login",
            "crates/ibgw-login/src/report.rs",
            "LoginState",
        ),
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
        ("ibgw-tickle", "crates/ib-tws/src/steps.rs", "ProbeStage"),
        (
            "ibsso-token",
            "crates/ib-webapi/src/token_answer.rs",
            "TokenState",
        ),
        (
            "ibsso-token",
            "crates/ibsso-token/src/gpg/status.rs",
            "GpgStatusWord",
        ),
        (
            "ibsso-validate",
            "crates/ib-webapi/src/token_outcome.rs",
            "SsoState",
        ),
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
fn every_hold_that_ibgw_login_reports_is_explained() {
    let source = read("crates/ib-guard/src/hold_reason.rs");
    // Strings alone.
    let strings = source.split('"').skip(1).step_by(2);
    let holds: BTreeSet<_> = strings.filter(|name| name.starts_with("held_")).collect();
    assert_eq!(holds.len(), 8, "{holds:?}");
    let explained = Page::of("ibgw-login").names_explained();
    for hold in holds {
        assert!(
            explained.contains(hold),
            "ibgw-login.1 has no .It Li {hold}"
        );
    }
}

#[test]
fn every_other_value_is_named() {
    for (tool, path, name) in [
        ("ibgw-login", "crates/ibgw-login/src/report.rs", "ReadyBy"),
        (
            "ibgw-tickle",
            "crates/ib-cli/src/contract/gateway_kind.rs",
            "GatewayKind",
        ),
        (
            "ibgw-tickle",
            "crates/ib-tws/src/system_message.rs",
            "FarmState",
        ),
        (
            "ibgw-tickle",
            "crates/ib-tws/src/system_message.rs",
            "FarmService",
        ),
        ("ibgw-start", "crates/ib-tws/src/course/phase.rs", "Phase"),
        (
            "ibgw-login",
            "crates/ib-guard/src/ledger.rs",
            "SubmissionOutcome",
        ),
        (
            "ibgw-login",
            "crates/ib-guard/src/hold_reason.rs",
            "HoldReason",
        ),
        (
            "ibsso-token",
            "crates/ibsso-token/src/self_test.rs",
            "SelfTestState",
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
