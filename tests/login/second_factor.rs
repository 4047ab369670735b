//! The second factor: devices and codes.

use super::on_the_page as login;
use super::*;

#[test]
fn logs_in_with_a_code_and_says_how() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-login/1", "{}", ran.all());
    for (key, value) in [
        ("state", json!("ready")),
        ("how", json!("browser")),
        ("mode", json!("live")),
        ("second_factor", json!("totp")),
        ("authenticated", json!(true)),
        ("submissions", json!(1)),
        ("failures_left", json!(3)),
    ] {
        assert_eq!(report[key], value, "{key}: {}", ran.all());
    }
    ran.is_silent_on_stderr()
        .never_shows("Correct-Horse2")
        .never_shows(SEED);
    sent(&standin, 1, 1);
}

#[test]
fn chooses_the_authenticator_app_among_several_devices() {
    let standin = Standin::serve();
    let login_record = record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    let ran = login(&standin).stdin(login_record).run().exits(0);
    assert_eq!(ran.report()["second_factor"], "totp", "{}", ran.all());
    assert_eq!(standin.truth()["pushes"], 0);
}

#[test]
fn leaves_a_device_that_is_not_offered_alone() {
    let standin = Standin::serve();
    let login_record = record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    let ran = login(&standin)
        .args(["--second-factor", "Passkey"])
        .stdin(login_record)
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "device_absent", "{}", ran.all());
    assert!(
        ran.report()["page_text"]
            .to_string()
            .contains("IB Key (5.2a)"),
        "{}",
        ran.all()
    );
    let truth = standin.truth();
    assert_eq!(
        (&truth["pushes"], &truth["codes"]),
        (&json!(0), &json!(0)),
        "{truth}"
    );
}

#[test]
fn sends_two_codes_at_the_most_and_of_two_windows() {
    let standin = Standin::serve();
    let other = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", Some(other), "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_code", "{}", ran.all());
    sent(&standin, 1, 2);
}

#[test]
fn two_logins_never_send_two_codes_of_one_window() {
    let runs = Runs::of(record("totpuser", "Correct-Horse2", Some(SEED), "live"));
    runs.run(login, &[]).exits(0);
    runs.standin.make("drop-session", &json!({}));
    runs.run(login, &[]).exits(0);
    // The stand-in takes a code once, as IBKR does: a second one of the same window would have been a third.
    sent(&runs.standin, 2, 2);
}

#[test]
fn says_that_the_page_wants_a_code_when_there_is_no_seed() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("totpuser", "Correct-Horse2", None, "live"))
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "no_seed", "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn a_second_factor_that_cannot_be_used_is_refused_before_anything_is_sent() {
    let standin = Standin::serve();
    let login_record = || record("choiceuser", "Correct-Horse4", Some(SEED), "live");
    login(&standin)
        .args(["--second-factor", "sms"])
        .stdin(login_record())
        .run()
        .exits(6);
    sent(&standin, 0, 0);
    login(&standin)
        .args(["--second-factor", "totp"])
        .stdin(login_record())
        .run()
        .exits(0);
    sent(&standin, 1, 1);
}
