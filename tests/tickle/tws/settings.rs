//! Flags, variables and files.

use super::super::{asked, ready, says};
use super::{conversations, probe};
use crate::support::{Standin, Tool};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

#[test]
fn refuses_the_flags_of_the_other_kind() {
    for (kind, flags) in [
        ("tws", &["--url", "https://localhost:5000"][..]),
        ("tws", &["--cacert", "file.pem"]),
        ("tws", &["--validate"]),
        ("cp", &["--address", "127.0.0.1:4002"]),
        ("cp", &["--client-id", "7"]),
        ("cp", &["--accounts"]),
    ] {
        let ran = Tool::new("ibgw-tickle")
            .env("IBGW_KIND", kind)
            .args(flags)
            .run();
        let ran = ran.exits(2).is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(
            message.contains(flags[0]) && message.contains("--kind"),
            "{message}"
        );
    }
}

#[test]
fn a_variable_of_the_other_kind_is_no_mistake() {
    let (standin, gateway) = (Standin::tws(), ready());
    let both = |tool: Tool| {
        tool.env("IBGW_URL", gateway.url())
            .env("IBGW_ADDRESS", standin.address())
            .env("IBGW_CLIENT_ID", "7")
            .env("IBGW_ACCOUNTS", "yes")
    };
    let report = says(both(Tool::new("ibgw-tickle")).run(), "ready", 0);
    assert_eq!(report["kind"], "cp");
    let report = says(
        both(Tool::new("ibgw-tickle")).env("IBGW_KIND", "tws").run(),
        "ready",
        0,
    );
    assert_eq!(report["kind"], "tws");
    assert_eq!(report["client_id"], 7);
    assert_eq!(report["accounts"], json!(["DU1234567"]));
    assert_eq!(
        (asked(&gateway).len(), conversations(&standin).len()),
        (1, 1)
    );
}

#[test]
fn refuses_invalid_addresses_and_ids() {
    for flags in [
        ["--address", "4002"],
        ["--address", "localhost"],
        ["--address", "planted@localhost:4002"],
        ["--address", "https://localhost:4002"],
        ["--client-id", "0"],
        ["--client-id", "2147483648"],
        ["--client-id", "planted"],
    ] {
        let tool = Tool::new("ibgw-tickle").args(["--kind", "tws"]).args(flags);
        let ran = tool
            .run()
            .exits(2)
            .is_silent_on_stdout()
            .never_shows("planted");
        assert!(
            ran.error()["message"].to_string().contains(flags[0]),
            "{}",
            ran.all()
        );
    }
}

#[test]
fn finds_a_host_by_its_name() {
    let standin = Standin::tws();
    let port = standin.about["port"].to_string();
    // The first is 127.0.0.1 by our own word, the second by that of the system.
    for host in ["localhost", "LOCALHOST"] {
        let address = format!("{host}:{port}");
        let tool = Tool::new("ibgw-tickle").args(["--kind", "tws", "--address", &address]);
        says(tool.run(), "ready", 0);
    }
}

#[test]
fn stores_a_report_and_answers_from_it() {
    let (standin, folder) = (Standin::tws(), TempDir::new().expect("a folder"));
    let file = folder.path().join("tickle.json");
    let writing = |flags: &[&str]| {
        let tool = probe(&standin).args(flags);
        tool.args([Path::new("--write"), &file]).run()
    };
    let reading = |flags: &[&str]| {
        let tool = Tool::new("ibgw-tickle").args(flags);
        tool.args([Path::new("--read"), &file]).run()
    };
    let written = says(writing(&["--accounts"]), "ready", 0);
    assert_eq!(written["accounts"], json!(["DU1234567"]));
    let flags = ["--kind", "tws", "--accounts"];
    assert_eq!(says(reading(&flags), "ready", 0), written);
    // What was stored for one reader is not shown to another.
    for flags in [&["--kind", "tws"][..], &[]] {
        let read = says(reading(flags), "ready", 0);
        assert_eq!(read["accounts"], Value::Null);
        assert_eq!(read["farms"], written["farms"]);
    }
    let lost = json!([{"code": 1100, "text": "lost"}]);
    standin.set(&json!({"tws": {"notices": lost}}));
    let written = says(writing(&[]), "unavailable", 12);
    assert_eq!(says(reading(&[]), "unavailable", 12), written);
    assert_eq!(conversations(&standin).len(), 2, "only --write asks");
}

#[test]
fn a_report_of_before_there_were_kinds_is_still_read() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("tickle.json");
    let old = r#"{"schema":"ibgw-tickle/1","state":"ready","authenticated":true,"connected":true,"established":true,
        "competing":false,"server":"JifN19053","message":null,"session_expires_at":null,"latency_ms":3,"warnings":[]}"#;
    fs::write(&file, old).expect("it can be written");
    let ran = Tool::new("ibgw-tickle")
        .args([Path::new("--read"), &file])
        .run();
    let report = says(ran, "ready", 0);
    assert_eq!(
        (&report["kind"], &report["server"]),
        (&Value::Null, &json!("JifN19053"))
    );
}

#[test]
fn writes_metrics_by_the_address() {
    let (standin, folder) = (Standin::tws(), TempDir::new().expect("a folder"));
    let file = folder.path().join("tws.prom");
    let ran = probe(&standin).args([Path::new("--metrics"), &file]).run();
    says(ran, "ready", 0);
    let text = fs::read_to_string(&file).expect("there are metrics");
    let label = format!("gateway=\"{}\"", standin.address());
    for line in [
        format!("ibgw_session_state{{{label},state=\"ready\"}} 1"),
        format!("ibgw_session_state{{{label},state=\"unavailable\"}} 0"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    assert!(!text.contains("expires"), "{text}");
}
