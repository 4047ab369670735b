//! Logging in without a browser: what is sent, what is kept, what is reported.

use super::*;

#[test]
fn logs_a_paper_username_in_as_the_page_does() {
    let standin = Standin::serve();
    let ran = directly(&standin)
        .stdin(record("paperuser", "Correct-Horse3", None, "paper"))
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let report = ran.report();
    for (key, value) in [
        ("state", json!("ready")),
        ("how", json!("direct")),
        ("mode", json!("paper")),
        ("second_factor", json!(null)),
        ("authenticated", json!(true)),
        ("submissions", json!(1)),
        ("failures_left", json!(3)),
        ("warnings", json!(["ledger_begun"])),
    ] {
        assert_eq!(report[key], value, "{key}: {}", ran.all());
    }
    ran.never_shows("Correct-Horse3");
    sent(&standin, 1, 0);
    assert_eq!(standin.truth()["mode"], "paper");
    let [.., init, prove] = &bodies_of(&standin, "/sso/Authenticator")[..] else {
        panic!("{:?}", standin.requests());
    };
    let names = |body: &str| {
        fields(body)
            .into_iter()
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(init),
        ["ACTION", "USER", "A", "RESP_TYPE", "LOGIN_TYPE", "SERVICE"]
    );
    assert!(fields(init).contains(&("LOGIN_TYPE".to_owned(), "2".to_owned())));
    assert_eq!(
        names(prove),
        [
            "ACTION",
            "USER",
            "RESP_TYPE",
            "LOGIN_TYPE",
            "VERSION",
            "M1",
            "EKX"
        ]
    );
    assert_eq!(
        bodies_of(&standin, "/sso/Dispatcher"),
        ["loginType=2&forwardTo=22"]
    );
}

#[test]
fn a_login_that_leads_back_to_the_form_is_sent_back() {
    // Voyz/ibeam#134, #257.
    for version in ["v1", "v2"] {
        let standin = Standin::serve();
        standin.set(&json!({"page": {"version": version, "after": "login"}}));
        let ran = directly(&standin).stdin(plain()).run().exits(9);
        assert_eq!(ran.report()["reason"], "sent_back", "{}", ran.all());
        assert_eq!(ran.report()["failures_left"], 2, "{}", ran.all());
        sent(&standin, 1, 0);
    }
}

#[test]
fn the_ledger_names_the_way() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let run = |words: &[&str]| {
        let tool = directly(&standin).state(state.path()).args(words);
        tool.stdin(plain()).run().exits(0)
    };
    run(&[]);
    let ran = run(&["--status"]);
    let row = &ran.report()["submissions"][0];
    assert_eq!(
        (&row["method"], &row["outcome"]),
        (&json!("direct"), &json!("succeeded")),
        "{}",
        ran.all()
    );
}

#[test]
fn logs_a_live_username_without_a_second_factor_in() {
    let standin = Standin::serve();
    let ran = directly(&standin).stdin(plain()).run().exits(0);
    assert_eq!(ran.report()["how"], "direct", "{}", ran.all());
    assert_eq!(standin.truth()["mode"], "live");
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
}

#[test]
fn logs_a_live_username_in_with_a_code_as_older_clients_do() {
    let standin = Standin::serve();
    let ran = directly(&standin)
        .args(["-v"])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .run()
        .exits(0)
        .never_shows("Correct-Horse2")
        .never_shows(SEED);
    assert_eq!(ran.report()["second_factor"], "totp", "{}", ran.all());
    sent(&standin, 1, 1);
    assert_eq!(
        actions(&standin),
        ["INIT", "COMPLETEAUTH", "COMPLETEAUTH_1", "COMPLETETWOFACT"]
    );
    let forms = bodies_of(&standin, "/sso/Authenticator");
    assert!(
        forms
            .iter()
            .all(|form| form.contains("APP_NAME=&") && !form.contains("RESP_TYPE")),
        "{forms:?}"
    );
    let last = bodies_of(&standin, "/sso/Dispatcher").remove(0);
    assert!(
        last.starts_with("user_name=totpuser&password=xxxx"),
        "{last}"
    );
    let cookie = session_cookie(&standin);
    assert!(
        !ran.stderr.contains(&cookie),
        "a cookie is in a log: {}",
        ran.all()
    );
}

/// The session's cookie, as the Dispatcher was sent it.
fn session_cookie(standin: &Standin) -> String {
    let asked = standin.requests();
    let dispatched = asked
        .iter()
        .find(|asked| asked["path"] == "/sso/Dispatcher")
        .unwrap_or_else(|| panic!("{asked:?}"));
    let cookies = dispatched["headers"]["cookie"].as_str().unwrap_or_default();
    let found = cookies
        .split("; ")
        .find_map(|cookie| cookie.strip_prefix("XYZAB="));
    found.unwrap_or_else(|| panic!("{cookies}")).to_owned()
}

