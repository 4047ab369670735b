//! `from-ibeam`: IBeam's settings in, the same setup by our programs out, without any secret.

use super::{MARKER, put, tool};
use crate::man;
use crate::support::{Ran, Tool};

/// Every variable that IBeam 0.5.12 reads, and the two of 0.5.13, with a value of its kind.
pub(crate) const ALL: &str = include_str!("ibeam.list");

fn from(settings: &str, flags: &[&str]) -> Ran {
    let tool = tool();
    put(tool.folder.path(), "env.list", settings);
    let tool = tool.args(["from-ibeam", "env.list"]).args(flags);
    tool.run().exits(0).is_silent_on_stderr()
}

pub(crate) fn only(settings: &str, piece: &str) -> String {
    from(settings, &["--only", piece]).stdout
}

#[track_caller]
pub(crate) fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
}

#[test]
fn says_of_every_variable_what_became_of_it() {
    let text = only(ALL, "variables");
    let names = ALL.lines().filter_map(|line| line.split_once('='));
    for (name, _) in names {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("# {name}: ")));
        let line = line.unwrap_or_else(|| panic!("{name} is missing in\n{text}"));
        assert!(line.len() > name.len() + 12, "{line}");
        assert!(!line.contains(": is not known"), "{line}");
        assert!(!line.contains("by hand"), "{line}");
    }
    has(
        &text,
        &[
            "# IBEAM_ROUTE_TICKLE: has no meaning any more: the tools know the Gateway's endpoints",
            "# IBEAM_GATEWAY_PROCESS_MATCH: has no meaning any more: ibgw-start knows the process that it started",
            "# IBEAM_PYOTP_SECRET: a secret: a file totp_seed of its own",
        ],
    );
    let text = only("IBEAM_MAX_STATUS_CHECK_ATTEMPTS=3\nOTHER=1\n", "variables");
    has(&text, &["# IBEAM_MAX_STATUS_CHECK_ATTEMPTS: is not known"]);
    assert!(!text.contains("OTHER"), "{text}");
}

