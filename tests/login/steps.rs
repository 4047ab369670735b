//! Which step is taken when, and which never.

use super::*;

#[test]
fn leaves_a_session_that_is_ready_alone() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ran = login(&standin)
        .args(["--driver", "/nonexistent"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "already", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn recovers_a_brokerage_session_without_a_record() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("drop-brokerage", &json!({}));
    let ran = login(&standin)
        .args(["--driver", "/nonexistent"])
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    let bodies = bodies_of(&standin, "/v1/api/iserver/auth/ssodh/init");
    assert_eq!(bodies, [r#"{"publish":true,"compete":false}"#]);
    sent(&standin, 0, 0);
}

#[test]
fn recover_only_says_no_when_a_login_is_needed() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--recover-only"])
        .run()
        .exits(1)
        .is_silent_on_stderr();
    assert_eq!(ran.report()["state"], "not_authenticated", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn leaves_another_login_alone_without_the_flag_to_compete() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("compete", &json!({}));
    let ran = login(&standin).stdin(plain()).run().exits(10);
    assert_eq!(ran.report()["state"], "competing", "{}", ran.all());
    assert_eq!(
        bodies_of(&standin, "/v1/api/iserver/auth/ssodh/init").len(),
        0
    );
    let ran = login(&standin)
        .args(["--compete"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn what_could_not_be_asked_is_never_a_reason_to_log_in() {
    let cases = [
        (
            json!({"status": 429, "headers": {"Retry-After": "30"}, "body": ""}),
            12,
            "unavailable",
        ),
        (json!({"status": 500, "body": "oops"}), 12, "unavailable"),
        (json!({"status": 503, "body": ""}), 12, "unavailable"),
        (
            json!({"status": 403, "body": "Access Denied"}),
            9,
            "unknown_page",
        ),
        (
            json!({"status": 404, "body": "Access Denied"}),
            6,
            "unknown_page",
        ),
        (
            json!({"status": 200, "body": "<html>maintenance</html>"}),
            9,
            "unknown_page",
        ),
        (
            json!({"status": 200, "body": {"error": "something new"}}),
            9,
            "unknown_page",
        ),
        (json!({"mode": "hang"}), 8, "timed_out"),
        (
            json!({"mode": "drip", "status": 200, "body": "{}"}),
            8,
            "timed_out",
        ),
        (json!({"mode": "garbage"}), 9, "unknown_page"),
        (json!({"mode": "close"}), 9, "unknown_page"),
    ];
    at_once(4, cases, |(answer, exit, state)| {
        let standin = Standin::answering(answer.clone());
        let ran = login(&standin)
            .args(["--timeout", "2s"])
            .stdin(plain())
            .run();
        assert_eq!(ran.status, exit, "{answer}: {}", ran.all());
        assert_eq!(ran.report()["state"], state, "{answer}: {}", ran.all());
        ran.error();
        let to_login = standin
            .requests()
            .iter()
            .filter(|asked| asked["path"].to_string().contains("/sso/"))
            .count();
        assert_eq!(to_login, 0, "{answer}: {:?}", standin.requests());
    });
}

#[test]
fn nothing_that_listens_is_down() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--url", "https://localhost:1"])
        .stdin(plain())
        .run()
        .exits(7);
    assert_eq!(ran.report()["state"], "down", "{}", ran.all());
}

#[test]
fn opens_the_brokerage_session_when_the_gateway_does_not() {
    let standin = Standin::serve();
    standin.set(&json!({"bringup": {"needs_init": true}}));
    login(&standin).stdin(plain()).run().exits(0);
    sent(&standin, 1, 0);
}

#[test]
fn a_success_page_is_not_ready_before_the_session_is() {
    let standin = Standin::serve();
    standin.set(&json!({"bringup": {"established": "false"}}));
    let ran = login(&standin)
        .args(["--timeout", "12s"])
        .stdin(plain())
        .run()
        .exits(1)
        .is_silent_on_stderr();
    let report = ran.report();
    assert_eq!(
        (&report["state"], &report["reason"]),
        (&json!("not_authenticated"), &json!("not_ready"))
    );
    assert_eq!(report["established"], false, "{}", ran.all());
    assert_eq!(report["failures_left"], 2, "{}", ran.all());
}

#[test]
fn logs_out() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ran = login(&standin).args(["--logout"]).run().exits(0);
    assert_eq!(ran.report()["state"], "not_authenticated", "{}", ran.all());
    assert_eq!(standin.truth()["sso"], false);
}

#[test]
fn what_is_not_installed_is_missing() {
    let standin = Standin::serve();
    for arguments in [
        ["--driver", "/nonexistent/driver"],
        ["--browser", "/nonexistent/browser"],
    ] {
        on_the_page(&standin)
            .args(arguments)
            .stdin(plain())
            .run()
            .exits(5)
            .is_silent_on_stdout()
            .error();
    }
    let ran = on_the_page(&standin)
        .env("PATH", "/nonexistent")
        .stdin(plain())
        .run()
        .exits(5);
    assert!(
        ran.error()["message"].to_string().contains("apt install"),
        "{}",
        ran.all()
    );
    sent(&standin, 0, 0);
}

#[test]
fn every_key_is_always_there() {
    let standin = Standin::serve();
    let ready = login(&standin).stdin(plain()).run().exits(0).report();
    let no = {
        standin.make("drop-session", &json!({}));
        login(&standin)
            .args(["--recover-only"])
            .run()
            .exits(1)
            .report()
    };
    let keys = |report: &Value| {
        report
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&ready), keys(&no));
}

#[test]
fn competes_once_when_ibkr_wants_to_be_asked_that_way_and_no_other_login_has_it() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin.make("drop-brokerage", &json!({}));
    let words = "Force compete capability must be used together with compete flag";
    standin.set(&json!({"answers": [{
        "path": "/v1/api/iserver/auth/ssodh/init", "status": 200, "times": 1,
        "body": {"authenticated": false, "connected": true, "competing": false, "message": words},
    }]}));
    let ran = login(&standin).stdin(plain()).run().exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    let bodies = bodies_of(&standin, "/v1/api/iserver/auth/ssodh/init");
    assert_eq!(
        bodies,
        [
            r#"{"publish":true,"compete":false}"#,
            r#"{"publish":true,"compete":true}"#
        ]
    );
}

#[test]
fn a_log_out_that_left_the_session_is_no_success() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let lie = json!({"path": "/v1/api/logout", "status": 200, "body": {"status": true}});
    standin.set(&json!({"answers": [lie]}));
    let ran = login(&standin).args(["--logout"]).run().exits(9);
    assert_eq!(ran.report()["state"], "ready", "{}", ran.all());
}
