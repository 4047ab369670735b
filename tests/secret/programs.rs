//! `cmd:` with the programs that people keep passwords in, and what they say on stderr.

use super::{MARKER, put, tool, tool_with};
use crate::support::gnupg::{Gnupg, Kind};
use crate::support::{Ran, Tool};
use std::process::Command;

#[test]
fn reads_a_password_from_pass() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let store = tempfile::TempDir::new().expect("a temporary folder can be made");
    let pass = |words: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", words]).env("MARKER", MARKER);
        let shell = shell
            .env("GNUPGHOME", gpg.path())
            .env("PASSWORD_STORE_DIR", store.path());
        let output = shell.output().expect("a shell runs");
        Ran::from_output(words.to_owned(), output).exits(0)
    };
    pass("pass init trader");
    pass("echo \"$MARKER\" | pass insert --echo ibkr/password");
    let get = |name: &str| {
        let tool = tool()
            .env("GNUPGHOME", gpg.path())
            .env("PASSWORD_STORE_DIR", store.path());
        tool.args(["get", &format!("cmd:pass show {name}")]).run()
    };
    let ran = get("ibkr/password").exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
    let ran = get("ibkr/nowhere").exits(6).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("ended with status 1 (it said: Error: … is not in the password store.)"),
        "{}",
        ran.all()
    );
}

#[test]
fn reads_a_password_from_age() {
    let tool = tool();
    let script = format!(
        "age-keygen --output key 2>&1 && age --recipient \"$(age-keygen -y key)\" --output word.age <<E\n{MARKER}\nE"
    );
    super::shell(tool.folder.path(), &script).exits(0);
    let get = "cmd:age --decrypt --identity key word.age";
    let ran = tool.args(["get", get]).run().exits(0).is_silent_on_stderr();
    assert_eq!(ran.stdout, format!("{MARKER}\n"), "{}", ran.all());
}

#[test]
fn repeats_of_what_a_program_says_only_what_is_no_secret() {
    let tool = || tool_with(&[("word", MARKER)]);
    let said = "no key fits: tried correct-horse-9 and";
    let fails = format!("cmd:sh -c 'cat word; echo {said} $(cat word) >&2; exit 3'");
    let ran = tool()
        .args(["get", &fails])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    let ran = ran.never_shows(MARKER).never_shows("horse");
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("status 3 (it said: no key fits: tried … and …)"),
        "{}",
        ran.all()
    );
    let works = format!("cmd:sh -c 'cat word; echo {said} $(cat word) >&2'");
    tool()
        .args(["get", &works])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let ran = tool().args(["get", "-v", &works]).run().exits(0);
    assert!(ran.stderr.contains("tried … and …"), "{}", ran.all());
    assert!(
        !ran.stderr.contains(MARKER) && !ran.stderr.contains("horse"),
        "{}",
        ran.all()
    );
}

/// What our own tool says has no secret in it, and is what helps: in a container it is all that the log has.
#[test]
fn passes_on_what_a_tool_of_ours_says() {
    let secret = crate::support::binary("ibgw-secret");
    let asking = |rest: &str| format!("cmd:{} {rest}", secret.display());
    let whole = "it said: ibgw-secret: reading the value from file:/run/secrets/nowhere: No such file or directory";
    for tool in [
        // IB_ERRORS of the caller changes nothing.
        tool().env("IB_ERRORS", "text"),
        tool().env("IB_ERRORS", "json"),
    ] {
        let ran = tool
            .args(["get", &asking("get file:/run/secrets/nowhere")])
            .run();
        let ran = ran.exits(6).is_silent_on_stdout();
        assert!(ran.stderr.contains(whole), "{}", ran.all());
    }
    let words = format!(
        "cmd:sh -c \"{} get file:/run/secrets/nowhere -v\"",
        secret.display()
    );
    let ran = tool().args(["get", &words]).run().exits(6);
    assert!(ran.stderr.contains(whole), "{}", ran.all());
    let login = Tool::new("ibgw-login").args(["--url", "https://127.0.0.1:1", "--status"]);
    let record = asking("--username file:nowhere --password file:nowhere");
    let ran = login.args(["--login", &record]).run().exits(6);
    assert!(
        ran.stderr
            .contains("ibgw-secret: reading the username from file:nowhere"),
        "{}",
        ran.all()
    );
}

#[test]
fn passes_on_nothing_that_only_looks_like_a_tool_of_ours() {
    let line = |tool: &str, error: &str| {
        format!(
            "{{\"schema\":\"ib-error/1\",\"tool\":\"{tool}\",\"error\":\"{error}\",\"exit\":6,\"retry\":false,\
             \"retry_after_seconds\":null,\"message\":\"{MARKER}\"}}\n"
        )
    };
    for (printed, said) in [
        ("", line("gpg", "config")),
        ("", line("ibgw-secret", "secrets")),
        ("word", line("ibgw-secret", "config")),
    ] {
        let tool = tool_with(&[("printed", printed), ("said", &said)]);
        let fails = "cmd:sh -c 'cat printed; cat said >&2; exit 6'";
        let ran = tool.args(["get", fails]).run().exits(6);
        ran.is_silent_on_stdout().never_shows(MARKER);
    }
}

#[test]
fn a_program_may_say_as_much_as_it_likes() {
    let talks = "cmd:sh -c 'head -c 3000000 /dev/zero | tr \"\\0\" x >&2; echo word'";
    let ran = tool()
        .args(["get", talks])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(ran.stdout, "word\n");
    // A process that holds stderr open delays nothing.
    let stays = "cmd:sh -c 'setsid sleep 60 & echo word'";
    let ran = tool().args(["get", stays, "--timeout", "10s"]).run();
    assert_eq!(ran.exits(0).stdout, "word\n");
}

#[test]
fn a_record_comes_whole_or_not_at_all() {
    let tool = tool();
    put(tool.folder.path(), "word", MARKER);
    // The seed is the last that is read, and the rest is there by then.
    let args = [
        "--username",
        "file:word",
        "--password",
        "file:word",
        "--totp-seed",
        "cmd:false",
    ];
    tool.args(args)
        .run()
        .exits(6)
        .is_silent_on_stdout()
        .never_shows(MARKER);
}
