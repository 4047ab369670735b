//! Notifications on the phone: one is sent, and none again.

use super::*;

const TITLE: &str = "5. Notifications";

fn scenarios() -> Vec<Scenario> {
    let of = |page, push: Value, moods: Value| {
        let script = json!({"users": devices(&["5.2a"]), "push": push, "page": moods});
        Scenario::new(page, script).with(without_seed())
    };
    let soon = || json!({"push_poll_ms": 200});
    let v1 = || json!({"push_poll_ms": 200, "version": "v1"});
    let answered = format!("cmd:echo {ANSWER}");
    let never = ["--code-from", "file:never"];
    let several = |page, push: Value| {
        let script = json!({"users": devices(&["5.2a", "4"]), "push": push, "page": soon()});
        Scenario::new(page, script).with(of_devices())
    };
    vec![
        of("approved", json!({"approved_after_ms": 1000}), soon())
            .core()
            .args(&["--second-factor", "push"]),
        of(
            "approved, unasked",
            json!({"approved_after_ms": 1000}),
            soon(),
        ),
        of(
            "approved, version 1",
            json!({"approved_after_ms": 1000}),
            v1(),
        ),
        several(
            "approved, chosen by label",
            json!({"approved_after_ms": 1000}),
        )
        .args(&["--second-factor", "ib key"]),
        of("approved by nobody", json!({}), soon())
            .core()
            .args(&["--push-wait", "2s"]),
        of("expired at IBKR", json!({"expires_after_ms": 1000}), soon()),
        of("denied", json!({"refused_after_ms": 1000}), soon()),
        of("denied, version 1", json!({"refused_after_ms": 1000}), v1()),
        of(
            "denied, in words that nobody knows",
            json!({"refused_after_ms": 500, "refused_text": "Nein"}),
            soon(),
        ),
        of(
            "a challenge beside it is answered",
            json!({"with_challenge": true}),
            soon(),
        )
        .core()
        .args(&["--code-from", &answered]),
        of(
            "a challenge beside it, and a tap first",
            json!({"with_challenge": true, "approved_after_ms": 1500}),
            soon(),
        )
        .core()
        .args(&never),
        of(
            "a challenge beside it, and nothing that answers",
            json!({"with_challenge": true, "approved_after_ms": 1500}),
            soon(),
        ),
        of("a challenge asked for in its place", json!({}), soon()).args(&[
            "--second-factor",
            "challenge",
            "--code-from",
            &answered,
        ]),
        of(
            "a picture for the phone in its place",
            json!({"by_qr_code": true}),
            soon(),
        ),
    ]
}

#[test]
fn every_notification_is_sent_once_from_chromium() {
    hold(TITLE, &scenarios(), &CHROMIUM);
}

#[test]
fn every_notification_is_sent_once_from_the_headless_shell() {
    hold(TITLE, &scenarios(), &SHELL);
}

#[test]
fn every_notification_is_sent_once_from_firefox() {
    hold_core(TITLE, &scenarios());
}
