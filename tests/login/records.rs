//! The login record: where it is read, what is refused.

use super::*;

#[test]
fn an_invalid_record_is_refused_with_its_cause() {
    let standin = Standin::serve();
    for (input, words) in [
        (String::new(), "empty"),
        ("\n".to_owned(), "empty"),
        ("hunter2".to_owned(), "not a record of ibgw-secret/1"),
        (r#"{"schema":"ibgw-secret/2"}"#.to_owned(), "ibgw-secret/2"),
        (
            r#"{"schema":"ibgw-secret/1","username":"u","password":""}"#.to_owned(),
            "no password",
        ),
        (record("u", "hunter2\n", None, "live"), "no keyboard types"),
        (
            record("u", "hunter2\u{e007}", None, "live"),
            "no keyboard types",
        ),
        (record("u ", "hunter2", None, "live"), "blank"),
        (format!("{}{}", " ".repeat(2 << 20), plain()), "1 MiB"),
        (
            r#"{"schema":"ib-error/1","tool":"ibgw-secret","message":"no such key"}"#.to_owned(),
            "no such key",
        ),
    ] {
        let ran = login(&standin)
            .stdin(input)
            .run()
            .exits(6)
            .is_silent_on_stdout()
            .never_shows("hunter2");
        assert!(
            ran.error()["message"].to_string().contains(words),
            "{words}: {}",
            ran.all()
        );
    }
    sent(&standin, 0, 0);
}

#[test]
fn a_record_is_read_from_a_file_and_never_repeated() {
    let standin = Standin::serve();
    let tool = login(&standin);
    let file = tool.folder.path().join("record.json");
    fs::write(&file, plain()).expect("it can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it can be set");
    tool.args(["--login", "record.json"]).run().exits(0);
    standin.make("drop-session", &json!({}));
    for (source, exit) in [("missing.json", 6), (".", 6), ("fd:x", 2), (&*plain(), 2)] {
        let ran = login(&standin).args(["--login", source]).run().exits(exit);
        ran.is_silent_on_stdout()
            .never_shows("Correct-Horse1")
            .error();
    }
    sent(&standin, 1, 0);
}

#[test]
fn reads_the_record_away_so_that_its_writer_does_not_fail() {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    // More than a pipe holds: the writer would be killed if the tool did not read it.
    let ran = login(&standin)
        .stdin(vec![b' '; 500_000])
        .run_checking_stdin()
        .exits(0);
    assert_eq!(ran.report()["how"], "already", "{}", ran.all());
}
