//! A second factor that is not given in time has one word, whichever it is and whichever way the login goes.

use super::given::user;
use super::*;

/// Asserts that the report has the word, and says which second factor it was.
pub(super) fn expired(ran: &Ran, second_factor: &str) {
    let report = ran.report();
    let parts = ["state", "reason", "second_factor"].map(|key| report[key].clone());
    let expected = [
        "second_factor_expired",
        "second_factor_expired",
        second_factor,
    ];
    assert_eq!(parts, expected.map(Value::from), "{}", ran.all());
    assert_eq!(ran.error()["retry"], false, "{}", ran.all());
}

#[test]
fn a_code_that_does_not_come_in_time_on_the_page() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let ran = on_the_page(&standin)
        .args(["--code-from", "file:code", "--timeout", "15s"])
        .stdin(login_record)
        .run()
        .exits(8);
    expired(&ran, "sms");
    sent(&standin, 1, 0);
}

#[test]
fn a_notification_that_outlasts_the_run_on_the_page() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let ran = on_the_page(&standin)
        .args(["--second-factor", "push", "--timeout", "15s"])
        .stdin(login_record)
        .run()
        .exits(8);
    expired(&ran, "push");
    assert!(ran.error()["retry_after_seconds"].is_u64(), "{}", ran.all());
}
