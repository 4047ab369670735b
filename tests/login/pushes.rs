//! A tap on the phone, without a browser: asked for once, awaited, announced.

use super::given::user;
use super::*;
use crate::support::eventually;

#[test]
fn never_takes_ib_key_unasked_even_where_a_code_will_come() {
    for method in ["auto", "direct"] {
        let standin = Standin::serve();
        let login_record = user(&standin, &["5.2a"]);
        let ran = login(&standin)
            .args(["--method", method, "--code-from", "cmd:echo 1234"])
            .stdin(login_record)
            .run()
            .exits(9);
        assert_eq!(ran.report()["reason"], "push_wanted", "{}", ran.all());
        assert_eq!(standin.truth()["pushes"], 0, "{}", ran.all());
        assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
    }
    // Nor under the name of its challenge, unless the way is asked for by name too.
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let ran = login(&standin)
        .args(["--second-factor", "challenge", "--code-from", "cmd:echo 1"])
        .stdin(login_record)
        .run()
        .exits(9);
    assert_eq!(ran.report()["reason"], "push_wanted", "{}", ran.all());
    assert_eq!(standin.truth()["pushes"], 0, "{}", ran.all());
}

#[test]
fn a_notification_in_place_of_a_challenge_is_awaited() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let tool = directly(&standin).args([
        "--second-factor",
        "challenge",
        "--code-from",
        "cmd:echo 1234",
    ]);
    let (child, _folder) = tool.stdin(login_record).spawn();
    eventually("the notification is sent", || {
        (standin.truth()["pushes"] == 1).then_some(())
    });
    standin.make("approve-push", &json!({}));
    let ran = Ran::of(child).exits(0);
    assert_eq!(ran.report()["second_factor"], "push", "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn waits_for_one_notification_and_announces_it_before() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let tool = directly(&standin).args([
        "--second-factor",
        "push",
        "--before-push",
        "touch announced",
    ]);
    let announced = tool.folder.path().join("announced");
    let (child, _folder) = tool.stdin(login_record).spawn();
    eventually("the notification is sent", || {
        (standin.truth()["pushes"] == 1).then_some(())
    });
    assert!(announced.exists(), "announced before it was sent");
    standin.make("approve-push", &json!({}));
    let ran = Ran::of(child).exits(0);
    assert_eq!(ran.report()["second_factor"], "push", "{}", ran.all());
    let truth = standin.truth();
    assert_eq!(
        (&truth["pushes"], &truth["resends"]),
        (&json!(1), &json!(0)),
        "{truth}"
    );
    let polls = bodies_of(&standin, "/sso/Authenticator");
    let polls: Vec<_> = polls
        .iter()
        .filter(|body| body.contains("PUSH=true"))
        .collect();
    assert!(polls[0].contains("counter=1&"), "{polls:?}");
}

#[test]
fn a_notification_without_an_approval_is_reported_and_not_repeated() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2i"]);
    let ran = directly(&standin)
        .args([
            "--second-factor",
            "push",
            "--push-wait",
            "2s",
            "--before-push",
            "false",
        ])
        .stdin(login_record)
        .run()
        .exits(8);
    let report = ran.report();
    assert_eq!(report["state"], "second_factor_expired", "{}", ran.all());
    assert_eq!(report["reason"], "second_factor_expired", "{}", ran.all());
    assert_eq!(
        report["warnings"],
        json!(["ledger_begun", "before_push_failed"]),
        "{}",
        ran.all()
    );
    let error = ran.error();
    assert_eq!(error["retry"], false, "{}", ran.all());
    assert!(error["retry_after_seconds"].is_u64(), "{}", ran.all());
    assert_eq!(standin.truth()["pushes"], 1);
}

#[test]
fn a_tap_in_the_last_pause_is_seen_and_a_poll_that_hangs_does_not_prolong_the_wait() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let wanted = ["--second-factor", "push", "--push-wait", "2s"];
    let (child, _folder) = directly(&standin)
        .args(wanted)
        .stdin(login_record.clone())
        .spawn();
    // The first poll says no; the next is the last.
    eventually("it was asked for", || {
        let asked = bodies_of(&standin, "/sso/Authenticator");
        asked
            .iter()
            .any(|body| body.contains("counter=1&"))
            .then_some(())
    });
    standin.make("approve-push", &json!({}));
    Ran::of(child).exits(0);

    standin.make("drop-session", &json!({}));
    let hanging =
        json!({"path": "/sso/Authenticator", "action": "COMPLETETWOFACT", "mode": "hang"});
    standin.set(&json!({"answers": [hanging]}));
    let ran = directly(&standin)
        .args(wanted)
        .stdin(login_record)
        .run()
        .exits(8);
    let elapsed = ran.report()["elapsed_seconds"].as_f64();
    assert!(elapsed.is_some_and(|took| took < 30.0), "{}", ran.all());
}
