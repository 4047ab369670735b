//! A session that IBKR wants renewed: IBC presses the button of its own accord.

use super::api_off::make_tws;
use super::runs::{gone, hold, record, standing, start, stop};
use super::tokens::put_token;
use super::up::until;
use crate::support::{IbcLayout, TestPort, eventually};
use serde_json::{Value, json};
use std::io::Read;
use std::net::TcpStream;

fn recorded(layout: &IbcLayout) -> Vec<Value> {
    standing(layout)["submissions"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

fn outcomes(layout: &IbcLayout) -> Vec<Value> {
    let recorded = recorded(layout).into_iter();
    recorded.map(|record| record["outcome"].clone()).collect()
}

fn relogin(answer: &str) -> Value {
    json!({"then": {"after_ms": 300, "what": {"relogin": answer}}})
}

/// The session's token is spent, and the password is not wrong (IBC#267, #251, #309).
#[test]
fn one_that_ibkr_refuses_is_not_the_passwords_fault() {
    let layout = IbcLayout::new();
    layout.script(&json!([relogin("refused"), {}]));
    let ran = hold(&layout, "live").exits(9);
    assert_eq!(ran.report()["reason"], "token_refused", "{}", ran.all());
    gone(&layout);
    let followed = layout.tool("ibgw-login").run().exits(9);
    assert_eq!(followed.report()["reason"], "token_refused");
    // The next start logs in anew, and no hold is in its way.
    start(&layout, "live").exits(0);
    layout.tool("ibgw-login").run().exits(0);
    assert_eq!(layout.submissions().len(), 2);
    stop(&layout).exits(0);
}

#[test]
fn each_is_in_the_ledger_as_a_login_of_its_own() {
    for (answer, outcome) in [("ok", "succeeded"), ("refused", "failed")] {
        let layout = IbcLayout::new();
        let mut script = relogin(answer);
        script["second_factor"] = json!({"approved_after_ms": 20});
        layout.script(&script);
        start(&layout, "live").exits(0);
        let outcomes = eventually("both are resolved", || {
            let outcomes = outcomes(&layout);
            let is_over = outcomes.len() == 2 && outcomes.iter().all(Value::is_string);
            is_over.then_some(outcomes)
        });
        assert_eq!(outcomes, [json!("succeeded"), json!(outcome)]);
        assert_eq!(recorded(&layout)[0]["push"], json!(true));
        assert_eq!(layout.played_of("relogin").len(), 1);
        stop(&layout).exits(0);
        gone(&layout);
    }
}

/// It was sent all the same, and counts; but IB Gateway is ended, so that no other follows.
#[test]
fn one_that_the_guard_does_not_allow_ends_it() {
    let layout = IbcLayout::new();
    layout.script(&relogin("ok"));
    let always = ["Mon 00:00-Fri 00:00 UTC", "Thu 00:00-Tue 00:00 UTC"];
    // A person is there for the first login, and for no other.
    let tool = layout
        .tool("ibgw-start")
        .args(["--foreground", "--attended"])
        .args(always.iter().flat_map(|window| ["--quiet", window]));
    let ran = tool.stdin(record("live")).run().exits(9);
    assert_eq!(ran.report()["reason"], "cold_restart", "{}", ran.all());
    assert_eq!(outcomes(&layout), ["succeeded", "failed"]);
    gone(&layout);
}

#[test]
fn it_is_followed_until_the_api_serves_again() {
    let layout = IbcLayout::new();
    layout.script(&relogin("ok"));
    start(&layout, "paper").exits(0);
    eventually("it was renewed", || {
        (layout.played_of("relogin").len() == 1).then_some(())
    });
    until(&layout, "ready");
    layout.tool("ibgw-login").run().exits(0);
    eventually("both are resolved", || {
        (outcomes(&layout) == ["succeeded", "succeeded"]).then_some(())
    });
    stop(&layout).exits(0);
}

/// It may come without end (IBC#235): a login that never completed is not one that went well.
#[test]
fn one_that_is_asked_for_over_and_over_fails_each_time() {
    let layout = IbcLayout::new();
    layout.script(&relogin("again"));
    let ran = hold(&layout, "paper").exits(9);
    assert_eq!(ran.report()["reason"], "cold_restart", "{}", ran.all());
    let outcomes = outcomes(&layout);
    let (first, others) = outcomes.split_first().expect("a login");
    assert_eq!(first, "succeeded", "{outcomes:?}");
    assert!(others.len() > 1, "{outcomes:?}");
    assert!(others.iter().all(|other| other == "failed"), "{outcomes:?}");
    gone(&layout);
}

/// Before it nothing was sent, and there is nothing else that could have gone well.
#[test]
fn one_that_a_token_meets_is_the_only_login() {
    for (script, outcome) in [
        (json!({"token_relogin": "ok"}), "succeeded"),
        (json!({"token_relogin": "refused"}), "failed"),
        (relogin("refused"), "failed"),
    ] {
        let layout = IbcLayout::new();
        layout.script(&script);
        put_token(&layout, "abc");
        start(&layout, "paper").exits(0);
        eventually("it is resolved", || {
            (outcomes(&layout) == [json!(outcome)]).then_some(())
        });
        stop(&layout).exits(0);
        assert_eq!(outcomes(&layout), [json!(outcome)], "{script}");
        assert!(layout.submissions().is_empty());
        gone(&layout);
    }
}

/// Of a TWS, whose main window is open, IBC says no second time that the login has completed.
#[test]
fn one_of_a_tws_is_over_when_the_api_serves() {
    let (layout, port) = (IbcLayout::new(), TestPort::reserve());
    make_tws(&layout);
    layout.script(&json!({"then": {"after_ms": 10000, "what": {"relogin": "ok"}}}));
    let tool = layout
        .tool("ibgw-start")
        .args(["--forward", &port.number.to_string()]);
    tool.stdin(record("paper")).run().exits(0);
    until(&layout, "ready");
    eventually("it is under way", || layout.played_of("relogin").pop());
    let under_way = until(&layout, "credentials");
    assert_eq!(under_way["forward_open"], true, "{under_way}");
    let mut client = TcpStream::connect(("127.0.0.1", port.number)).expect("it is forwarded");
    until(&layout, "ready");
    let outcomes = outcomes(&layout);
    assert_eq!(outcomes, ["succeeded", "succeeded"]);
    // It was not sent away.
    client.set_nonblocking(true).expect("a socket");
    let read = client.read(&mut [0; 16]);
    assert!(read.is_err(), "{read:?}");
    stop(&layout).exits(0);
}
