//! What goes where: errors for people and programs, settings, warnings, output that fails.

use super::TOOLS;
use crate::support::{Ran, Standin, Tool, binary};
use serde_json::Value;
use std::process::{Command, Stdio};

fn usage(tool: &str) -> Tool {
    Tool::new(tool).args(["--no-such-flag"])
}

#[test]
fn an_error_is_a_line_of_json_unless_text_is_asked_for() {
    for tool in TOOLS {
        let error = usage(tool).run().exits(2).error();
        assert_eq!(error["schema"], "ib-error/1");
        for ran in [
            usage(tool).args(["--errors", "text"]).run(),
            usage(tool).args(["--errors=text"]).run(),
            usage(tool).env("IB_ERRORS", "text").run(),
        ] {
            let ran = ran.exits(2);
            assert!(
                ran.stderr.starts_with(&format!("{tool}: ")),
                "{}",
                ran.all()
            );
            assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.all());
        }
        let flag_wins = usage(tool)
            .args(["--errors", "json"])
            .env("IB_ERRORS", "text")
            .run()
            .exits(2);
        assert_eq!(flag_wins.error()["schema"], "ib-error/1");
    }
}

#[test]
fn an_error_is_a_sentence_on_a_terminal() {
    let inner = format!("{} --no-such-flag", binary("ibgw-tickle").display());
    let output = Command::new("script")
        .args(["-qec", &inner, "/dev/null"])
        .stdin(Stdio::null())
        .output();
    let ran = Ran::from_output(inner, output.expect("script runs")).exits(2);
    assert!(
        ran.stdout.starts_with("ibgw-tickle: unexpected argument"),
        "{}",
        ran.all()
    );
}

#[test]
fn a_variable_stands_for_a_flag_and_a_flag_wins() {
    let standin = Standin::serve();
    let down = "https://localhost:1";
    let tickle = || Tool::new("ibgw-tickle");
    tickle().env("IBGW_URL", down).run().exits(7);
    tickle()
        .env("IBGW_URL", down)
        .args(["--url", standin.url()])
        .run()
        .exits(1);
    // The tool's own name wins over the one that tools share, and nothing is as good as not set.
    tickle()
        .env("IBGW_URL", down)
        .env("IBGW_TICKLE_URL", standin.url())
        .run()
        .exits(1);
    tickle()
        .env("IBGW_URL", standin.url())
        .env("IBGW_TICKLE_URL", "")
        .run()
        .exits(1);
    tickle().env("IBGW_TIMEOUT", "90").run().exits(2);
}

#[test]
fn a_variable_that_no_tool_reads_is_warned_about_in_the_report_alone() {
    let standin = Standin::serve();
    let tickle = || {
        Tool::new("ibgw-tickle")
            .env("IBGW_URL", standin.url())
            .env("IBGW_URLL", "x")
    };
    let ran = tickle().run().exits(1).is_silent_on_stderr();
    assert_eq!(
        ran.report()["warnings"],
        serde_json::json!(["unknown_variable"]),
        "{}",
        ran.all()
    );
    let ran = tickle().args(["-v"]).run().exits(1);
    assert!(ran.stderr.contains("IBGW_URLL"), "{}", ran.all());
    // Another tool's variable is no mistake.
    let ran = Tool::new("ibgw-tickle")
        .env("IBGW_URL", standin.url())
        .env("IBGW_LOGIN_BROWSER", "/x")
        .run()
        .exits(1);
    assert_eq!(
        ran.report()["warnings"],
        serde_json::json!([]),
        "{}",
        ran.all()
    );
}

#[test]
fn verbose_lines_are_json_too() {
    let standin = Standin::serve();
    let ran = Tool::new("ibgw-tickle")
        .env("IBGW_URL", standin.url())
        .args(["-v"])
        .run()
        .exits(1);
    assert!(!ran.stderr.is_empty(), "{}", ran.all());
    for line in ran.stderr.lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(line["schema"], "ib-log/1");
        for key in ["time", "level", "tool", "event", "message"] {
            assert!(line[key].is_string(), "{key}: {line}");
        }
    }
}

#[test]
fn a_tool_leaves_no_core_dump() {
    let standin = Standin::serve();
    standin.set(&serde_json::json!({"answers": [{"path": "/v1/api/tickle", "mode": "hang"}]}));
    let (mut child, _folder) = Tool::new("ibgw-tickle")
        .env("IBGW_URL", standin.url())
        .spawn();
    crate::support::eventually("it asks", || {
        standin
            .requests()
            .iter()
            .any(|asked| asked["path"] == "/v1/api/tickle")
            .then_some(())
    });
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("it runs");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a line");
    assert_eq!(line.split_whitespace().nth(4), Some("0"), "{line}");
    child.kill().and_then(|()| child.wait()).expect("it ends");
}
