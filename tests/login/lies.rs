//! A server that lies, in the exchange or in what it says of it: nothing more is sent than must be.

use super::*;

/// A stand-in whose login lies, and a run against it.
fn lied_to(lie: &Value) -> (Standin, Ran) {
    let standin = Standin::serve();
    standin.set(&json!({ "login": lie }));
    let ran = directly(&standin).stdin(plain()).run();
    (standin, ran)
}

#[test]
fn a_proof_that_is_not_the_servers_ends_the_login_before_any_cookie_is_set() {
    let (standin, ran) = lied_to(&json!({"m2": "wrong"}));
    let ran = ran.exits(4);
    let report = ran.report();
    assert_eq!(report["state"], "refused", "{}", ran.all());
    assert_eq!(report["reason"], "server_unproven", "{}", ran.all());
    assert_eq!(report["failures_left"], 2, "it counts: {}", ran.all());
    assert!(report["hold_until"].is_string(), "{}", ran.all());
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
    for asked in standin.requests() {
        assert!(!asked.to_string().contains("XYZAB"), "{asked}");
        assert_ne!(asked["path"], "/sso/Dispatcher");
    }
}

#[test]
fn no_proof_is_ibkrs_word_for_wrong_credentials() {
    let (standin, ran) = lied_to(&json!({"m2": "missing"}));
    let ran = ran.exits(4);
    assert_eq!(ran.report()["reason"], "wrong_credentials", "{}", ran.all());
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
}

#[test]
fn a_username_that_is_locked_is_reported_even_with_the_right_proof() {
    let (standin, ran) = lied_to(&json!({"reached_max_login": true}));
    let ran = ran.exits(4);
    assert_eq!(ran.report()["reason"], "locked", "{}", ran.all());
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
}

#[test]
fn terms_that_are_known_to_be_sound_are_taken_with_one_more_beginning() {
    for terms in [
        json!({"group": "rfc5054-1024"}),
        json!({"group": "rfc5054-2048"}),
        json!({"hash": "SHA256"}),
        json!({"proto": "6a"}),
        json!({"group": "rfc5054-1024", "hash": "SHA256", "proto": "6a"}),
    ] {
        let (standin, ran) = lied_to(&terms);
        let ran = ran.exits(0);
        assert_eq!(ran.report()["how"], "direct", "{terms}: {}", ran.all());
        // One exchange in 100 is begun once more for its zeros.
        let asked = bodies_of(&standin, "/sso/Authenticator");
        assert!((3..=4).contains(&asked.len()), "{terms}: {asked:?}");
        let actions = actions(&standin);
        assert_eq!(actions.last().map(String::as_str), Some("COMPLETEAUTH"));
        sent(&standin, 1, 0);
    }
}

#[test]
fn terms_that_are_not_known_are_never_used() {
    for terms in [
        json!({"group": "unknown"}),
        json!({"group": "weak"}),
        json!({"hash": "MD5"}),
        json!({"proto": "3"}),
        json!({"proto": "7"}),
    ] {
        let (standin, ran) = lied_to(&terms);
        let ran = ran.exits(9);
        let report = ran.report();
        assert_eq!(report["reason"], "unsound_terms", "{terms}: {}", ran.all());
        assert_eq!(report["submissions"], 0, "{terms}: {}", ran.all());
        assert_eq!(actions(&standin), ["INIT"], "{terms}");
        sent(&standin, 0, 0);
    }
}

#[test]
fn terms_that_are_not_known_are_not_handed_to_the_page() {
    let standin = Standin::serve();
    standin.set(&json!({"login": {"group": "weak"}}));
    let ran = login(&standin).stdin(plain()).run().exits(9);
    let report = ran.report();
    assert_eq!(report["reason"], "unsound_terms", "{}", ran.all());
    assert_eq!(report["warnings"], json!([]), "{}", ran.all());
    assert_eq!(actions(&standin), ["INIT"]);
    let asked = standin.requests();
    assert!(
        !asked
            .iter()
            .any(|asked| asked["path"] == "/sso/lib/xyz.bundle.min.js"),
        "{asked:?}"
    );
}

#[test]
fn terms_that_change_each_time_are_followed_once() {
    let (standin, ran) = lied_to(&json!({"alternating": true}));
    ran.exits(9);
    assert_eq!(actions(&standin), ["INIT", "INIT"]);
    sent(&standin, 0, 0);
}

#[test]
fn only_the_first_eight_characters_count_where_the_server_says_so() {
    let standin = Standin::serve();
    standin.set(&json!({"login": {"short_passwords": true}}));
    let longer = record("testuser01", "Correct-and-whatever", None, "live");
    directly(&standin).stdin(longer).run().exits(0);
}

