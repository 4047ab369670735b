//! Every way in which a tickle can come back, and what it costs: IBeam logs in for most of them (Voyz/ibeam#1, #222,
//! #242), each time with a notification on the phone.

use super::*;

/// A user whose every submission sends a notification.
fn standin() -> Standin {
    Runs::of_push_user().standin
}

fn asked(standin: &Standin) -> Tool {
    let tool = on_the_page(standin);
    tool.args(["--push-wait", "1ms"])
        .stdin(record("pushuser", "Correct-Horse5", None, "live"))
}

/// Runs the tool when each tickle is answered so.
fn answered(standin: &Standin, answer: &Value) -> Ran {
    let mut scripted = answer.clone();
    scripted["path"] = "/v1/api/tickle".into();
    standin.set(&json!({"answers": [scripted]}));
    let is_endless = ["hang", "drip"].iter().any(|mode| answer["mode"] == *mode);
    let timeout = if is_endless { "2s" } else { "30s" };
    asked(standin).args(["--timeout", timeout]).run()
}

#[track_caller]
fn costs(standin: &Standin, ran: &Ran, submissions: u64, pushes: u64) {
    let truth = standin.truth();
    let (sent, pushed) = (&truth["submissions"], &truth["pushes"]);
    assert_eq!(
        (sent, pushed),
        (&json!(submissions), &json!(pushes)),
        "{truth} {}",
        ran.all()
    );
}

fn flags(authenticated: bool, competing: bool, connected: bool) -> Value {
    let status = json!({
        "authenticated": authenticated, "competing": competing, "connected": connected,
    });
    json!({"status": 200, "body": {"session": "s", "iserver": {"authStatus": status}}})
}

#[test]
fn a_session_that_is_there_costs_nothing_whatever_its_flags() {
    let with_flags = (0..8_u8).map(|it| flags(it & 1 != 0, it & 2 != 0, it & 4 != 0));
    let without = [
        json!({"session": "s"}),
        json!({"session": "s", "iserver": {}}),
    ];
    let without = without.map(|body| json!({"status": 200, "body": body}));
    for answer in with_flags.chain(without) {
        let standin = standin();
        standin.make("login", &json!({"user": "pushuser", "mode": "live"}));
        standin.make("drop-brokerage", &json!({}));
        let ran = answered(&standin, &answer);
        let was_asked = standin
            .requests()
            .iter()
            .any(|it| it["part"] == "gateway" && it["path"] == "/v1/api/tickle");
        assert!(was_asked, "{answer}: {}", ran.all());
        costs(&standin, &ran, 0, 0);
    }
}

/// Runs the tool with a session that lives, while the opening of its brokerage session is answered so.
fn opening(standin: &Standin, answer: &Value) -> Ran {
    standin.make("login", &json!({"user": "pushuser", "mode": "live"}));
    standin.make("drop-brokerage", &json!({}));
    let mut scripted = answer.clone();
    scripted["path"] = "/v1/api/iserver/auth/ssodh/init".into();
    standin.set(&json!({"answers": [scripted]}));
    let timeout = if answer["mode"] == "hang" {
        "3s"
    } else {
        "60s"
    };
    let ran = asked(standin).args(["--timeout", timeout]).run();
    let was_asked = standin
        .requests()
        .iter()
        .any(|it| it["path"] == "/v1/api/iserver/auth/ssodh/init");
    assert!(was_asked, "{answer}: {}", ran.all());
    ran
}

#[test]
fn a_session_that_cannot_be_asked_to_open_costs_nothing() {
    let cases = [
        json!({"status": 429, "body": ""}),
        json!({"status": 500, "body": ""}),
        json!({"status": 503, "body": ""}),
        json!({"status": 403, "body": ""}),
        json!({"status": 200, "body": "<html>maintenance</html>"}),
        json!({"mode": "hang"}),
        json!({"mode": "garbage"}),
        json!({"mode": "reset"}),
    ];
    at_once(4, cases, |answer| {
        let standin = standin();
        let ran = opening(&standin, &answer);
        assert!(ran.status >= 6, "{answer}: {}", ran.all());
        costs(&standin, &ran, 0, 0);
    });
}

