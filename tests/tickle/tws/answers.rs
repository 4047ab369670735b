//! What IB Gateway may say, and what that means.

use super::super::{KEYS, says};
use super::{conversations, probe};
use crate::support::Standin;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What the tool says of a gateway that behaves so.
#[track_caller]
fn says_of(moods: &Value, state: &str, exit: i32) -> Value {
    says(probe(&Standin::tws_with(moods)).run(), state, exit)
}

#[test]
fn says_ready_with_all_that_is_known() {
    let standin = Standin::tws();
    let report = says(probe(&standin).run(), "ready", 0);
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(keys, KEYS);
    for key in [
        "authenticated",
        "connected",
        "established",
        "competing",
        "server",
        "message",
        "session_expires_at",
        "stage",
        "accounts",
    ] {
        assert!(report[key].is_null(), "{key}: {report}");
    }
    for (key, value) in [
        ("kind", json!("tws")),
        ("client_id", json!(999)),
        ("server_version", json!(178)),
        ("account_count", json!(1)),
        ("codes", json!([2104, 2106, 2158])),
        (
            "farms",
            json!([
                {"name": "usfarm", "service": "market_data", "state": "connected"},
                {"name": "ushmds", "service": "historical_data", "state": "connected"},
                {"name": "secdefnj", "service": "security_definitions", "state": "connected"},
            ]),
        ),
        ("warnings", json!([])),
    ] {
        assert_eq!(report[key], value, "{key}");
    }
    let skew = report["clock_skew_seconds"].as_i64().expect("seconds");
    assert!(skew.abs() <= 1, "{report}");
    let time = report["server_time"].as_str().expect("a time");
    assert!(time.ends_with('Z'), "{time}");
    assert!(report["latency_ms"].is_u64(), "{report}");
}

#[test]
fn asks_for_the_time_and_for_nothing_else() {
    let standin = Standin::tws();
    says(probe(&standin).run(), "ready", 0);
    let said = conversations(&standin);
    assert_eq!(said.len(), 1, "{said:?}");
    let messages = json!([["71", "2", "999", ""], ["49", "1"]]);
    assert_eq!(said[0]["messages"], messages);
}

#[test]
fn agrees_on_a_version_with_every_gateway() {
    for (newest, agreed) in [
        (100, 100),
        (157, 157),
        (176, 176),
        (178, 178),
        (201, 178),
        (226, 178),
    ] {
        let report = says_of(&json!({"server_version": newest}), "ready", 0);
        assert_eq!(report["server_version"], agreed);
    }
}

#[test]
fn knows_a_version_that_it_cannot_speak() {
    for moods in [
        json!({"server_version": 76}),
        json!({"server_version": -1}),
        json!({"server_version": 201, "ignores_range": true}),
    ] {
        let ran = probe(&Standin::tws_with(&moods)).run();
        let message = ran.error()["message"].to_string();
        let version = moods["server_version"].to_string();
        assert!(message.contains(&version), "{message}");
        let report = says(ran, "unknown", 9);
        assert_eq!(report["stage"], "handshake");
        assert_eq!(report["server_version"], Value::Null);
    }
}

#[test]
fn tries_another_client_id_once() {
    let standin = Standin::tws_with(&json!({"taken_ids": 1}));
    let report = says(probe(&standin).run(), "ready", 0);
    let ids: Vec<_> = conversations(&standin)
        .iter()
        .map(|said| said["messages"][0][2].clone())
        .collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert_eq!(ids[0], "999");
    assert_ne!(ids[1], "999");
    assert_eq!(
        report["client_id"].to_string(),
        ids[1].as_str().expect("an id")
    );
    assert_eq!(report["codes"][0], 326);
    assert_eq!(report["warnings"], json!(["client_id_taken"]));

    let standin = Standin::tws_with(&json!({"taken_ids": 9}));
    let ran = probe(&standin).run();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("--client-id"), "{message}");
    let report = says(ran, "unknown", 9);
    assert_eq!(report["stage"], "start_api");
    assert_eq!(conversations(&standin).len(), 2);
}