#[test]
fn the_second_factors_are_read_in_both_shapes() {
    for as_text in [false, true] {
        let standin = Standin::serve();
        standin.set(&json!({"login": {"factors_as_text": as_text}}));
        let both = record("choiceuser", "Correct-Horse4", Some(SEED), "live");
        let ran = directly(&standin).stdin(both).run().exits(0);
        assert_eq!(ran.report()["second_factor"], "totp", "{}", ran.all());
        assert_eq!(standin.truth()["pushes"], 0);
    }
    // In JSON, where there is nothing to give.
    for as_text in [false, true] {
        let standin = Standin::serve();
        standin.set(&json!({"login": {"factors_as_text": as_text}}));
        let neither = record("choiceuser", "Correct-Horse4", None, "live");
        let ran = directly(&standin).stdin(neither).run().exits(6);
        let text = "offered: IB Key (5.2a), Mobile Authenticator App (4)";
        assert_eq!(ran.report()["page_text"], text, "{}", ran.all());
        assert_eq!(standin.truth()["pushes"], 0);
    }
}

#[test]
fn an_error_is_reported_in_ibkrs_words_without_the_username() {
    for (action, text, exit, reason) in [
        ("INIT", "Authentication failed", 4, "wrong_credentials"),
        ("INIT", "Something new for testuser01", 4, "unknown_error"),
        ("COMPLETEAUTH", "Your account is locked", 4, "locked"),
        ("COMPLETEAUTH", "Something\nnew", 4, "unknown_error"),
    ] {
        let standin = Standin::serve();
        let body = json!({"error": text, "M2": null});
        standin.set(&json!({"answers": [{"path": "/sso/Authenticator", "action": action, "status": 200, "body": body}]}));
        let state = TempDir::new().expect("a folder");
        let run = || directly(&standin).state(state.path()).stdin(plain()).run();
        let ran = run().exits(exit);
        assert_eq!(ran.report()["reason"], reason, "{text}: {}", ran.all());
        let told = ran.report()["page_text"].to_string();
        assert!(
            !told.contains("testuser01") && !told.contains("\\n"),
            "{}",
            ran.all()
        );
        let asked = actions(&standin).len();
        run().exits(11);
        assert_eq!(
            actions(&standin).len(),
            asked,
            "held, whatever step refused"
        );
    }
}

#[test]
fn a_username_of_the_other_mode_is_reported_in_ibkrs_words() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let run = |mode: &str, more: &[&str]| {
        let tool = directly(&standin).state(state.path()).args(more);
        tool.stdin(record("paperuser", "Correct-Horse3", None, mode))
            .run()
    };
    let ran = run("live", &[]).exits(4);
    let report = ran.report();
    assert_eq!(report["reason"], "paper_needed", "{}", ran.all());
    assert!(
        report["page_text"]
            .to_string()
            .contains("select the correct Login mode"),
        "{}",
        ran.all()
    );
    sent(&standin, 1, 0);
    run("paper", &[]).exits(11);
    run("paper", &["--force-after-hold"]).exits(0);
}

#[test]
fn a_live_username_that_is_said_to_be_for_paper_may_log_in() {
    // Beyond its name, the meaning of the flag is not published.
    let (_standin, ran) = lied_to(&json!({"paper": true}));
    assert_eq!(ran.exits(0).report()["mode"], "live");
}

#[test]
fn only_the_exact_text_is_a_success() {
    for body in [
        "Client login succeeds.",
        "client login succeeds",
        "",
        "<html></html>",
    ] {
        let standin = Standin::serve();
        let lie = json!({"path": "/sso/Dispatcher", "status": 200, "body": body});
        standin.set(&json!({"answers": [lie]}));
        let ran = directly(&standin).stdin(plain()).run().exits(9);
        assert_eq!(
            ran.report()["reason"],
            "unknown_page",
            "{body:?}: {}",
            ran.all()
        );
        assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
    }
}

#[test]
fn wrong_credentials_are_sent_once_and_hold() {
    for seed in [None, Some(SEED)] {
        let standin = Standin::serve();
        let wrong = record("totpuser", "Wrong-Horse9", seed, "live");
        let ran = directly(&standin)
            .stdin(wrong)
            .run()
            .exits(4)
            .never_shows("Wrong-Horse9");
        assert_eq!(ran.report()["reason"], "wrong_credentials", "{}", ran.all());
        sent(&standin, 1, 0);
    }
}
