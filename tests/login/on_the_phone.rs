//! Notifications and codes on the page: announced before, shown, awaited in a person's time.

use super::given::user;
use super::on_the_page as login;
use super::*;
use crate::support::eventually;

/// What the stand-in's messages and devices give.
const TYPED: &str = "482913";
const ANSWER: &str = "39166143";

#[test]
fn a_notification_is_announced_before_it_is_sent() {
    // Chosen among several, and sent by the page itself: the hook sees that none is there yet.
    for devices in [&["5.2a"][..], &["5.2a", "4"]] {
        let standin = Standin::serve();
        let login_record = user(&standin, devices);
        standin.set(&json!({"push": {"approved_after_ms": 200}, "page": {"push_poll_ms": 100}}));
        let control = standin.about["control"].as_str().expect("a control port");
        let hook = format!("curl -s -o announced {control}/state");
        let tool = login(&standin).args(["--second-factor", "push", "--before-push", &hook]);
        let announced = tool.folder.path().join("announced");
        let (child, _folder) = tool.stdin(login_record).spawn();
        // curl makes the file before it has the answer.
        let answer = || {
            fs::read_to_string(&announced)
                .ok()
                .filter(|text| !text.is_empty())
        };
        let seen = eventually("it is announced", answer);
        let ran = Ran::of(child).exits(0);
        assert!(seen.contains("\"pushes\":0"), "{seen}: {}", ran.all());
        assert_eq!(
            ran.report()["warnings"],
            json!(["ledger_begun"]),
            "{}",
            ran.all()
        );
        let truth = standin.truth();
        assert_eq!(
            (&truth["pushes"], &truth["resends"], &truth["pages"]),
            (&json!(1), &json!(0), &json!(1))
        );
    }
}

#[test]
fn what_is_not_to_come_is_not_announced() {
    let standin = Standin::serve();
    let hook = ["--before-push", "touch announced"];
    let tool = login(&standin).args(hook);
    let announced = tool.folder.path().join("announced");
    let with_seed = record("totpuser", "Correct-Horse2", Some(SEED), "live");
    let (child, _folder) = tool.stdin(with_seed).spawn();
    Ran::of(child).exits(0);
    assert!(!announced.exists());
}

#[test]
fn waits_for_a_message_in_a_file_that_is_newer_than_the_request() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    standin.set(&json!({"page": {"otp_selector": true}}));
    let tool = login(&standin).args(["--code-from", "file:code"]);
    let file = tool.folder.path().join("code");
    fs::write(&file, "000000\n").expect("it can be written");
    let (child, _folder) = tool.stdin(login_record).spawn();
    eventually("the message is sent", || {
        (standin.truth()["texts"] == 1).then_some(())
    });
    // Time enough to take the old one, if it would.
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert_eq!(standin.truth()["codes"], 0, "the old code is left alone");
    fs::write(&file, format!("{TYPED}\n")).expect("it can be written");
    let ran = Ran::of(child).exits(0).never_shows(TYPED);
    assert_eq!(ran.report()["second_factor"], "sms", "{}", ran.all());
    sent(&standin, 1, 1);
    assert_eq!(standin.truth()["resends"], 0);
}

#[test]
fn what_comes_and_is_no_code_is_not_sent() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["4.2"]);
    let ran = login(&standin)
        .args(["--code-from", "cmd:echo 'your code is 482913'"])
        .stdin(login_record)
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "no_code", "{}", ran.all());
    assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    sent(&standin, 1, 0);
}

#[test]
fn a_challenge_beside_a_notification_is_shown_and_its_answer_finishes_the_login() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    standin.set(&json!({"push": {"with_challenge": true}}));
    let tool = login(&standin).args(["--challenge-out", "challenge", "--code-from", "file:answer"]);
    let (challenge, answer) = (
        tool.folder.path().join("challenge"),
        tool.folder.path().join("answer"),
    );
    let (child, _folder) = tool.stdin(login_record).spawn();
    let shown = eventually("the challenge is written", || {
        fs::read_to_string(&challenge).ok()
    });
    assert_eq!(shown, "111 222\n", "as a person reads it, blanks included");
    fs::write(&answer, format!("{} {}\n", &ANSWER[..4], &ANSWER[4..])).expect("it can be written");
    let ran = Ran::of(child).exits(0);
    assert_eq!(ran.report()["second_factor"], "challenge", "{}", ran.all());
    assert!(!challenge.exists(), "a challenge that is over is gone");
    sent(&standin, 1, 1);
}

