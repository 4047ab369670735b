//! Codes of the authenticator app, without a browser: how many, of which windows, and what is said of them.

use super::*;

#[test]
fn sends_two_codes_of_the_app_at_the_most_and_of_two_windows() {
    let standin = Standin::serve();
    let other = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
    let ran = directly(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(other), "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_code", "{}", ran.all());
    sent(&standin, 1, 2);
    let given: Vec<_> = bodies_of(&standin, "/sso/Authenticator")
        .into_iter()
        .filter(|body| body.contains("RESPONSE="))
        .collect();
    assert_ne!(given[0], given[1]);
}

#[test]
fn two_logins_never_send_two_codes_of_one_window() {
    let runs = Runs::of(record("totpuser", "Correct-Horse2", Some(SEED), "live"));
    runs.run(directly, &[]).exits(0);
    runs.standin.make("drop-session", &json!({}));
    runs.run(directly, &[]).exits(0);
    // The stand-in takes a code once, as IBKR does: a second one of the same window would have been a third.
    sent(&runs.standin, 2, 2);
}

/// A run with a code of the app, of which this is said.
fn said_of_a_code(said: &str) -> (Standin, Ran) {
    let standin = Standin::serve();
    let answer = json!({"path": "/sso/Authenticator", "action": "COMPLETETWOFACT", "status": 200,
        "body": format!("<ib_auth_res>{said}</ib_auth_res>")});
    standin.set(&json!({"answers": [answer]}));
    let with_seed = record("totpuser", "Correct-Horse2", Some(SEED), "live");
    let ran = directly(&standin).stdin(with_seed).run();
    (standin, ran)
}

#[test]
fn sends_no_second_code_after_what_is_not_said_of_a_code() {
    for (said, reason) in [
        (
            "<auth_res>false</auth_res><error>Something new</error>",
            "unknown_error",
        ),
        ("<error>Your account is locked</error>", "locked"),
        (
            "<auth_info><reached_max_login>true</reached_max_login></auth_info><auth_res>false</auth_res>",
            "locked",
        ),
    ] {
        let (standin, ran) = said_of_a_code(said);
        let ran = ran.exits(4);
        assert_eq!(ran.report()["reason"], reason, "{said}: {}", ran.all());
        let codes = actions(&standin);
        let codes = codes.iter().filter(|action| *action == "COMPLETETWOFACT");
        assert_eq!(codes.count(), 1, "{said}: {}", ran.all());
    }
}

#[test]
fn a_code_that_was_refused_before_the_time_was_up_is_reported() {
    let standin = Standin::serve();
    let other = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
    // The second code comes in 30 s, the first within 8.
    let ran = directly(&standin)
        .args(["--timeout", "12s"])
        .stdin(record("totpuser", "Correct-Horse2", Some(other), "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_code", "{}", ran.all());
}
