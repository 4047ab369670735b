//! An answer that is late, broken, enormous or something else, at each of the seven steps.

use super::*;

/// The seven steps: path, action.
pub(crate) const STEPS: [(&str, Option<&str>); 7] = [
    ("/", None),
    ("/sso/Login", None),
    ("/sso/Authenticator", Some("INIT")),
    ("/sso/Authenticator", Some("COMPLETEAUTH")),
    ("/sso/Authenticator", Some("COMPLETEAUTH_1")),
    ("/sso/Authenticator", Some("COMPLETETWOFACT")),
    ("/sso/Dispatcher", None),
];

/// How many of them nothing counts in.
pub(crate) const BEFORE: usize = 3;

/// A run with a code, in which one step is answered otherwise.
fn answered(step: usize, mut answer: Value, timeout: &str) -> (Standin, Ran) {
    let standin = Standin::serve();
    let (path, action) = STEPS[step];
    answer["path"] = path.into();
    answer["action"] = action.into();
    standin.set(&json!({"answers": [answer]}));
    let ran = directly(&standin)
        .args(["--timeout", timeout])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run();
    (standin, ran)
}

/// How often a step was asked for.
pub(crate) fn asked(standin: &Standin, step: usize) -> usize {
    let (path, action) = STEPS[step];
    match action {
        Some(action) => actions(standin).iter().filter(|at| *at == action).count(),
        None => {
            let asked = standin.requests();
            let asked = asked.iter().filter(|asked| asked["part"] == "gateway");
            asked.filter(|asked| asked["path"] == path).count()
        }
    }
}

/// It is counted exactly when it was sent, never sent twice, and never to be made again blindly once it was.
#[track_caller]
fn is_counted_once(step: usize, standin: &Standin, ran: &Ran) {
    let proofs = actions(standin)
        .iter()
        .filter(|action| *action == "COMPLETEAUTH")
        .count();
    let is_sent = step >= BEFORE;
    assert_eq!(proofs, usize::from(is_sent), "step {step}: {}", ran.all());
    let report = ran.report();
    assert_eq!(
        report["submissions"],
        u8::from(is_sent),
        "step {step}: {}",
        ran.all()
    );
    let left = if is_sent { 2 } else { 3 };
    assert_eq!(report["failures_left"], left, "step {step}: {}", ran.all());
    if is_sent {
        assert_eq!(ran.error()["retry"], false, "step {step}: {}", ran.all());
    }
}

#[test]
fn silence_at_any_step_ends_with_the_time() {
    at_once(8, 0..STEPS.len(), |step| {
        let (standin, ran) = answered(step, json!({"mode": "hang"}), "3s");
        let ran = ran.exits(8);
        assert_eq!(
            ran.report()["state"],
            "timed_out",
            "step {step}: {}",
            ran.all()
        );
        is_counted_once(step, &standin, &ran);
    });
}

#[test]
fn a_drip_at_any_step_ends_with_the_time() {
    at_once(8, 0..STEPS.len(), |step| {
        let drip = json!({"mode": "drip", "status": 200, "body": "<ib_auth_res></ib_auth_res>"});
        let (standin, ran) = answered(step, drip, "3s");
        is_counted_once(step, &standin, &ran.exits(8));
    });
}

#[test]
fn a_connection_that_ends_at_any_step_is_broken_off_and_nothing_is_sent_again() {
    at_once(4, ["close", "reset", "half"], |mode| {
        for step in 0..STEPS.len() {
            let end = json!({"mode": mode, "status": 200, "body": "<ib_auth_res></ib_auth_res>"});
            let (standin, ran) = answered(step, end, "30s");
            assert_eq!(ran.status, 7, "step {step}, {mode}: {}", ran.all());
            let report = ran.report();
            assert_eq!(report["state"], "down", "step {step}, {mode}: {report}");
            let reason = if step < BEFORE {
                json!(null)
            } else {
                json!("broken_off")
            };
            assert_eq!(report["reason"], reason, "step {step}, {mode}: {report}");
            is_counted_once(step, &standin, &ran);
            assert_eq!(
                asked(&standin, step),
                1,
                "step {step}, {mode}: {}",
                ran.all()
            );
        }
    });
}

#[test]
fn what_is_no_answer_at_any_step_is_unexpected() {
    at_once(4, 0..STEPS.len(), |step| {
        for answer in [
            json!({"mode": "garbage"}),
            json!({"status": 403, "body": "<html>Access Denied</html>"}),
            json!({"status": 302, "headers": {"Location": "/sso/Login"}, "body": ""}),
            json!({"status": 200, "body": "x".repeat(1 << 20) + "x"}),
        ] {
            let is_followed = step < 2 && answer["status"] == 302;
            let (standin, ran) = answered(step, answer.clone(), "30s");
            // The first two are pages: one redirect is followed, a ring of them is not.
            if is_followed && step == 0 {
                ran.exits(0);
                continue;
            }
            assert_eq!(
                ran.status,
                9,
                "step {step}, {}: {}",
                answer["mode"],
                ran.all()
            );
            is_counted_once(step, &standin, &ran);
        }
    });
}

