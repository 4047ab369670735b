//! `from-ibeam` with files that are not a list of variables, or that two programs read differently: no setting is lost.

use super::ibeam::{has, only};
use super::{MARKER, put, tool};
use crate::support::Ran;

fn from(settings: &str) -> Ran {
    let tool = tool();
    put(tool.folder.path(), "env.list", settings);
    tool.args(["from-ibeam", "env.list"]).run()
}

#[track_caller]
fn is_refused(settings: &str, sentence: &str) {
    let ran = from(settings).exits(6).is_silent_on_stdout();
    let ran = ran.never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(message.contains("env.list"), "{}", ran.all());
    assert!(
        message.contains(sentence),
        "{sentence}: {settings}\n{}",
        ran.all()
    );
}

/// Every line says paper. A set-up without it would log a paper user in to live (Voyz/ibeam#207, #160).
#[test]
fn refuses_each_form_that_it_does_not_read_and_says_what_it_is() {
    let account = format!("IBEAM_ACCOUNT=trader1\nIBEAM_PASSWORD={MARKER}\n");
    for (line, form) in [
        // docker/compose#9879.
        (
            "IBEAM_USE_PAPER_ACCOUNT = true",
            "it has blanks beside its name",
        ),
        (
            "IBEAM_USE_PAPER_ACCOUNT\t=true",
            "it has blanks beside its name",
        ),
        (
            "export IBEAM_USE_PAPER_ACCOUNT =true",
            "it has blanks beside its name",
        ),
        ("IBEAM_USE_PAPER_ACCOUNT: true", "it is YAML or JSON"),
        (
            "      IBEAM_USE_PAPER_ACCOUNT: \"True\"",
            "it is YAML or JSON",
        ),
        ("    - IBEAM_USE_PAPER_ACCOUNT=true", "it is YAML or JSON"),
        (
            "    - \"IBEAM_USE_PAPER_ACCOUNT=true\"",
            "it is YAML or JSON",
        ),
        (
            "        - name: IBEAM_USE_PAPER_ACCOUNT",
            "it is YAML or JSON",
        ),
        (
            "{\"name\": \"IBEAM_USE_PAPER_ACCOUNT\", \"value\": \"true\"}",
            "it is YAML or JSON",
        ),
        (
            "environment: {IBEAM_USE_PAPER_ACCOUNT: true}",
            "it is YAML or JSON",
        ),
        (
            "-e IBEAM_USE_PAPER_ACCOUNT=true",
            "it is a part of a docker command",
        ),
        (
            "  --env IBEAM_USE_PAPER_ACCOUNT=true \\",
            "it is a part of a docker command",
        ),
        (
            "docker run -e IBEAM_USE_PAPER_ACCOUNT=true voyz/ibeam",
            "it is a part of a docker command",
        ),
        (
            "ENV IBEAM_USE_PAPER_ACCOUNT=true",
            "it is a line of a Dockerfile",
        ),
        (
            "ENV IBEAM_USE_PAPER_ACCOUNT true",
            "it is a line of a Dockerfile",
        ),
        (
            "env IBEAM_USE_PAPER_ACCOUNT=true",
            "it is a line of a Dockerfile",
        ),
        (
            "set IBEAM_USE_PAPER_ACCOUNT=true",
            "it is a command of Windows",
        ),
        (
            "SETX IBEAM_USE_PAPER_ACCOUNT true",
            "it is a command of Windows",
        ),
        (
            "$env:IBEAM_USE_PAPER_ACCOUNT = \"true\"",
            "it is a command of Windows",
        ),
        (
            "Environment=IBEAM_USE_PAPER_ACCOUNT=true",
            "it has another setting behind the first =",
        ),
        (
            "Environment=\"IBEAM_USE_PAPER_ACCOUNT=true\"",
            "it has another setting behind the first =",
        ),
        (
            "declare -x IBEAM_USE_PAPER_ACCOUNT=\"true\"",
            "it is of another form",
        ),
        (
            "os.environ[\"IBEAM_USE_PAPER_ACCOUNT\"] = \"true\"",
            "it is of another form",
        ),
        (
            "ibeam_use_paper_account=true",
            "its name has letters in lower case",
        ),
        (
            "Ibeam_Use_Paper_Account=true",
            "its name has letters in lower case",
        ),
        (
            "IBEAM_USE_PAPER_Account=true",
            "its name has letters in lower case",
        ),
        ("IBEAM-USE-PAPER-ACCOUNT=true", "it is of another form"),
        (
            "\u{a0}IBEAM_USE_PAPER_ACCOUNT=true",
            "it has blanks beside its name",
        ),
        (
            "IBEAM_LOG_LEVEL=INFO IBEAM_USE_PAPER_ACCOUNT=true",
            "it has another setting behind the first =",
        ),
        (
            "IBEAM_LOG_LEVEL=INFO; export IBEAM_USE_PAPER_ACCOUNT=true",
            "it has another setting behind the first =",
        ),
        (
            "IBEAM_LOG_LEVEL=INFO\rIBEAM_USE_PAPER_ACCOUNT=true",
            "it has another setting behind the first =",
        ),
        ("IBEAM_LOG_LEVEL=INFO \\", "it goes on in the next line"),
    ] {
        is_refused(
            &format!("{account}{line}\n"),
            &format!("line 3 has a setting in a form that is not read (line 3: {form}"),
        );
    }
}