#[test]
fn chooses_nothing_where_there_is_nothing_to_give() {
    let standin = Standin::serve();
    let ran = directly(&standin)
        .stdin(record("totpuser", "Correct-Horse2", None, "live"))
        .run()
        .exits(6);
    assert_eq!(ran.report()["reason"], "no_seed", "{}", ran.all());
    assert_eq!(actions(&standin), ["INIT", "COMPLETEAUTH"]);
}

#[test]
fn folds_the_username_to_lower_case_and_says_so() {
    let standin = Standin::serve();
    let ran = directly(&standin)
        .stdin(record("TestUser01", "Correct-Horse1", None, "live"))
        .run()
        .exits(0);
    assert_eq!(
        ran.report()["warnings"],
        json!(["username_folded", "ledger_begun"]),
        "{}",
        ran.all()
    );
    for body in bodies_of(&standin, "/sso/Authenticator") {
        assert!(body.contains("USER=testuser01&"), "{body}");
    }
}

#[test]
fn sends_the_password_as_it_is_whatever_is_in_it() {
    let standin = Standin::serve();
    let password = "pä ss&w=o%r+d\"\\<\u{1f600}";
    standin
        .set(&json!({"users": [{"username": "odd.user-1", "password": password, "mode": "live"}]}));
    directly(&standin)
        .stdin(record("odd.user-1", password, None, "live"))
        .run()
        .exits(0);
    sent(&standin, 1, 0);
}

#[test]
fn is_the_same_browser_to_ibkr_each_day_and_another_for_each_username() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let id_of = |login_record: String| {
        standin.make("reset", &json!({}));
        directly(&standin)
            .state(state.path())
            .stdin(login_record)
            .run()
            .exits(0);
        let asked = standin.requests();
        let cookies: Vec<_> = asked
            .iter()
            .filter(|asked| asked["part"] == "gateway" && asked["path"] == "/sso/Authenticator")
            .filter_map(|asked| asked["headers"]["cookie"].as_str())
            .collect();
        let id = |line: &&str| {
            line.split("; ")
                .find_map(|cookie| cookie.strip_prefix("SBID=").map(str::to_owned))
        };
        let ids: Vec<_> = cookies.iter().map(id).collect();
        assert!(
            ids.iter().all(|id| id.is_some() && *id == ids[0]),
            "{cookies:?}"
        );
        ids[0].clone()
    };
    let first = id_of(plain());
    assert_eq!(id_of(plain()), first);
    assert_ne!(
        id_of(record("paperuser", "Correct-Horse3", None, "paper")),
        first
    );
    let folder = state.path().join("browser-id");
    for file in fs::read_dir(folder).expect("a folder").flatten() {
        let about = file.metadata().expect("it is there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{file:?}");
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(name.len() == 64 && !name.contains("user"), "{name}");
    }
}

#[test]
fn sends_the_cookies_of_the_login_where_their_paths_say() {
    let standin = Standin::serve();
    directly(&standin).stdin(plain()).run().exits(0);
    for asked in standin.requests() {
        if asked["part"] != "gateway" {
            continue;
        }
        let cookies = asked["headers"]["cookie"].as_str().unwrap_or_default();
        let path = asked["path"].as_str().unwrap_or_default();
        let is_below_sso = path == "/sso/Authenticator" || path == "/sso/Dispatcher";
        assert_eq!(cookies.contains("JSESSIONID="), is_below_sso, "{asked}");
        assert_eq!(
            cookies.contains("XYZAB="),
            path == "/sso/Dispatcher",
            "{asked}"
        );
    }
}

#[test]
fn leaves_no_secret_in_a_process_a_stream_or_a_file() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    let (mut child, folder) = directly(&standin)
        .state(state.path())
        .args(["-v"])
        .stdin(record("totpuser", "Correct-Horse2", Some(SEED), "live"))
        .spawn();
    while child.try_wait().expect("it can be asked").is_none() {
        for secret in ["Correct-Horse2", SEED] {
            assert_eq!(processes_with(secret), Vec::<String>::new());
            assert_eq!(
                crate::support::environments_with(secret),
                Vec::<String>::new()
            );
        }
    }
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::from_output("ibgw-login -v".to_owned(), output).exits(0);
    let cookie = session_cookie(&standin);
    for secret in ["Correct-Horse2", SEED, &cookie] {
        assert!(
            !ran.stdout.contains(secret) && !ran.stderr.contains(secret),
            "{}",
            ran.all()
        );
        let found = std::process::Command::new("grep")
            .args(["-rlF", secret])
            .args([state.path(), folder.path()])
            .output()
            .expect("grep runs");
        assert!(
            found.stdout.is_empty(),
            "{:?}",
            String::from_utf8_lossy(&found.stdout)
        );
    }
}