#[test]
fn every_flag_that_it_names_is_one_of_the_tool() {
    let mut seen = 0;
    for piece in ["commands", "unit", "compose"] {
        let text = only(ALL, piece);
        for tool in man::tools() {
            let flags = man::long_flags(&tool);
            for call in text.split(tool.get_name()).skip(1) {
                // The text behind the name, to the end of the command.
                let call = call.split(['\n', '|', ';', '&']).next().unwrap_or_default();
                for word in call
                    .split_whitespace()
                    .filter(|word| word.starts_with("--"))
                {
                    let flag = word
                        .trim_start_matches("--")
                        .split('=')
                        .next()
                        .unwrap_or_default();
                    assert!(
                        flags.contains(flag),
                        "{} has no {word}:\n{text}",
                        tool.get_name()
                    );
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn shows_no_value_that_could_be_a_secret() {
    // A user may have put any text where it does not belong.
    let misplaced: String = ALL
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| format!("{name}={MARKER}\n"))
        .collect();
    for settings in [misplaced, ALL.replace("=planted", &format!("={MARKER}"))] {
        for source in ["env", "fs", "gcp_secrets_manager", MARKER] {
            let settings = format!("{settings}IBEAM_SECRETS_SOURCE={source}\n");
            from(&settings, &[]).never_shows(MARKER);
        }
    }
    let by_environment = tool()
        .env("IBEAM_PASSWORD", MARKER)
        .env("IBEAM_GATEWAY_DIR", MARKER)
        .args(["from-ibeam"])
        .run()
        .exits(0)
        .never_shows(MARKER);
    has(
        &by_environment.stdout,
        &["printenv IBEAM_PASSWORD >secrets/password"],
    );
    tool()
        .args(["from-ibeam", "-"])
        .stdin(format!("IBEAM_PASSWORD={MARKER}\n{MARKER}\n"))
        .run()
        .exits(0)
        .never_shows(MARKER);
}

#[test]
fn keeps_secrets_where_ibeam_had_them() {
    let by_files = "IBEAM_SECRETS_SOURCE=fs\nIBEAM_ACCOUNT=/run/secrets/account\nIBEAM_PASSWORD=/run/secrets/word_v2\n";
    let text = only(by_files, "commands");
    has(
        &text,
        &[
            "ibgw-secret --username file:/run/secrets/account --password file:/run/secrets/word_v2 |",
        ],
    );
    assert!(!text.contains("--dir") && !text.contains("sed"), "{text}");
    let text = only(by_files, "compose");
    has(
        &text,
        &[
            "    secrets:\n      - account\n      - word_v2\n",
            "  word_v2:\n    external: true\n",
        ],
    );
    let text = only(by_files, "unit");
    has(
        &text,
        &[
            "LoadCredential=password:/run/secrets/word_v2\n",
            "--dir \"$$CREDENTIALS_DIRECTORY\"",
        ],
    );
    let by_google = "IBEAM_SECRETS_SOURCE=gcp_secrets_manager\nIBEAM_ACCOUNT=account/versions/latest\n\
        IBEAM_PASSWORD=word/versions/3\n\
        IBEAM_GCP_SECRETS_URL=https://secretmanager.googleapis.com/v1/projects/my-project/secrets\n";
    let text = only(by_google, "commands");
    has(
        &text,
        &[
            "--username gcp:projects/my-project/secrets/account/versions/latest",
            "--password gcp:projects/my-project/secrets/word/versions/3",
        ],
    );
}

#[test]
fn knows_the_second_factors_of_ibeam() {
    for (settings, flag) in [
        (
            "IBEAM_TWO_FA_HANDLER=NOTIFICATION_RESEND\n",
            "--second-factor push",
        ),
        (
            "IBEAM_TWO_FA_HANDLER=EXTERNAL_REQUEST\n",
            "--code-from \"cmd:curl -fsS --config code.curl\"",
        ),
        (
            "IBEAM_TWO_FA_SELECT_TARGET=One Time Passcode\n",
            "--second-factor sms",
        ),
        (
            "IBEAM_DISABLE_DEV_SHM_USAGE=true\n",
            "--browser-arg=--disable-dev-shm-usage",
        ),
    ] {
        has(&only(settings, "commands"), &[flag]);
    }
}

/// IBeam logs in live if nothing is set. A lost line looks the same, so the plan says live only after a plain no.
#[test]
fn takes_a_mode_from_a_plain_word_alone_and_leaves_the_rest_to_a_person() {
    let undecided = "LIVE-OR-PAPER";
    for (value, mode) in [
        ("IBEAM_USE_PAPER_ACCOUNT=True # for now", "paper"),
        ("IBEAM_USE_PAPER_ACCOUNT=\"true\" ", "paper"),
        ("export IBEAM_USE_PAPER_ACCOUNT=1", "paper"),
        ("IBEAM_USE_PAPER_ACCOUNT=False\r", "live"),
        (
            "IBEAM_USE_PAPER_ACCOUNT=true\nIBEAM_USE_PAPER_ACCOUNT=no",
            "live",
        ),
        ("IBEAM_USE_PAPER_ACCOUNT=certainly", undecided),
        ("IBEAM_USE_PAPER_ACCOUNT=${PAPER}", undecided),
        ("IBEAM_USE_PAPER_ACCOUNT=", undecided),
        ("IBEAM_USE_PAPER_ACCOUNT= \r", undecided),
        ("IBEAM_USE_PAPER_ACCOUNT=\"\"", undecided),
        ("IBEAM_USE_PAPER_ACCOUNT", undecided),
        ("#IBEAM_USE_PAPER_ACCOUNT=False", undecided),
        ("", undecided),
    ] {
        let settings = format!("{value}\nIBEAM_ACCOUNT=a\n");
        for piece in ["commands", "unit", "compose"] {
            let text = only(&settings, piece);
            has(&text, &[&format!("ibgw-login --mode {mode}")]);
            let is_said = text.contains("# First write live or paper in place of LIVE-OR-PAPER");
            assert_eq!(is_said, mode == undecided, "{value}: {text}");
            assert_eq!(
                text.contains("--mode live"),
                mode == "live",
                "{value}: {text}"
            );
        }
    }
    let none = only("IBEAM_ACCOUNT=a\n", "variables");
    let is_not_set = "# IBEAM_USE_PAPER_ACCOUNT: is not set\n# First write live or paper";
    has(
        &none,
        &[is_not_set, "where it is not set, IBeam logs in live"],
    );
    let unclear = only("IBEAM_USE_PAPER_ACCOUNT=certainly\n", "variables");
    has(&unclear, &["its value is neither yes nor no"]);
}

/// ibgw-login refuses the placeholder and sends nothing.
#[test]
fn the_login_refuses_the_placeholder_for_a_mode() {
    let ran = Tool::new("ibgw-login").args(["--mode", "LIVE-OR-PAPER"]);
    let ran = ran.run().exits(2).is_silent_on_stdout();
    assert!(ran.stderr.contains("live, paper, auto"), "{}", ran.all());
}

#[test]
fn leaves_the_phone_alone_where_a_program_brings_the_code() {
    let settings = "IBEAM_TWO_FA_SELECT_TARGET=IB Key\nIBEAM_TWO_FA_HANDLER=EXTERNAL_REQUEST\n";
    let text = only(settings, "commands");
    has(&text, &["--code-from"]);
    assert!(!text.contains("--second-factor"), "{text}");
}

#[test]
fn refuses_what_is_no_list_of_variables() {
    for (bytes, sentence) in [
        (&b"\xff\xfeI\0B\0"[..], "it is UTF-16"),
        (b"IBEAM_PASSWORD=a\xff", "is not UTF-8"),
    ] {
        let ran = tool().args(["from-ibeam", "-"]).stdin(bytes).run().exits(6);
        let message = ran.is_silent_on_stdout().error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {message}");
    }
    let ran = tool().args(["from-ibeam", "nowhere"]).run().exits(6);
    assert!(
        ran.error()["message"].to_string().contains("No such file"),
        "{}",
        ran.all()
    );
}
