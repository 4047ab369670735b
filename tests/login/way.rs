//! Which way is taken: decided before a byte is sent, changed only while nothing counts.

use super::*;

/// What no browser is found in.
const NOTHING: &str = "/nonexistent";

#[test]
fn needs_no_browser_for_anything_but_the_page() {
    let standin = Standin::serve();
    for (login_record, codes) in [
        (record("paperuser", "Correct-Horse3", None, "paper"), 0),
        (plain(), 0),
        (record("totpuser", "Correct-Horse2", Some(SEED), "live"), 1),
    ] {
        standin.make("reset", &json!({}));
        let ran = login(&standin)
            .env("PATH", NOTHING)
            .stdin(login_record)
            .run()
            .exits(0);
        assert_eq!(ran.report()["how"], "direct", "{}", ran.all());
        sent(&standin, 1, codes);
    }
    standin.make("drop-brokerage", &json!({}));
    let ran = login(&standin).env("PATH", NOTHING).run().exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    login(&standin)
        .env("PATH", NOTHING)
        .args(["--logout"])
        .run()
        .exits(0);
    let ran = login(&standin)
        .env("PATH", NOTHING)
        .args(["--method", "browser"])
        .stdin(plain())
        .run()
        .exits(5);
    ran.error();
}

#[test]
fn starts_no_browser_where_it_is_not_needed() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--driver", "/bin/false"])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0);
    assert_eq!(ran.report()["how"], "direct", "{}", ran.all());
}

#[test]
fn falls_back_to_the_page_while_nothing_counts() {
    for answer in [
        json!({"status": 200, "body": "<html>Sign in</html>"}),
        json!({"status": 200, "body": {"B": 1}}),
    ] {
        let standin = Standin::serve();
        let mut answer = answer;
        answer["path"] = "/sso/Authenticator".into();
        answer["times"] = 1.into();
        standin.set(&json!({"answers": [answer]}));
        let ran = login(&standin).stdin(plain()).run().exits(0);
        assert_eq!(ran.report()["how"], "browser", "{}", ran.all());
        assert_eq!(
            ran.report()["warnings"],
            json!(["direct_failed", "ledger_begun"]),
            "{}",
            ran.all()
        );
        assert_eq!(ran.report()["submissions"], 1, "{}", ran.all());
        sent(&standin, 1, 0);
    }
}

#[test]
fn never_falls_back_once_the_proof_is_sent_or_when_a_flag_forbids_it() {
    let garbage = |action: &str| {
        let standin = Standin::serve();
        let answer = json!({"path": "/sso/Authenticator", "action": action, "status": 200, "times": 1, "body": "<html>"});
        standin.set(&json!({"answers": [answer]}));
        standin
    };
    let standin = garbage("COMPLETEAUTH");
    login(&standin).stdin(plain()).run().exits(9);
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
    let standin = garbage("INIT");
    directly(&standin).stdin(plain()).run().exits(9);
    assert_eq!(actions(&standin), ["INIT"]);
}

#[test]
fn falls_back_from_nothing_but_what_is_not_understood() {
    let cases = [
        (json!({"status": 503, "body": ""}), 12),
        (json!({"mode": "hang"}), 8),
        // The Gateway has ended: a browser would wait a minute for the form of a page that nothing serves.
        (json!({"mode": "close"}), 7),
        (json!({"mode": "reset"}), 7),
        (json!({"mode": "half", "status": 200, "body": "{}"}), 7),
        (
            json!({"status": 200, "body": {"error": "Authentication failed"}}),
            4,
        ),
    ];
    at_once(4, cases, |(answer, exit)| {
        let standin = Standin::serve();
        let mut answer = answer;
        answer["path"] = "/sso/Authenticator".into();
        answer["times"] = 1.into();
        standin.set(&json!({"answers": [answer]}));
        let ran = login(&standin)
            .args(["--timeout", "5s"])
            .stdin(plain())
            .run();
        assert_eq!(ran.status, exit, "{}", ran.all());
        assert_eq!(actions(&standin), ["INIT"]);
        sent(&standin, 0, 0);
    });
}

