//! Second factors that a person or a program gives: a text message, a challenge.

use super::expired::expired;
use super::*;
use crate::support::eventually;

/// What the stand-in's messages and devices give.
const TYPED: &str = "482913";
const ANSWER: &str = "39166143";

pub(crate) fn user(standin: &Standin, devices: &[&str]) -> String {
    standin.set(&json!({"users": [{
        "username": "deviceuser", "password": "Correct-Horse6", "mode": "live", "devices": devices,
    }]}));
    record("deviceuser", "Correct-Horse6", None, "live")
}

#[test]
fn waits_for_a_message_in_a_file_that_is_newer_than_the_request() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let tool = directly(&standin).args(["--second-factor", "sms", "--code-from", "file:code"]);
    let file = tool.folder.path().join("code");
    fs::write(&file, "000000\n").expect("it can be written");
    let (child, _folder) = tool.stdin(login_record).spawn();
    eventually("the message is sent", || {
        (standin.truth()["texts"] == 1).then_some(())
    });
    // Time enough to take the old one, if it would.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(standin.truth()["codes"], 0, "the old code is left alone");
    fs::write(&file, format!("{TYPED}\n")).expect("it can be written");
    let ran = Ran::of(child).exits(0).never_shows(TYPED);
    assert_eq!(ran.report()["second_factor"], "sms", "{}", ran.all());
    sent(&standin, 1, 1);
}

#[test]
fn takes_the_only_device_when_a_code_will_come() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let program = format!("cmd:echo {TYPED}");
    let ran = directly(&standin)
        .args(["--code-from", &program])
        .stdin(login_record)
        .run()
        .exits(0);
    assert_eq!(ran.report()["second_factor"], "sms", "{}", ran.all());
    assert_eq!(standin.truth()["texts"], 1);
}

#[test]
fn sends_a_code_that_a_person_gave_once() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let ran = directly(&standin)
        .args(["--code-from", "cmd:echo 111111"])
        .stdin(login_record)
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "wrong_code", "{}", ran.all());
    assert_eq!(
        ran.report()["page_text"],
        "Incorrect security code",
        "{}",
        ran.all()
    );
    sent(&standin, 1, 1);
}

#[test]
fn what_comes_and_is_no_code_is_not_sent() {
    for (from, exit) in [
        ("cmd:echo 'your code is 482913'", 6),
        ("cmd:echo", 6),
        ("cmd:false", 6),
        ("cmd:/nonexistent/code", 5),
    ] {
        let standin = Standin::serve();
        let login_record = user(&standin, &["4.2"]);
        let ran = directly(&standin)
            .args(["--code-from", from])
            .stdin(login_record)
            .run()
            .exits(exit);
        assert_eq!(ran.report()["reason"], "no_code", "{from}: {}", ran.all());
        assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
        sent(&standin, 1, 0);
    }
}

#[test]
fn a_code_that_never_comes_ends_with_the_time() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let ran = directly(&standin)
        .args(["--code-from", "file:code", "--timeout", "3s"])
        .stdin(login_record)
        .run()
        .exits(8);
    expired(&ran, "sms");
    assert!(ran.stderr.contains("no code came in code"), "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn shows_a_challenge_and_takes_its_answer() {
    for (devices, wanted) in [
        (&["5.1"][..], "challenge"),
        (&["5.2a", "5.1"], "challenge"),
        (&["5.2a"], "IB Key"),
    ] {
        let standin = Standin::serve();
        standin.set(&json!({"login": {"key_challenges": true}}));
        let login_record = user(&standin, devices);
        let tool = directly(&standin).args([
            "--second-factor",
            wanted,
            "--challenge-out",
            "challenge",
            "--code-from",
            "file:answer",
        ]);
        let (challenge, answer) = (
            tool.folder.path().join("challenge"),
            tool.folder.path().join("answer"),
        );
        let (child, _folder) = tool.stdin(login_record).spawn();
        let shown = eventually("the challenge is written", || {
            fs::read_to_string(&challenge).ok()
        });
        assert_eq!(shown, "111 222\n", "as a person reads it, blanks included");
        let mode = fs::metadata(&challenge).expect("it is there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        // Devices show it in two groups.
        fs::write(&answer, format!("{} {}\n", &ANSWER[..4], &ANSWER[4..]))
            .expect("it can be written");
        let ran = Ran::of(child).exits(0);
        assert_eq!(ran.report()["second_factor"], "challenge", "{}", ran.all());
        assert!(!challenge.exists(), "a challenge that is over is gone");
        sent(&standin, 1, 1);
        assert_eq!(standin.truth()["pushes"], 0);
    }
}

#[test]
fn shows_a_challenge_at_the_terminal_and_takes_it_back_when_ended() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.1"]);
    let tool = directly(&standin);
    let folder = tool.folder.path().to_owned();
    fs::write(folder.join("record"), login_record).expect("it can be written");
    let words = "--login record --code-from file:answer --challenge-out challenge";
    let script = format!("exec script -qefc \"$0 {words}\" /dev/null");
    let (child, _folder) = tool.in_shell(&script).spawn();
    let challenge = folder.join("challenge");
    eventually("the challenge is written", || {
        challenge.exists().then_some(())
    });
    let tool = crate::support::children_of(child.id(), "ibgw-login");
    assert_eq!(tool.len(), 1, "one login");
    crate::support::signal(tool[0], "TERM");
    let ran = Ran::of(child);
    assert!(
        ran.stdout
            .contains("waiting for the answer to 111 222 from file:answer"),
        "{}",
        ran.all()
    );
    assert!(!challenge.exists(), "a challenge that is over is gone");
    sent(&standin, 1, 0);
}

