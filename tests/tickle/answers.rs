//! What the Gateway may answer, and what that means.

use super::{answered, asked, ready, says, tickle};
use crate::support::Standin;
use serde_json::{Value, json};

#[test]
fn says_ready_with_all_that_is_known() {
    let standin = ready();
    let ran = tickle(&standin).run();
    let report = says(ran, "ready", 0);
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(keys, super::KEYS);
    for key in super::tws::KEYS_OF_TWS {
        assert!(report[key].is_null(), "{key}: {report}");
    }
    assert_eq!(report["kind"], "cp");
    for flag in ["authenticated", "connected", "established"] {
        assert_eq!(report[flag], true, "{flag}");
    }
    assert_eq!(report["competing"], false);
    assert_eq!(report["server"], "JifN19053");
    assert_eq!(report["message"], Value::Null);
    assert_eq!(report["warnings"], json!([]));
    let end = report["session_expires_at"].as_str().expect("a time");
    assert!(end.ends_with('Z'), "{end}");
    assert!(report["latency_ms"].is_u64(), "{report}");
}

/// No number that IBKR may send makes a time that cannot be written, or a panic.
#[test]
fn says_ready_and_no_end_when_what_is_said_of_the_end_is_no_time() {
    let standin = ready();
    let flags =
        json!({"authenticated": true, "connected": true, "established": true, "competing": false});
    let body = |end: &str| {
        let end: Value = serde_json::from_str(end).expect("JSON");
        json!({"status": 200, "body": {"session": "0123", "ssoExpires": end, "iserver": {"authStatus": flags}}})
    };
    for end in [
        // The last second of the year 9999 and the next, in milliseconds; 2^63 - 1; 2^64 - 1; more.
        "253402300799999",
        "253402300800000",
        "250000000000000",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "604800001",
        "-1",
        "-9223372036854775808",
        "1e300",
        "0.5",
        "\"500000\"",
        "\"\"",
        "true",
        "[]",
        "{}",
    ] {
        let report = says(answered(&standin, &body(end)), "ready", 0);
        assert_eq!(report["session_expires_at"], Value::Null, "{end}: {report}");
        assert_eq!(report["warnings"], json!(["expires_malformed"]), "{end}");
    }
    for (end, warnings) in [
        ("500000", json!([])),
        ("2147483", json!([])),
        ("null", json!([])),
    ] {
        let report = says(answered(&standin, &body(end)), "ready", 0);
        assert_eq!(
            report["session_expires_at"].is_null(),
            end == "null",
            "{end}: {report}"
        );
        assert_eq!(report["warnings"], warnings, "{end}");
    }
}

#[test]
fn says_no_when_the_session_is_gone() {
    let standin = ready();
    standin.make("drop-brokerage", &json!({}));
    says(tickle(&standin).run(), "not_authenticated", 1);
    standin.make("drop-session", &json!({}));
    says(tickle(&standin).run(), "no_session", 1);
}

#[test]
fn says_competing_when_another_login_holds_the_brokerage_session() {
    let standin = ready();
    standin.make("compete", &json!({}));
    let report = says(tickle(&standin).run(), "competing", 10);
    assert_eq!(report["competing"], true);
}

#[test]
fn wants_the_flag_established_or_a_server_where_there_is_no_flag() {
    for (bringup, state, exit) in [
        (json!({"established": "absent"}), "ready", 0),
        (json!({"established": "false"}), "not_established", 1),
        (
            json!({"established": "absent", "no_server_name": true}),
            "not_established",
            1,
        ),
    ] {
        let standin = ready();
        standin.set(&json!({ "bringup": bringup }));
        let report = says(tickle(&standin).run(), state, exit);
        let is_absent = bringup["established"] == "absent";
        assert_eq!(report["established"].is_null(), is_absent, "{bringup}");
    }
}

