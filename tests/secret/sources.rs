//! Every kind of reference, good and bad.

use super::{MARKER, shell, tool, tool_with};
use std::fs;
use std::process::Command;

#[test]
fn reads_each_kind_of_reference() {
    let read = |reference: &str| {
        let tool = tool_with(&[("word", "from a file\n")]);
        let credentials = tool.folder.path().to_owned();
        tool.args(["get", reference])
            .env("CREDENTIALS_DIRECTORY", credentials)
            .env("HERE", "from the environment")
            .stdin("from stdin\n")
            .run()
            .exits(0)
            .is_silent_on_stderr()
            .stdout
    };
    assert_eq!(read("file:word"), "from a file\n");
    assert_eq!(read("cred:word"), "from a file\n");
    assert_eq!(read("env:HERE"), "from the environment\n");
    assert_eq!(read("cmd:cat word"), "from a file\n");
    assert_eq!(read("cmd:printf '%s' 'a  b$HERE'"), "a  b$HERE\n");
    assert_eq!(read("-"), "from stdin\n");
}

#[test]
fn reads_a_descriptor_that_the_caller_opened() {
    let tool = tool_with(&[("word", "from a file\n")]);
    let folder = tool.folder.path();
    let file = shell(folder, "exec 3<word; exec \"$0\" get fd:3")
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(file.stdout, "from a file\n");
    let pipe = shell(
        folder,
        "echo from a pipe | { exec 4<&0; exec \"$0\" get fd:4 </dev/null; }",
    )
    .exits(0);
    assert_eq!(pipe.stdout, "from a pipe\n");
    shell(folder, "exec \"$0\" get fd:9")
        .exits(6)
        .is_silent_on_stdout();
}

#[test]
fn warns_of_a_secret_in_the_environment() {
    let ran = tool()
        .args(["get", "-v", "env:HERE"])
        .env("HERE", MARKER)
        .run()
        .exits(0);
    assert!(
        ran.stderr.contains("\"event\":\"secret_in_environment\""),
        "{}",
        ran.all()
    );
    assert!(!ran.stderr.contains(MARKER), "{}", ran.all());
}

#[test]
fn reads_stdin_once() {
    let args = ["--username", "-", "--password", "-"];
    let ran = tool()
        .args(args)
        .stdin(MARKER)
        .run()
        .exits(2)
        .is_silent_on_stdout()
        .never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("stdin can be read only once (give the other secret as file: or cmd:)"),
        "{}",
        ran.all()
    );
}

#[test]
fn says_what_is_wrong_with_a_place() {
    for (reference, exit, sentence) in [
        ("file:nowhere", 6, "No such file"),
        ("file:.", 6, "it is a directory (name a file in it)"),
        ("env:NOWHERE", 6, "the variable is not set"),
        ("cred:word", 6, "CREDENTIALS_DIRECTORY is not set"),
        (
            "cmd:no-such-program-here",
            5,
            "no-such-program-here is not installed",
        ),
        ("cmd:false", 6, "the program ended with status 1"),
        ("cmd:sh -c 'kill -9 $$'", 9, "the program died by signal 9"),
        ("cmd:true", 6, "it is empty"),
        ("-", 6, "it is empty"),
    ] {
        let ran = tool()
            .args(["get", reference])
            .run()
            .exits(exit)
            .is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
}

#[test]
fn ends_at_the_time_limit() {
    let fifo = tool();
    let made = Command::new("mkfifo")
        .arg(fifo.folder.path().join("fifo"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    let ran = fifo
        .args(["get", "file:fifo", "--timeout", "200ms"])
        .run()
        .exits(8)
        .is_silent_on_stdout();
    assert_eq!(ran.error()["error"], "timed_out", "{}", ran.all());

    let seen = tempfile::TempDir::new().expect("a temporary folder can be made");
    let note = seen.path().join("pid");
    let command = format!("cmd:sh -c 'echo $$ >{}; exec sleep 600'", note.display());
    // Long enough for a shell to start on a busy machine.
    let args = ["get", &command, "--timeout", "2s"];
    tool().args(args).run().exits(8).is_silent_on_stdout();
    let pid = fs::read_to_string(&note).expect("the program wrote its pid");
    let left = fs::read(format!("/proc/{}/cmdline", pid.trim())).unwrap_or_default();
    assert!(
        !left.starts_with(b"sleep"),
        "the program {pid} was left behind"
    );
}

#[test]
fn hides_passwords_from_the_programs_it_runs() {
    let tool = tool();
    let seen = tempfile::TempDir::new().expect("a temporary folder can be made");
    let list = seen.path().join("list");
    let script = format!(
        "cmd:sh -c 'cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/environ /proc/$PPID/cmdline | tr \"\\0\" \"\\n\" >{}; echo word'",
        list.display()
    );
    tool.args(["--username", "env:TRADER", "--password", &script])
        .env("TRADER", MARKER)
        .env("IBEAM_PASSWORD", MARKER)
        .env("TWS_PASSWORD", MARKER)
        .env("KEPT", "kept")
        .run()
        .exits(0);
    let list = fs::read_to_string(list).expect("the program wrote what it saw");
    assert!(list.contains("KEPT=kept"), "{list}");
    assert!(!list.contains(MARKER), "{list}");
}

#[test]
fn leaves_no_argument_or_variable_with_the_secret() {
    let tool = tool();
    let seen = tempfile::TempDir::new().expect("a temporary folder can be made");
    let list = seen.path().join("list");
    // The tool reads the password before the seed, so it is in memory while this program runs.
    let script = format!(
        "cmd:sh -c 'cat /proc/[0-9]*/cmdline | tr \"\\0\" \"\\n\" >{}; echo GEZDGNBVGY3TQOJQ'",
        list.display()
    );
    let login = format!("{{\"username\":\"trader\",\"password\":\"{MARKER}\"}}");
    tool.args(["--login", "-", "--totp-seed", &script])
        .stdin(login)
        .run()
        .exits(0);
    let list = fs::read_to_string(list).expect("the program wrote what it saw");
    assert!(list.contains("ibgw-secret"), "{list}");
    assert!(!list.contains(MARKER), "{list}");
}