#[test]
fn an_answer_that_cannot_be_had_leaves_the_notification_to_be_approved() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    standin.set(&json!({"push": {"with_challenge": true, "approved_after_ms": 1500}, "page": {"push_poll_ms": 200}}));
    let ran = login(&standin)
        .args(["--code-from", "cmd:false"])
        .stdin(login_record)
        .run()
        .exits(0);
    assert_eq!(
        ran.report()["warnings"],
        json!(["ledger_begun", "no_answer"]),
        "{}",
        ran.all()
    );
    assert_eq!(ran.report()["second_factor"], "push", "{}", ran.all());
}

#[test]
fn the_numbers_of_a_card_are_written_where_a_person_reads_them() {
    for version in ["v1", "v2"] {
        let standin = Standin::serve();
        let login_record = user(&standin, &["3"]);
        standin.set(&json!({"page": {"version": version}}));
        let tool = login(&standin).args(["--challenge-out", "card", "--code-from", "file:values"]);
        let folder = tool.folder.path().to_owned();
        let (child, _folder) = tool.stdin(login_record).spawn();
        let shown = eventually("the numbers are written", || {
            fs::read_to_string(folder.join("card")).ok()
        });
        assert_eq!(shown, "17 204\n", "{version}");
        fs::write(folder.join("values"), TYPED).expect("it can be written");
        Ran::of(child).exits(0);
    }
}

#[test]
fn a_line_at_the_terminal_says_what_is_left_of_the_wait() {
    let standin = Standin::serve();
    let login_record = user(&standin, &["5.2a"]);
    let tool = login(&standin).env("IBGW_PUSH_WAIT", "2s");
    let record = tool.folder.path().join("record.json");
    fs::write(&record, login_record).expect("it can be written");
    let script = "exec script -qec \"$0 --login record.json\" /dev/null";
    let ran = tool.in_shell(script).run().exits(8);
    for left in ["time left: 1 s", "time left: 0 s"] {
        assert!(ran.stdout.contains(left), "{left}: {}", ran.all());
    }
}

#[test]
fn a_third_login_is_not_made_where_the_guard_allows_no_more() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .args(["--mode", "auto", "--max-failures", "1"])
        .stdin(record("paperuser", "Correct-Horse3", None, "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "paper_needed", "{}", ran.all());
    assert_eq!(ran.report()["submissions"], 1, "{}", ran.all());
}

#[test]
fn a_switch_to_paper_is_two_submissions_in_the_ledger_whatever_the_way() {
    for method in ["direct", "browser"] {
        let (standin, state) = (Standin::serve(), TempDir::new().expect("a folder"));
        let run = |words: &[&str]| {
            let tool = super::login(&standin)
                .state(state.path())
                .args(["--method", method]);
            let paper = record("paperuser", "Correct-Horse3", None, "live");
            tool.args(words).stdin(paper).run().exits(0)
        };
        let ran = run(&["--mode", "auto"]);
        assert_eq!(ran.report()["mode"], "paper", "{}", ran.all());
        assert_eq!(ran.report()["submissions"], 2, "{}", ran.all());
        let status = run(&["--status"]).report();
        let rows = status["submissions"].as_array().expect("a list");
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (&row["mode"], &row["outcome"]))
            .collect();
        let failed = (&json!("live"), &json!("failed"));
        assert_eq!(
            rows,
            [failed, (&json!("paper"), &json!("succeeded"))],
            "{method}"
        );
        assert_eq!(status["state"], "free", "it holds nothing: {status}");
    }
}