#[test]
fn says_unavailable_when_ibkr_is_lost() {
    for code in [1100, 2110] {
        let notice = json!([{"code": code, "text": "Connectivity has been lost"}]);
        let ran = probe(&Standin::tws_with(&json!({"notices": notice}))).run();
        let error = ran.error();
        assert!(
            error["message"].to_string().contains(&code.to_string()),
            "{error}"
        );
        assert_eq!(error["retry"], true);
        let report = says(ran, "unavailable", 12);
        assert_eq!(report["codes"], json!([code]));
        assert_eq!(report["stage"], Value::Null);
    }
    // It comes after the time, and all before was silence.
    let later = json!({"notices": [], "later": [{"code": 2110, "text": "broken"}]});
    says_of(&later, "unavailable", 12);
    // It comes after farms of which none is within reach.
    let farms = [2103, 2105, 2119].map(|code| json!({"code": code, "text": "words:usfarm"}));
    let later = json!({"notices": farms, "later": [{"code": 1100, "text": "lost", "after_ms": 5}]});
    says_of(&later, "unavailable", 12);
    // It explains why there is no next valid id.
    let moods = json!({"next_id": null, "notices": [{"code": 1100, "text": "lost"}]});
    let ran = probe(&Standin::tws_with(&moods))
        .args(["--timeout", "2s"])
        .run();
    assert_eq!(says(ran, "unavailable", 12)["stage"], "start_api");
}

#[test]
fn says_ready_when_ibkr_is_found_again() {
    let [lost, restored, resubscribe] =
        [1100, 1102, 1101].map(|code| json!({"code": code, "text": "words", "after_ms": 0}));
    says_of(&json!({"notices": [lost, restored]}), "ready", 0);
    says_of(&json!({"notices": [lost, resubscribe]}), "ready", 0);
    says_of(&json!({"notices": [restored, lost]}), "unavailable", 12);
    let soon = json!({"code": 1102, "text": "words"});
    says_of(&json!({"notices": [lost], "later": [soon]}), "ready", 0);
    let late = json!({"code": 1102, "text": "words", "after_ms": 3000});
    says_of(
        &json!({"notices": [lost], "later": [late]}),
        "unavailable",
        12,
    );
}

#[test]
fn says_which_farms_are_broken_and_is_ready_all_the_same() {
    let notice = |code: i32, farm: &str| json!({"code": code, "text": format!("words:{farm}")});
    let report = says_of(
        &json!({"notices": [
            notice(2103, "usfarm"), notice(2105, "ushmds"), notice(2157, "secdefnj"), notice(2107, "euhmds"),
            notice(2108, "eufarm"), notice(2119, "jfarm"), notice(2103, "cashfarm"), notice(2104, "cashfarm"),
        ]}),
        "ready",
        0,
    );
    let states: Vec<_> = report["farms"]
        .as_array()
        .expect("farms")
        .iter()
        .map(|farm| format!("{} {}", farm["name"], farm["state"]).replace('"', ""))
        .collect();
    assert_eq!(
        states,
        [
            "usfarm broken",
            "ushmds broken",
            "secdefnj broken",
            "euhmds inactive",
            "eufarm inactive",
            "jfarm connecting",
            "cashfarm connected",
        ]
    );
    assert_eq!(report["warnings"], json!(["farm_broken"]));
}

#[test]
fn listens_a_moment_longer_when_nothing_was_said_of_ibkr() {
    let begin = Instant::now();
    let report = says_of(&json!({"notices": []}), "ready", 0);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    assert_eq!(report["farms"], json!([]));
}

#[test]
fn reads_messages_however_they_are_cut_and_whatever_is_between() {
    for segments in ["joined", "separate", "bytes"] {
        for chatter in [false, true] {
            says_of(
                &json!({"segments": segments, "chatter": chatter}),
                "ready",
                0,
            );
        }
    }
}

#[test]
fn never_shows_an_account_number_unless_asked() {
    let moods = json!({"accounts": ["U7654321", "DU7654322"], "notices": [
        {"code": 2104, "text": "planted U7654321 words:usfarm"},
        {"code": 2100, "text": "API client has been unsubscribed from account data of U7654321"},
    ]});
    let standin = Standin::tws_with(&moods);
    let flags = ["-v", "--write", "report.json", "--metrics", "report.prom"];
    let tool = probe(&standin)
        .args(flags)
        .in_shell(r#""$0" "$@" && cat report.json report.prom"#);
    let ran = tool
        .run()
        .exits(0)
        .never_shows("U7654321")
        .never_shows("DU7654322");
    assert!(ran.stdout.contains(r#""account_count":2"#), "{}", ran.all());
    let ran = probe(&standin).args(["--accounts"]).run();
    assert_eq!(
        says(ran, "ready", 0)["accounts"],
        json!(["U7654321", "DU7654322"])
    );
    // A moment that fits no probe: the list comes, the next valid id does not.
    standin.set(&json!({"tws": {"next_id": null}}));
    let ran = probe(&standin).args(["-v", "--timeout", "300ms"]).run();
    ran.exits(8).never_shows("U7654321");
}