#[test]
fn names_the_lines_and_what_to_do() {
    let all = "services:\n  ibeam:\n    environment:\n      IBEAM_ACCOUNT: trader1\n      IBEAM_PASSWORD: x\n";
    is_refused(all, "lines 4 and 5 have a setting");
    is_refused(all, "docker exec CONTAINER env");
    is_refused(
        &"IBEAM_LOG_LEVEL = x\n".repeat(9),
        "lines 1, 2, 3, 4, 5 and 4 more have a setting",
    );
}

#[test]
fn refuses_to_go_on_from_nothing() {
    for settings in [
        "",
        "\n",
        "FOO=bar\n",
        "# IBEAM_ACCOUNT=trader1\n",
        "MY_IBEAM_X=1\nPATH=/opt/ibeam_x:/bin\n",
    ] {
        is_refused(settings, "no name begins with IBEAM_");
    }
    let ran = tool()
        .args(["from-ibeam"])
        .run()
        .exits(6)
        .is_silent_on_stdout();
    assert!(
        ran.stderr.contains("from the environment: no name"),
        "{}",
        ran.all()
    );
}

/// The output has a line for each setting that it drops.
#[test]
fn says_which_settings_are_set_to_nothing_and_which_more_than_once() {
    let settings =
        "IBEAM_LOG_LEVEL=\nIBEAM_GATEWAY_DIR\nIBEAM_MAX_FAILED_AUTH=2\nIBEAM_MAX_FAILED_AUTH=3\n";
    let text = only(settings, "variables");
    has(
        &text,
        &[
            "# IBEAM_LOG_LEVEL: is set to nothing, so it counts as not set\n",
            "# IBEAM_GATEWAY_DIR: has its value in the environment, and is not there",
            "# IBEAM_MAX_FAILED_AUTH: --max-failures of ibgw-login, ",
            "it is set more than once, and the last value counts\n",
        ],
    );
}

/// Compose makes `Pa$w0rd` of `Pa$$w0rd #1` (Voyz/ibeam#236, docker/compose#12174); docker run takes the value
/// literally.
#[test]
fn says_of_a_secret_that_docker_run_and_compose_read_differently() {
    let note = "# docker run and Compose read this line differently";
    for (value, is_noted) in [
        ("Pa$$w0rd #1", true),
        ("Pa$$w0rd", true),
        ("word #1", true),
        ("word\t#1", true),
        ("#word", true),
        ("word ", true),
        (" word", true),
        ("'word'", true),
        ("\"word\"", true),
        ("word", false),
        ("wo#rd", false),
        ("wo\"rd'", false),
        ("wo rd=\\", false),
        ("wörd\r", false),
    ] {
        let text = only(&format!("IBEAM_PASSWORD={value}\n"), "commands");
        assert_eq!(text.contains(note), is_noted, "{value:?}: {text}");
    }
    // A variable of the environment has one value for all programs.
    let ran = tool()
        .env("IBEAM_PASSWORD", "Pa$$w0rd #1")
        .args(["from-ibeam"])
        .run()
        .exits(0);
    assert!(!ran.stdout.contains(note), "{}", ran.all());
}

#[test]
fn reads_tabs_line_ends_of_windows_and_a_shells_export() {
    let settings = "\tIBEAM_LOG_LEVEL=INFO\r\nexport\tIBEAM_USE_PAPER_ACCOUNT=True\r\n\r\n";
    let text = only(settings, "commands");
    has(&text, &["ibgw-login --mode paper\n"]);
    let marked = format!("\u{feff}{settings}");
    is_refused(&marked, "begins with a byte order mark");
}
