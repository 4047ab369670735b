//! The record, from parts and from a whole login.

use super::{MARKER, SEED, tool, tool_with};

#[test]
fn prints_every_key_of_the_record() {
    let ran = tool_with(&[("name", "trader\n"), ("word", "p\"a\\ss wörd\n")])
        .args(["--username", "file:name", "--password", "file:word"])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let expected = "{\"schema\":\"ibgw-secret/1\",\"username\":\"trader\",\"password\":\"p\\\"a\\\\ss wörd\",\
                    \"totp_seed\":null,\"mode\":null,\"second_factor\":null,\"jts_second_factor\":null}\n";
    assert_eq!(ran.stdout, expected, "{}", ran.all());
}

#[test]
fn reads_its_own_record_back() {
    let record = format!(
        "{{\"schema\":\"ibgw-secret/1\",\"username\":\"trader\",\"password\":\"word\",\"totp_seed\":\"{SEED}\",\
         \"mode\":\"paper\",\"second_factor\":\"Mobile Authenticator App\",\"jts_second_factor\":\"abc\"}}\n"
    );
    let ran = tool()
        .args(["--login", "-"])
        .stdin(record.clone())
        .run()
        .exits(0);
    assert_eq!(ran.stdout, record, "{}", ran.all());
}

#[test]
fn takes_a_path_for_a_whole_login_and_lets_parts_go_before_it() {
    let ran = tool_with(&[
        (
            "login.json",
            r#"{"username":"trader","password":"old","mode":"live"}"#,
        ),
        ("word", "new"),
    ])
    .args([
        "--login",
        "login.json",
        "--password",
        "file:word",
        "--mode",
        "paper",
    ])
    .run()
    .exits(0);
    let report = ran.report();
    assert_eq!(report["password"], "new", "{}", ran.all());
    assert_eq!(report["mode"], "paper", "{}", ran.all());
}

#[test]
fn refuses_a_login_it_cannot_use_and_shows_nothing_of_it() {
    let cases = [
        (
            format!("{MARKER}\n"),
            "not one JSON object: it is not JSON (line 1, column 1)",
        ),
        (format!("[\"{MARKER}\"]"), "not one JSON object"),
        (format!("\"{MARKER}\""), "not one JSON object"),
        (
            format!(r#"{{"username":"a","password":"{MARKER}""#),
            "not one JSON object",
        ),
        (
            format!(r#"{{"username":"a","password":["{MARKER}"]}}"#),
            "password is neither a string nor null",
        ),
        (
            format!(r#"{{"username":"a","passwrod":"{MARKER}"}}"#),
            "unknown key passwrod",
        ),
        (
            format!(r#"{{"username":"a","{MARKER} ":1}}"#),
            "unknown key that is like none of them",
        ),
        (
            format!(r#"{{"password":"{MARKER}","password":"b"}}"#),
            "the key password twice",
        ),
        (
            format!(r#"{{"username":"a","password":"{MARKER}","mode":"{MARKER}"}}"#),
            "neither live nor paper",
        ),
        (
            format!(r#"{{"username":"a","password":"{MARKER}\nb"}}"#),
            "a line end inside",
        ),
        (
            format!(r#"{{"username":"","password":"{MARKER}"}}"#),
            "username is empty",
        ),
        (
            format!(r#"{{"username":"a","password":"{MARKER}","schema":"ibgw-secret/2"}}"#),
            "schema is not ibgw-secret/1",
        ),
        (
            format!(r#"{{"username":null,"password":"{MARKER}"}}"#),
            "the username is not given",
        ),
        (String::new(), "it is empty"),
        (
            format!("\u{feff}{{\"username\":\"a\",\"password\":\"{MARKER}\"}}"),
            "it begins with a byte order mark",
        ),
        (
            r#"{"schema":"ib-error/1","message":"the first program says why"}"#.to_owned(),
            "the first program says why",
        ),
    ];
    for (login, sentence) in cases {
        let ran = tool().args(["--login", "-"]).stdin(login).run().exits(6);
        let ran = ran.is_silent_on_stdout().never_shows(MARKER);
        let message = ran.error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
}

#[test]
fn says_which_flag_gives_what_is_missing() {
    let ran = tool_with(&[("name", "trader")])
        .args(["--username", "file:name"])
        .run()
        .exits(6);
    let ran = ran.is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("--password REF"), "{}", ran.all());
}

#[test]
fn never_repeats_a_secret_given_in_place_of_a_reference() {
    for flag in [
        "--username",
        "--password",
        "--totp-seed",
        "--key",
        "--passphrase",
    ] {
        tool()
            .args([flag, MARKER])
            .run()
            .exits(2)
            .is_silent_on_stdout()
            .never_shows(MARKER);
    }
    tool()
        .args(["get", MARKER])
        .run()
        .exits(2)
        .is_silent_on_stdout()
        .never_shows(MARKER);
    tool()
        .env("IBGW_PASSWORD", MARKER)
        .run()
        .exits(2)
        .is_silent_on_stdout()
        .never_shows(MARKER);
    let login = format!("{{\"password\":\"{MARKER}\"}}");
    tool()
        .args(["--login", &login])
        .run()
        .exits(2)
        .is_silent_on_stdout()
        .never_shows(MARKER);
}

#[test]
fn refuses_flags_that_contradict_each_other() {
    for args in [
        &["--login", "a", "--dir", "b"][..],
        &["--mode", "both"],
        &["--timeout", "30"],
        &["--key-passphrase", "file:a"],
        &["--key", "pgp:a"],
        &["--dir", "a", "get", "file:b"],
        &["get"],
        &["get", "file:a", "--dir", "b"],
        &["get", "gcp:p/s"],
        &["get", "keyring:ibkr"],
        &["from-ibeam", "--only", "everything"],
        &["get", "pgp:a", "--unknown"],
        &["seal", "--out", "a"],
        &["seal", "--recipient", "a"],
    ] {
        let ran = tool().args(args).run().exits(2).is_silent_on_stdout();
        assert_eq!(ran.error()["error"], "usage", "{}", ran.all());
    }
}