#[test]
fn a_second_factor_that_cannot_be_given_is_refused_before_anything_is_sent() {
    let standin = Standin::serve();
    for (method, wanted) in [
        ("auto", "sms"),
        ("direct", "sms"),
        ("direct", "challenge"),
        ("direct", "totp"),
        ("browser", "sms"),
        ("browser", "challenge"),
    ] {
        let ran = login(&standin)
            .args(["--method", method, "--second-factor", wanted])
            .stdin(record("choiceuser", "Correct-Horse4", None, "live"))
            .run()
            .exits(6)
            .is_silent_on_stdout();
        assert!(
            ran.error()["message"]
                .to_string()
                .contains("nothing was sent"),
            "{method} {wanted}: {}",
            ran.all()
        );
    }
    let ran = login(&standin)
        .args(["--second-factor", "sms", "--code-from", "-"])
        .stdin(plain())
        .run()
        .exits(2);
    assert!(
        ran.error()["message"].to_string().contains("stdin"),
        "{}",
        ran.all()
    );
    assert!(
        !standin
            .requests()
            .iter()
            .any(|asked| asked["path"] == "/sso/Authenticator")
    );
}

#[test]
fn takes_the_page_for_ib_key_and_says_when_no_browser_is_there() {
    for wanted in [
        &["--second-factor", "push"][..],
        // It may send a notification even where its challenge is to be answered.
        &["--second-factor", "IB Key", "--code-from", "cmd:echo 1234"],
    ] {
        let standin = Standin::serve();
        standin.set(&json!({"push": {"approved_after_ms": 0}, "page": {"push_poll_ms": 100}}));
        let login_record = || record("choiceuser", "Correct-Horse4", None, "live");
        let without = login(&standin).args(wanted).env("PATH", NOTHING);
        let ran = without.stdin(login_record()).run().exits(5);
        let message = ran.error()["message"].to_string();
        assert!(message.contains("nothing was sent"), "{}", ran.all());
        sent(&standin, 0, 0);
        let ran = login(&standin)
            .args(wanted)
            .stdin(login_record())
            .run()
            .exits(0);
        assert_eq!(ran.report()["how"], "browser", "{}", ran.all());
        assert_eq!(ran.report()["second_factor"], "push", "{}", ran.all());
    }
}

#[test]
fn a_second_factor_in_the_record_is_no_matter_for_paper() {
    at_once(4, ["IB Key", "push", "sms", "Passkey"], |wanted| {
        let standin = Standin::serve();
        let ran = login(&standin)
            .args(["--second-factor", wanted])
            .stdin(record("paperuser", "Correct-Horse3", None, "paper"))
            .run()
            .exits(0);
        assert_eq!(ran.report()["how"], "direct", "{wanted}: {}", ran.all());
    });
}

#[test]
fn leaves_a_device_that_only_the_page_may_know_to_the_page() {
    let standin = Standin::serve();
    let both = || record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    let run = |path: Option<&str>| {
        let tool = login(&standin).args(["--second-factor", "Passkey"]);
        let tool = match path {
            Some(path) => tool.env("PATH", path),
            None => tool,
        };
        tool.stdin(both()).run().exits(6)
    };
    let asked_the_page = || {
        let asked = standin.requests();
        asked
            .iter()
            .any(|asked| asked["path"] == "/sso/lib/xyz.bundle.min.js")
    };
    let ran = run(Some(NOTHING));
    assert_eq!(ran.report()["reason"], "device_absent", "{}", ran.all());
    assert!(!asked_the_page());
    let ran = run(None);
    assert_eq!(ran.report()["reason"], "device_absent", "{}", ran.all());
    assert!(asked_the_page());
}