#[test]
fn a_living_session_that_no_opening_helps_costs_one_login_and_its_notification() {
    let standin = standin();
    let never = json!({"status": 200, "body": {
        "authenticated": false, "competing": false, "connected": true, "message": "",
    }});
    let ran = opening(&standin, &never);
    assert_eq!(
        ran.report()["reason"],
        "second_factor_expired",
        "{}",
        ran.all()
    );
    costs(&standin, &ran, 1, 1);
}

#[test]
fn an_answer_that_is_no_answer_costs_nothing() {
    let ok = |body: Value| json!({"status": 200, "body": body});
    let error = |status: u16| json!({"status": status, "body": ""});
    let mut answers = vec![
        ok(json!({"iserver": {"authStatus": null}})),
        ok(json!({"error": "something new"})),
        ok(json!({})),
        ok(json!("")),
        ok(json!("no session")),
        ok(json!("<html>maintenance</html>")),
        ok(json!([])),
        json!({"status": 302, "headers": {"Location": "/sso/Login"}, "body": ""}),
        json!({"status": 404, "body": "Access Denied"}),
    ];
    answers.extend(
        [
            400, 402, 403, 404, 405, 408, 410, 418, 429, 500, 502, 503, 504, 599,
        ]
        .map(error),
    );
    answers.extend(["hang", "close", "garbage", "reset"].map(|mode| json!({"mode": mode})));
    answers.push(json!({"mode": "half", "status": 200, "body": {"error": "no session"}}));
    answers.push(json!({"mode": "drip", "status": 200, "body": {"error": "no session"}}));
    at_once(4, answers, |answer| {
        // A scripted answer stays until the end.
        let standin = standin();
        let ran = answered(&standin, &answer);
        let was_asked = ran.status >= 6 && ran.report()["submissions"] == 0;
        assert!(was_asked, "{answer}: {}", ran.all());
        costs(&standin, &ran, 0, 0);
    });
}

#[test]
fn a_tickle_without_an_answer_costs_nothing() {
    let standin = standin();
    let elsewhere = asked(&standin);
    let other = elsewhere.folder.path().join("other.pem");
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args([
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            "/dev/null",
            "-out",
        ])
        .arg(&other)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{made:?}");
    for (tool, exit) in [
        (asked(&standin).args(["--url", "https://localhost:1"]), 7),
        // Another certificate than the one that is expected.
        (
            elsewhere.args([std::ffi::OsStr::new("--cacert"), other.as_os_str()]),
            7,
        ),
    ] {
        let ran = tool.run().exits(exit);
        costs(&standin, &ran, 0, 0);
    }
}

#[test]
fn what_cannot_be_reached_costs_nothing() {
    let standin = standin();
    let no_address =
        "strace -f -qq -o /dev/null -e trace=connect -e inject=connect:error=EADDRNOTAVAIL";
    // Without any network, so that no name is asked for either.
    let no_network = "unshare --net --map-root-user";
    for (by, url) in [
        (no_address, standin.url()),
        (no_network, standin.url()),
        (no_network, "https://gateway.invalid:5000"),
    ] {
        let shell = format!("exec {by} \"$0\" \"$@\"");
        let tool = asked(&standin).args(["--url", url]).in_shell(&shell);
        let ran = tool.run().exits(7);
        costs(&standin, &ran, 0, 0);
    }
}

#[test]
fn only_the_word_that_there_is_no_session_costs_a_login_and_its_notification() {
    let cases = [
        json!({"status": 200, "body": {"error": "no session"}}),
        json!({"status": 200, "body": "{\"error\": \"no session\"}"}),
        json!({"status": 401, "body": ""}),
    ];
    at_once(4, cases, |answer| {
        let standin = standin();
        let ran = answered(&standin, &answer);
        assert_eq!(
            ran.report()["reason"],
            "second_factor_expired",
            "{}",
            ran.all()
        );
        costs(&standin, &ran, 1, 1);
    });
}
