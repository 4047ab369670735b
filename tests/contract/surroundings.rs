//! What the machine may do to a tool: closed streams, full disks, files that it may not read.

use crate::login::{login, plain};
use crate::start::place::Place;
use crate::support::{Nobody, Ran, Standin, Tool};
use crate::validate::Device;
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

/// Runs a tool with a small file system at `full`, which no other process sees and which goes with the run.
///
/// 99 when the file system cannot be made, 98 when half a file is left on it.
fn on_small_disk(tool: Tool, kibibytes: u32, prepare: &str) -> Ran {
    let folder = tool.folder.path().join("full");
    fs::create_dir(&folder).expect("it can be made");
    // The draft of a file has a dot before its name and a random word after it.
    let inside = format!(
        r#"mount -t tmpfs -o size={kibibytes}k none full && {prepare} || exit 99
        "$0" "$@"; status=$?
        [ $status -eq 6 ] || exit $status
        [ -z "$(find full -name ".*.*")" ] || exit 98
        exit 6"#
    );
    let quoted = inside.replace('\'', r"'\''");
    tool.in_shell(&format!(r#"exec unshare -rm sh -c '{quoted}' "$0" "$@""#))
        .run()
}

#[track_caller]
fn says(ran: &Ran, words: &[&str]) {
    let message = ran.error()["message"].to_string();
    for word in words {
        assert!(message.contains(word), "{word:?} is missing: {}", ran.all());
    }
}

/// A stand-in with a session that is ready.
fn ready() -> Standin {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin
}

#[test]
fn output_that_fails_is_an_error_and_the_right_one() {
    let (standin, place, device) = (ready(), Place::new(), Device::new());
    place.up();
    let tickle = Tool::new("ibgw-tickle").args(["--url", standin.url()]);
    for tool in [
        tickle,
        login(&standin).stdin(plain()),
        place.tool::<&str>([]),
        place.tool(["--check"]),
        Tool::new("ibgw-secret").args(["get", "-"]).stdin("word"),
        device.tool(),
    ] {
        let ran = tool.in_shell(r#"exec "$0" "$@" >/dev/full"#).run().exits(9);
        says(&ran, &["writing the report to stdout", "No space left"]);
    }
    place.down();
}

#[test]
fn a_closed_stdin_is_an_empty_one() {
    let (standin, place) = (Standin::serve(), Place::new());
    let closed = |tool: Tool| tool.in_shell(r#"exec "$0" "$@" <&-"#).run();
    let secret = |args: &[&str]| closed(Tool::new("ibgw-secret").args(args));
    for args in [
        &["get", "-"][..],
        &["--login", "-"],
        &["seal", "--passphrase", "cmd:echo word", "--out", "sealed"],
    ] {
        says(
            &secret(args).exits(6).is_silent_on_stdout(),
            &["stdin", "empty"],
        );
    }
    assert_eq!(secret(&["get", "cmd:echo word"]).exits(0).stdout, "word\n");
    says(&closed(login(&standin)).exits(6), &["stdin", "empty"]);
    let device = Device::new();
    let validate = closed(device.tool_without_token());
    says(&validate.exits(6), &["stdin", "empty"]);
    let tickle = Tool::new("ibgw-tickle").args(["--url", standin.url()]);
    closed(tickle).exits(1).is_silent_on_stderr().report();
    let report = closed(place.tool::<&str>([])).exits(0).report();
    assert_eq!(report["state"], "ready", "{report}");
    place.down();
}

#[test]
fn a_full_disk_is_said_with_the_file_and_leaves_no_half_of_it() {
    let standin = ready();
    let fill = "{ cat /dev/zero >full/filler 2>&- || true; }";
    let tickle =
        Tool::new("ibgw-tickle").args(["--url", standin.url(), "--write", "full/tickle.json"]);
    let seal = [
        "seal",
        "--passphrase",
        "cmd:echo word",
        "--out",
        "full/sealed",
    ];
    let secret = Tool::new("ibgw-secret").args(seal).stdin("word");
    let device = Device::new();
    let validate = device.tool().args(["--state-dir", "full"]);
    for (tool, file) in [
        (tickle, "full/tickle.json"),
        (secret, "full/sealed"),
        (validate, "full/sso"),
    ] {
        let ran = on_small_disk(tool, 16, fill).exits(6).is_silent_on_stdout();
        says(&ran, &[file, "No space left"]);
    }
}

#[test]
fn a_gateway_whose_record_finds_no_room_is_ended() {
    let place = Place::new();
    // Each start gets one page further, until all but the record has room.
    let messages: Vec<String> = (4..=64)
        .step_by(4)
        .map(|kibibytes| {
            let tool = place.tool(["--state-dir", "full"]);
            let ran = on_small_disk(tool, kibibytes, "true").exits(6);
            says(&ran, &["full/gateway/cp-", "No space left"]);
            place.is_empty();
            ran.error()["message"].to_string()
        })
        .take_while(|message| !message.contains("record.json"))
        .collect();
    assert!(
        (1..16).contains(&messages.len())
            && messages.iter().all(|message| message.contains("/conf")),
        "{messages:#?}"
    );
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    // What root may read all the same it may not without these two capabilities.
    let script = r#"[ "$(id -u)" -ne 0 ] || set -- --bounding-set=-dac_override,-dac_read_search "$0" "$@"
        [ "$(id -u)" -ne 0 ] || exec setpriv "$@"
        exec "$0" "$@""#;
    let secret = Tool::new("ibgw-secret").args(["get", "file:word"]);
    let tickle = Tool::new("ibgw-tickle").args(["--read", "word"]);
    for tool in [secret, tickle] {
        let word = tool.folder.path().join("word");
        fs::write(&word, "word").expect("it can be written");
        fs::set_permissions(&word, Permissions::from_mode(0o000)).expect("it can be set");
        let ran = tool.in_shell(script).run().exits(6).is_silent_on_stdout();
        says(&ran, &["word", "Permission denied"]);
    }
}

/// `auto` is for ibgw-login alone, and the variable for all of them.
#[test]
fn a_mode_of_another_tools_ends_no_other_tool() {
    for tool in ["ibgw-start", "ibgw-tickle"] {
        let ran = Tool::new(tool)
            .env("IBGW_MODE", "auto")
            .env("IBGW_TIMEOUT", "1s");
        let ran = match tool {
            "ibgw-start" => ran.args(["--stop"]).run().exits(0),
            _ => ran
                .args([
                    "--kind",
                    "tws",
                    "--address",
                    &Nobody::new().address().to_string(),
                ])
                .run()
                .exits(7),
        };
        assert!(!ran.stderr.contains("--mode"), "{}", ran.all());
    }
}