#[test]
fn a_device_that_is_not_offered_is_reported_with_those_that_are() {
    for wanted in ["totp", "sms", "Passkey", "5.1"] {
        let standin = Standin::serve();
        user(&standin, &["5.2a", "3"]);
        let with_seed = record("deviceuser", "Correct-Horse6", Some(SEED), "live");
        let ran = directly(&standin)
            .args(["--second-factor", wanted, "--code-from", "cmd:echo 1234"])
            .stdin(with_seed)
            .run()
            .exits(6);
        assert_eq!(ran.report()["reason"], "device_absent", "{}", ran.all());
        assert_eq!(
            ran.report()["page_text"],
            "offered: IB Key (5.2a), Security Code Card (3)",
            "{}",
            ran.all()
        );
        assert_eq!(
            actions(&standin),
            ["INIT", "COMPLETEAUTH"],
            "nothing is sent"
        );
    }
}

#[test]
fn what_ibkr_has_not_published_has_its_own_reason() {
    for (factor, reason) in [
        ("FIDO2", "passkey_wanted"),
        ("EMAIL", "email_code_wanted"),
        ("9.9", "unknown_second_factor"),
    ] {
        let standin = Standin::serve();
        let login_record = user(&standin, &[factor]);
        let ran = directly(&standin).stdin(login_record).run().exits(9);
        assert_eq!(ran.report()["reason"], reason, "{}", ran.all());
        assert_eq!(
            actions(&standin),
            ["INIT", "COMPLETEAUTH"],
            "nothing is sent"
        );
    }
    // One that is known by its code and turns out to be something else.
    let standin = Standin::serve();
    let begun = json!({"path": "/sso/Authenticator", "action": "COMPLETEAUTH_1", "status": 200,
        "body": "<ib_auth_res><two_factor><type>FIDO</type></two_factor></ib_auth_res>"});
    standin.set(&json!({"answers": [begun]}));
    let with_seed = record("totpuser", "Correct-Horse2", Some(SEED), "live");
    let ran = directly(&standin).stdin(with_seed).run().exits(9);
    assert_eq!(ran.report()["reason"], "passkey_wanted", "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn shows_no_secret_that_the_login_repeats() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let text = format!("deviceuser: {TYPED} is no code of Correct-Horse6");
    let answer = json!({"path": "/sso/Authenticator", "action": "COMPLETETWOFACT", "status": 200,
        "body": format!("<ib_auth_res><error>{text}</error></ib_auth_res>")});
    standin.set(&json!({"answers": [answer]}));
    let ran = directly(&standin)
        .args(["--code-from", &format!("cmd:echo {TYPED}"), "-v"])
        .stdin(login_record)
        .run()
        .exits(4)
        .never_shows(TYPED)
        .never_shows("Correct-Horse6")
        .never_shows("deviceuser");
    assert_eq!(
        ran.report()["page_text"],
        "[redacted]: [redacted] is no code of [redacted]",
        "{}",
        ran.all()
    );
}
