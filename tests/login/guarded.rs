//! The guard: what is recorded, what is held.

use super::*;
use crate::support::eventually;

#[test]
fn stops_at_the_first_refusal_and_holds_further_logins() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong.clone())
        .run()
        .exits(4)
        .never_shows("Wrong-Horse9");
    let report = ran.report();
    assert_eq!(report["state"], "refused", "{}", ran.all());
    assert_eq!(report["reason"], "wrong_credentials", "{}", ran.all());
    assert!(
        report["hold_until"].is_string() && report["failures_left"] == 2,
        "{}",
        ran.all()
    );
    let error = ran.error();
    assert_eq!(
        (&error["error"], &error["retry"]),
        (&json!("refused"), &json!(false)),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(11);
    assert_eq!(ran.report()["state"], "held", "{}", ran.all());
    assert_eq!(
        ran.report()["reason"],
        "held_after_refusal",
        "{}",
        ran.all()
    );
    assert!(
        ran.error()["retry_after_seconds"]
            .as_u64()
            .is_some_and(|wait| wait > 86_000),
        "{}",
        ran.all()
    );
    sent(&standin, 1, 0);

    let ran = login(&standin)
        .state(state.path())
        .args(["--force-after-hold"])
        .stdin(plain())
        .run()
        .exits(0);
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    sent(&standin, 2, 0);
}

#[test]
fn a_locked_username_is_reported_and_held() {
    let runs = Runs::of(plain());
    runs.standin.make("lock", &json!({"user": "testuser01"}));
    let ran = runs.run(login, &[]).exits(4);
    assert_eq!(ran.report()["reason"], "locked", "{}", ran.all());
    let ran = runs.run(login, &["--force-after-hold"]).exits(11);
    assert_eq!(ran.report()["reason"], "held_after_lock", "{}", ran.all());
}

/// What made the session ready in a run that was left running.
fn how(child: std::process::Child) -> String {
    let ran = Ran::of(child).exits(0);
    ran.report()["how"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn two_at_once_send_one_login() {
    let runs = Runs::of(plain());
    let ((first, _its), (second, _folder)) = (runs.tool(login).spawn(), runs.tool(login).spawn());
    let mut ways = [how(first), how(second)];
    ways.sort();
    assert_eq!(ways, ["already", "direct"]);
    sent(&runs.standin, 1, 0);
}

#[test]
fn another_method_and_another_mode_wait_too_and_use_the_first_ones_session() {
    let runs = Runs::of(plain());
    let slow = json!({"path": "/sso/Authenticator", "action": "INIT", "delay_ms": 500});
    runs.standin.set(&json!({"answers": [slow]}));
    let (first, _its) = runs.tool(directly).spawn();
    eventually("it logs in", || {
        (!actions(&runs.standin).is_empty()).then_some(())
    });
    let on_paper = runs.tool(on_the_page).args(["--mode", "paper"]);
    let (second, _folder) = on_paper.spawn();
    assert_eq!([how(first), how(second)], ["direct", "already"]);
    sent(&runs.standin, 1, 0);
}

#[test]
fn shows_and_forgives_what_is_recorded() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let wrong = record("TestUser01", "Wrong-Horse9", None, "live");
    login(&standin)
        .state(state.path())
        .stdin(wrong)
        .run()
        .exits(4);

    let ran = login(&standin)
        .state(state.path())
        .args(["--status"])
        .stdin(plain())
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-login-status/1", "{}", ran.all());
    assert_eq!(
        (&report["state"], &report["hold_reason"]),
        (&json!("held"), &json!("refused")),
        "{}",
        ran.all()
    );
    let row = &report["submissions"][0];
    assert_eq!(
        (&row["outcome"], &row["mode"]),
        (&json!("refused"), &json!("live")),
        "{}",
        ran.all()
    );

    let ran = login(&standin)
        .state(state.path())
        .args(["--forgive", "typed it wrong"])
        .stdin(plain())
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["state"], "free", "{}", ran.all());
    // What was recorded stays.
    let row = &report["submissions"][0];
    assert_eq!(
        (&row["outcome"], &row["forgiven"]),
        (&json!("refused"), &json!(true)),
        "{}",
        ran.all()
    );
    let word = &report["forgiven"][0];
    assert_eq!(word["reason"], "typed it wrong", "{}", ran.all());
    assert!(
        word["by"].as_str().is_some_and(|by| !by.is_empty()) && word["at"].is_string(),
        "{}",
        ran.all()
    );
    login(&standin)
        .state(state.path())
        .stdin(plain())
        .run()
        .exits(0);
}

#[test]
fn holds_after_three_logins_that_came_to_nothing() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let without_seed = || {
        let login_record = record("totpuser", "Correct-Horse2", None, "live");
        login(&standin)
            .state(state.path())
            .stdin(login_record)
            .run()
    };
    for left in [2, 1, 0] {
        let ran = without_seed().exits(6);
        assert_eq!(ran.report()["failures_left"], left, "{}", ran.all());
    }
    let ran = without_seed().exits(11);
    assert_eq!(
        ran.report()["reason"],
        "held_after_failures",
        "{}",
        ran.all()
    );
    sent(&standin, 3, 0);
}
