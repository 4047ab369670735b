//! The brokerage session: opened when asked.

use super::{Device, VALIDATE, message, says, warnings};
use crate::support::Tool;
use serde_json::{Value, json};

pub(crate) const GUIDE: &str = "/iserver/ssodh/init";
const REFERENCE: &str = "/iserver/auth/ssodh/init";
const STATUS: &str = "POST /iserver/auth/status";
pub(crate) const INIT: &str = "POST /iserver/ssodh/init?compete=true&publish=true";

pub(crate) fn open(device: &Device) -> Tool {
    device.tool().args(["--brokerage"])
}

/// Only the flag opens it.
#[test]
fn opens_nothing_unasked() {
    let device = Device::new();
    assert_eq!(
        says(device.tool().run(), "valid", 0)["brokerage"],
        Value::Null
    );
    assert_eq!(device.asked(), [VALIDATE]);
    assert_eq!(device.standin.truth()["sso"]["brokerage_open"], false);
}

/// The query that the guide requires and the body that the reference requires.
#[test]
fn opens_the_brokerage_session_with_query_and_body() {
    let device = Device::new();
    let report = says(open(&device).run(), "valid", 0);
    let expected = json!({
        "authenticated": true, "connected": true, "established": true, "competing": false, "server_name": "JisfN8122",
        "server_version": "Build 10.20.0w, Apr 5, 2023 7:42:15 AM", "message": null, "fail": null,
    });
    assert_eq!(report["brokerage"], expected);
    assert_eq!(report["username"], super::USERNAME);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
    let request = device.standin.requests().remove(1);
    assert_eq!(request["body"], r#"{"publish":true,"compete":true}"#);
    let headers = &request["headers"];
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["content-length"], "31");
    assert_eq!(headers["authorization"], format!("Bearer {}", device.token));
    assert_eq!(device.standin.truth()["sso"]["brokerage_open"], true);
}

#[test]
fn takes_the_path_of_the_reference_with_the_flag() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"sso": {"init_path": "reference"}}));
    let ran = open(&device).run().exits(6).is_silent_on_stdout();
    let words = message(&ran);
    assert!(
        words.contains("404") && words.contains(&format!("--init-path {REFERENCE}")),
        "{words}"
    );
    let ran = open(&device).args(["--init-path", REFERENCE]).run();
    says(ran, "valid", 0);
    // The error for the other path names the guide's path.
    device.standin.set(&json!({"sso": {"init_path": "guide"}}));
    let ran = open(&device)
        .args(["--init-path", REFERENCE])
        .run()
        .exits(6);
    assert!(
        message(&ran).contains(&format!("--init-path {GUIDE}")),
        "{}",
        ran.all()
    );
}

#[test]
fn takes_a_path_that_is_one() {
    for path in [
        "iserver/ssodh/init",
        "/x?y=1",
        "/x#y",
        "/x y",
        "",
        "/\u{e4}",
    ] {
        let tool = Tool::new("ibsso-validate").args(["--brokerage", "--init-path", path]);
        let ran = tool.run().exits(2).is_silent_on_stdout();
        assert!(message(&ran).contains("--init-path"), "{}", ran.all());
    }
}

#[test]
fn takes_a_path_for_the_opening_alone() {
    for flags in [
        &["--init-path", REFERENCE][..],
        &["--init-path=/x", "--tickle"],
    ] {
        let ran = Tool::new("ibsso-validate").args(flags).run();
        let ran = ran.exits(2).is_silent_on_stdout();
        assert!(message(&ran).contains("--brokerage"), "{}", ran.all());
    }
    // A variable may be set for every run.
    let device = Device::new();
    let tool = device.tool().env("IBSSO_INIT_PATH", REFERENCE);
    says(tool.run(), "valid", 0);
    device
        .standin
        .set(&json!({"sso": {"init_path": "reference"}}));
    let tool = open(&device).env("IBSSO_INIT_PATH", REFERENCE);
    says(tool.run(), "valid", 0);
}

/// Two runs that compete at once would end each other's session.
#[test]
fn two_at_once_open_one_after_the_other() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established_after_ms": 1500}}));
    let runs: Vec<_> = (0..2).map(|_| open(&device).spawn()).collect();
    for (child, _folder) in runs {
        let output = child.wait_with_output().expect("it ends");
        let ran = crate::support::Ran::from_output("ibsso-validate".to_owned(), output);
        says(ran, "valid", 0);
    }
    let asked = device.asked();
    let (last, before) = asked.split_last().expect("there is one");
    assert_eq!(last, INIT, "{asked:?}");
    assert_eq!(before[..3], [VALIDATE, INIT, STATUS], "{asked:?}");
    assert!(before[2..].iter().all(|asked| asked == STATUS), "{asked:?}");
}

#[test]
fn sends_the_cookies_back() {
    let device = Device::new();
    device.standin.set(&json!({"sso": {"needs_cookie": true}}));
    says(open(&device).run(), "valid", 0);
    let requests = device.standin.requests();
    assert!(
        requests[0]["headers"].get("cookie").is_none(),
        "{}",
        requests[0]
    );
    let cookies = requests[1]["headers"]["cookie"]
        .as_str()
        .unwrap_or_default();
    assert!(
        cookies.contains("api=") && cookies.contains("x-sess-uuid="),
        "{cookies}"
    );
}

#[test]
fn waits_until_the_session_is_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established_after_ms": 1500}}));
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(report["brokerage"]["established"], true);
    let asked = device.asked();
    assert_eq!(asked[..3], [VALIDATE, INIT, STATUS]);
    assert!(asked.len() <= 5, "each second: {asked:?}");
}

#[test]
fn waits_after_a_promise_and_after_a_first_no() {
    for answer in [
        json!({"wait": true}),
        json!({"authenticated": false, "connected": true, "competing": false}),
    ] {
        let device = Device::answering(GUIDE, json!({"status": 200, "body": answer}));
        let open_flags = json!({"authenticated": true, "connected": true, "established": true, "competing": false});
        device.script(
            "/iserver/auth/status",
            json!({"status": 200, "body": open_flags}),
        );
        says(open(&device).run(), "valid", 0);
        assert_eq!(device.asked(), [VALIDATE, INIT, STATUS], "{answer}");
    }
}

#[test]
fn takes_the_guides_answer_which_has_no_established() {
    let device = Device::new();
    device
        .standin
        .set(&json!({"bringup": {"established": "absent"}}));
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(report["brokerage"]["established"], Value::Null);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
}

/// Without the flag, a session without a server cannot be used.
#[test]
fn takes_no_session_without_a_server_for_an_open_one() {
    let device = Device::new();
    let bringup = json!({"established": "absent", "no_server_name": true});
    device.standin.set(&json!({"bringup": bringup}));
    let ran = open(&device).args(["--timeout", "4s"]).run();
    assert!(message(&ran).contains("no server"), "{}", ran.all());
    says(ran, "timed_out", 8);
}

#[test]
fn opens_it_within_the_minute_by_what_is_known() {
    let device = Device::new();
    says(device.tool().run(), "valid", 0);
    let report = says(open(&device).run(), "valid", 0);
    assert_eq!(warnings(&report), ["answered_from_state"]);
    assert_eq!(device.asked(), [VALIDATE, INIT]);
}
