//! Second factors that a code or an answer satisfies, and those that are left alone.

use super::*;

const TITLE: &str = "4. Second factors";

fn scenarios() -> Vec<Scenario> {
    let typed = || format!("cmd:echo {TYPED}");
    let answered = || format!("cmd:echo {ANSWER}");
    let of = |page, list: &[&str], moods: Value| {
        let script = json!({"users": devices(list), "page": moods});
        Scenario::new(page, script).with(of_devices())
    };
    let by = |page, list: &[&str], moods: Value, from: String| {
        of(page, list, moods)
            .with(without_seed())
            .args(&["--code-from", &from])
    };
    let on_paper = || {
        let mut users = devices(&["4"]);
        users[0]["factors_in_paper"] = true.into();
        json!({"users": users})
    };
    let v1 = || json!({"version": "v1"});
    let chosen = |wanted: &'static str| ["--second-factor", wanted];
    vec![
        of(
            "the authenticator app",
            &["4"],
            json!({"silver_disabled_ms": 800}),
        )
        .core(),
        of("the authenticator app, version 1", &["4"], v1()).core(),
        of(
            "the authenticator app, in a frame",
            &["4"],
            json!({"frame": "factor"}),
        ),
        Scenario::new("the authenticator app, on Paper", on_paper()).with(record(
            "deviceuser",
            "Correct-Horse6",
            Some(SEED),
            "paper",
        )),
        of("the authenticator app, and no seed", &["4"], json!({})).with(without_seed()),
        of(
            "an error beside the field",
            &["4"],
            json!({"factor_error": "Something else went wrong"}),
        ),
        of("several devices: the app", &["5.2a", "4"], json!({})).core(),
        of("several devices, version 1: the app", &["5.2a", "4"], v1()),
        of("several devices, by label", &["5.2a", "4"], json!({})).args(&chosen("authenticator")),
        of(
            "several devices, by SF code",
            &["5.2a", "4", "3"],
            json!({}),
        )
        .args(&chosen("4")),
        of(
            "several devices, another is asked for",
            &["5.2a", "4"],
            json!({}),
        )
        .core()
        .args(&chosen("Passkey")),
        of(
            "several devices: IB Key unasked",
            &["5.2a", "9.9"],
            json!({}),
        ),
        by("a text message", &["4.2"], json!({}), typed()),
        by(
            "a text message, after its delivery",
            &["4.2"],
            json!({"otp_selector": true}),
            typed(),
        )
        .core(),
        by(
            "a text message, version 1",
            &["4.2"],
            json!({"version": "v1", "otp_selector": true}),
            typed(),
        ),
        by(
            "a text message, a wrong code",
            &["4.2"],
            json!({}),
            "cmd:echo 111111".to_owned(),
        ),
        of(
            "a text message, and nothing that brings it",
            &["4.2"],
            json!({"otp_selector": true}),
        )
        .with(without_seed()),
        by("a challenge", &["5.1"], json!({}), answered()).core(),
        by("a challenge, version 1", &["5.1"], v1(), answered()),
        by(
            "a challenge, in a frame",
            &["5.1"],
            json!({"frame": "factor"}),
            answered(),
        )
        .core(),
        by(
            "a challenge, a wrong answer",
            &["5.1"],
            json!({}),
            "cmd:echo 11111111".to_owned(),
        ),
        of("a challenge, and nothing that answers", &["5.1"], json!({})),
        by("a card", &["3"], json!({}), typed()),
        by("a card, version 1", &["3"], v1(), typed()),
        by("a temporary code", &["6"], json!({}), typed()),
        by("a temporary code, version 1", &["6"], v1(), typed()),
        of("a passkey", &["passkey"], json!({})).core(),
        by("a code by email", &["email"], json!({}), typed()),
        of("a device that nobody knows", &["9.9"], json!({})).impatient(),
    ]
}

#[test]
fn every_second_factor_ends_as_the_table_says_in_chromium() {
    hold(TITLE, &scenarios(), &CHROMIUM);
}

#[test]
fn every_second_factor_ends_as_the_table_says_in_the_headless_shell() {
    hold(TITLE, &scenarios(), &SHELL);
}

#[test]
fn every_second_factor_ends_as_the_table_says_in_firefox() {
    hold_core(TITLE, &scenarios());
}
