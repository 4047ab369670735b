//! Waits as long as users have met them: lived through once, all at the same time.

use super::*;

/// A run in the lighter browser, and how long it took at the least.
fn run(script: &Value, login_record: String) -> (Standin, Ran) {
    let standin = Standin::serve();
    standin.set(script);
    let tool = on_the_page(&standin).args(scenarios::SHELL.arguments());
    let ran = tool.stdin(login_record).run();
    (standin, ran)
}

fn took(ran: &Ran) -> f64 {
    ran.report()["elapsed_seconds"].as_f64().expect("a number")
}

#[test]
fn a_late_page_a_late_tap_and_a_page_that_never_comes_are_awaited() {
    let push_user = json!([{"username": "pushuser", "password": "Correct-Horse5", "mode": "live", "devices": ["5.2a"]}]);
    let late_tap = json!({"users": push_user, "push": {"approved_after_ms": 35_000}});
    std::thread::scope(|scope| {
        // Voyz/ibeam#145, #187.
        let page = scope.spawn(|| run(&json!({"page": {"form_delay_ms": 32_000}}), plain()));
        // IBeam gave a person 15 s (Voyz/ibeam#4, #120).
        let tap = scope.spawn(|| {
            run(
                &late_tap,
                record("pushuser", "Correct-Horse5", None, "live"),
            )
        });
        let never = scope.spawn(|| run(&json!({"page": {"instead": "formless"}}), plain()));
        let (standin, ran) = page.join().expect("it ran");
        let ran = ran.exits(0);
        assert!(took(&ran) > 32.0, "{}", ran.all());
        sent(&standin, 1, 0);
        let (standin, ran) = tap.join().expect("it ran");
        let ran = ran.exits(0);
        assert!(took(&ran) > 35.0, "{}", ran.all());
        let truth = standin.truth();
        let counted = (&truth["pushes"], &truth["resends"], &truth["pages"]);
        assert_eq!(counted, (&json!(1), &json!(0), &json!(1)), "{}", ran.all());
        let (standin, ran) = never.join().expect("it ran");
        let ran = ran.exits(9);
        assert_eq!(ran.report()["reason"], "form_not_found", "{}", ran.all());
        assert!(took(&ran) > 59.0, "{}", ran.all());
        sent(&standin, 0, 0);
    });
}