#[test]
fn a_page_in_place_of_an_answer_is_unexpected_in_either_dialect() {
    let cases = [
        "<html><body>Sign in</body></html>",
        "",
        "null",
        "[]",
        "<ib_auth_res>",
        "<!DOCTYPE a [<!ENTITY b \"cccccccccc\"><!ENTITY d \"&b;&b;&b;&b;&b;\">]><ib_auth_res>&d;</ib_auth_res>",
    ];
    at_once(4, cases, |page| {
        for step in BEFORE - 1..STEPS.len() - 1 {
            let answer = json!({"status": 200, "body": page});
            let (standin, ran) = answered(step, answer, "30s");
            let ran = ran.exits(9);
            assert_eq!(
                ran.report()["reason"],
                "unknown_answer",
                "step {step}, {page}: {}",
                ran.all()
            );
            is_counted_once(step, &standin, &ran);
        }
        let standin = Standin::serve();
        let answer = json!({"path": "/sso/Authenticator", "status": 200, "body": page});
        standin.set(&json!({"answers": [answer]}));
        directly(&standin).stdin(plain()).run().exits(9);
        sent(&standin, 0, 0);
    });
}

#[test]
fn numbers_of_ten_thousand_digits_are_unexpected_and_cost_nothing() {
    let digits = "1".repeat(10_000);
    for name in ["N", "g", "s", "B", "rsapub"] {
        let mut init = json!({
            "g": "2", "proto": "6", "hash": "SHA1", "s": "0a1b2c3d", "B": "0f", "lp": true, "rsapub": "f".repeat(256),
            "N": "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43",
        });
        init[name] = digits.clone().into();
        let standin = Standin::serve();
        standin.set(
            &json!({"answers": [{"path": "/sso/Authenticator", "status": 200, "body": init}]}),
        );
        let ran = directly(&standin).stdin(plain()).run().exits(9);
        assert!(ran.stdout.len() + ran.stderr.len() < 2000, "{}", ran.all());
        sent(&standin, 0, 0);
    }
}

#[test]
fn a_server_that_is_not_available_is_reported_with_its_wait() {
    at_once(4, 0..STEPS.len(), |step| {
        let busy = json!({"status": 503, "headers": {"Retry-After": "7"}, "body": ""});
        let (standin, ran) = answered(step, busy, "30s");
        let ran = ran.exits(12);
        assert_eq!(
            ran.report()["state"],
            "unavailable",
            "step {step}: {}",
            ran.all()
        );
        assert_eq!(
            ran.error()["retry_after_seconds"],
            7,
            "step {step}: {}",
            ran.all()
        );
        is_counted_once(step, &standin, &ran);
    });
}

#[test]
fn redirects_that_lead_in_a_ring_or_elsewhere_are_not_followed() {
    for (place, most) in [
        ("/sso/Login?again", 6),
        ("https://www.example.com/sso/Login", 1),
        ("//www.example.com/sso/Login", 1),
        ("sso/Login", 1),
    ] {
        let standin = Standin::serve();
        let ring = |path: &str| json!({"path": path, "status": 302, "headers": {"Location": place}, "body": ""});
        standin.set(&json!({"answers": [ring("/"), ring("/sso/Login")]}));
        let ran = directly(&standin).stdin(plain()).run().exits(9);
        let asked = standin.requests();
        let pages = asked.iter().filter(|asked| {
            let is_of_web_api = asked["path"].to_string().contains("/v1/");
            asked["part"] == "gateway" && asked["method"] == "GET" && !is_of_web_api
        });
        assert_eq!(pages.count(), most, "{place}: {}", ran.all());
        sent(&standin, 0, 0);
    }
}

#[test]
fn the_gateways_own_filter_has_its_own_reason() {
    let denied = json!({"status": 404, "body": "Access Denied"});
    let (standin, ran) = answered(0, denied, "30s");
    let ran = ran.exits(6);
    assert_eq!(ran.report()["reason"], "access_denied", "{}", ran.all());
    sent(&standin, 0, 0);
}

#[test]
fn an_answer_of_a_mebibyte_costs_little_memory() {
    let many = |part: &str| part.repeat((1 << 20) / part.len() - 100);
    for body in [
        format!("{{\"sftypes\":[{}0]}}", many("0,")),
        format!("{{\"a\":[{}[]]}}", many("[],")),
        many("["),
        many("{\"a\":"),
        format!("{{\"B\":\"{}\"}}", many("1")),
        format!("<ib_auth_res>{}</ib_auth_res>", many("<a/>")),
        many("<ib_auth_res>"),
        format!("<ib_auth_res {}/>", many("a=\"b\" ")),
        format!("<ib_auth_res><B>{}</B></ib_auth_res>", many("&amp;")),
        many("<!---->"),
    ] {
        for login_record in [
            plain(),
            record("totpuser", "Correct-Horse2", Some(SEED), "live"),
        ] {
            let standin = Standin::serve();
            let answer = json!({"path": "/sso/Authenticator", "status": 200, "body": body});
            standin.set(&json!({"answers": [answer]}));
            let ran = directly(&standin)
                .in_shell("ulimit -d 65536; exec \"$0\"")
                .stdin(login_record)
                .run();
            assert_eq!(ran.status, 9, "{}…: {}", &body[..30], ran.all());
            let reason = &ran.report()["reason"];
            assert_eq!(reason, "unknown_answer", "{}…: {}", &body[..30], ran.all());
            sent(&standin, 0, 0);
        }
    }
}