/// Every row of what IBeam takes for "log in again", and every answer of the Gateway itself.
#[test]
fn never_takes_could_not_ask_for_no() {
    let standin = Standin::serve();
    for (answer, state, exit) in [
        (json!({"status": 401}), "no_session", 1),
        (
            json!({"status": 401, "body": "Unauthorized"}),
            "no_session",
            1,
        ),
        (
            json!({"status": 200, "body": "{\"error\":\"no session\"}"}),
            "no_session",
            1,
        ),
        (
            json!({"status": 200, "body": "{ \"error\" : \"no session\" }\n"}),
            "no_session",
            1,
        ),
        (
            json!({"status": 200, "body": {"session": "0123", "ssoExpires": 500_000}}),
            "not_authenticated",
            1,
        ),
        (
            json!({"status": 200, "body": {"error": "not logged in"}}),
            "unknown",
            9,
        ),
        (
            json!({"status": 200, "body": {"message": "triggered"}}),
            "unknown",
            9,
        ),
        (
            json!({"status": 200, "body": "<html>hello</html>"}),
            "unknown",
            9,
        ),
        (
            json!({"status": 200, "body": "Unknown service am"}),
            "unknown",
            9,
        ),
        (json!({"status": 200, "body": ""}), "unknown", 9),
        (json!({"status": 200, "body": {}}), "unknown", 9),
        (
            json!({"status": 302, "headers": {"Location": "https://api.ibkr.com/v1/api/tickle"}}),
            "unknown",
            9,
        ),
        (json!({"status": 400}), "unknown", 9),
        (json!({"status": 403}), "unknown", 9),
        (json!({"status": 404}), "unknown", 9),
        (json!({"status": 410}), "unknown", 9),
        (json!({"status": 414}), "unknown", 9),
        (json!({"status": 429}), "unavailable", 12),
        (
            json!({"status": 500, "body": "Internal Server Error"}),
            "unavailable",
            12,
        ),
        (json!({"status": 502}), "unavailable", 12),
        (json!({"status": 503}), "unavailable", 12),
        (json!({"status": 504}), "unavailable", 12),
    ] {
        says(answered(&standin, &answer), state, exit);
    }
}

#[test]
fn names_each_flag_that_is_no_flag_unknown() {
    let standin = Standin::serve();
    for flag in ["authenticated", "connected", "established", "competing"] {
        let mut status = json!({
            "authenticated": true, "connected": true, "established": true, "competing": false,
            "serverInfo": {"serverName": "JifN19053"},
        });
        status[flag] = json!("true");
        let body = json!({"session": "0123", "iserver": {"authStatus": status}});
        let ran = answered(&standin, &json!({"status": 200, "body": body}));
        let message = ran.error()["message"].to_string();
        assert!(message.contains(flag), "{message}");
        says(ran, "unknown", 9);
    }
}

#[test]
fn says_how_long_ibkr_asks_us_to_wait() {
    let standin = Standin::serve();
    let answer = json!({"status": 429, "headers": {"Retry-After": "17"}});
    let error = answered(&standin, &answer).exits(12).error();
    assert_eq!(error["retry"], true);
    assert_eq!(error["retry_after_seconds"], 17);
}

#[test]
fn reports_no_state_when_the_gateway_refuses_our_address() {
    let standin = Standin::serve();
    let answer = json!({"status": 404, "body": "Access Denied"});
    let ran = answered(&standin, &answer).exits(6).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("ips.allow"), "{message}");
}

#[test]
fn tells_a_broken_address_filter_from_ibkrs_maintenance() {
    let standin = Standin::serve();
    let broken = json!({"status": 500, "body": "Internal Server Error"});
    let mut front = broken.clone();
    front["path"] = json!("/");
    standin.set(&json!({"answers": [front]}));
    let ran = answered(&standin, &broken).exits(6).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("ips.allow"), "{message}");
}

#[test]
fn warns_that_a_gateway_may_log_out() {
    let standin = Standin::serve();
    let body = json!({"session": "0123", "ssoExpires": 500_000, "iserver": {"authStatus": {
        "authenticated": false, "connected": true, "competing": false,
    }}});
    let ran = answered(&standin, &json!({"status": 200, "body": body}));
    let report = says(ran, "not_authenticated", 1);
    assert_eq!(report["warnings"], json!(["gateway_may_log_out"]));
}

#[test]
fn quotes_a_message_and_never_a_page() {
    let standin = Standin::serve();
    let body = json!({"error": "planted-error\u{1b}[31m\nnext line"});
    let ran = answered(&standin, &json!({"status": 503, "body": body}));
    let report = says(ran, "unavailable", 12);
    let message = report["message"].as_str().expect("a message");
    assert!(message.starts_with("planted-error"), "{message}");
    assert!(!message.contains(char::is_control), "{message:?}");
    let page = json!({"status": 503, "body": "<html>planted-page</html>"});
    answered(&standin, &page).never_shows("planted-page");
}

#[test]
fn asks_once_whatever_comes() {
    for answer in [
        json!({"status": 302, "headers": {"Location": "/v1/api/one/user"}}),
        json!({"status": 401}),
        json!({"mode": "close"}),
        json!({"mode": "reset"}),
        json!({"mode": "garbage"}),
    ] {
        let standin = Standin::serve();
        answered(&standin, &answer);
        assert_eq!(asked(&standin), ["POST /v1/api/tickle"], "{answer}");
    }
}
