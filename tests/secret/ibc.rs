//! What IBC and its Gateway keep in files of their own: config.ini and jts.ini.

use super::{MARKER, put, tool, tool_with};
use crate::support::Tool;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fs;
use std::process::Command;

const LOGIN: [(&str, &str); 2] = [("name", "trader"), ("word", MARKER)];

fn config(tool: Tool) -> Tool {
    tool.args([
        "ibc-config",
        "--username",
        "file:name",
        "--password",
        "file:word",
    ])
}

#[test]
fn renders_a_config_for_paper_unless_live_is_asked_for() {
    let ran = config(tool_with(&LOGIN))
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let expected = format!(
        "IbLoginId=trader\nIbPassword={MARKER}\nTradingMode=paper\nBindAddress=127.0.0.1\n\
         ReloginAfterSecondFactorAuthenticationTimeout=no\nExistingSessionDetectedAction=secondary\n\
         AcceptIncomingConnectionAction=reject\nAcceptNonBrokerageAccountWarning=yes\n"
    );
    assert_eq!(ran.stdout, expected, "{}", ran.all());
    let ran = config(tool_with(&LOGIN))
        .args(["--mode", "live"])
        .run()
        .exits(0);
    assert!(ran.stdout.contains("\nTradingMode=live\n"), "{}", ran.all());
}

#[test]
fn takes_settings_of_ibcs_and_refuses_others() {
    let ran = config(tool_with(&LOGIN))
        .args([
            "--set",
            "CommandServerPort=7462",
            "--set",
            "BindAddress=127.0.0.2",
        ])
        .run()
        .exits(0);
    assert!(
        ran.stdout.contains("\nCommandServerPort=7462\n"),
        "{}",
        ran.all()
    );
    assert!(!ran.stdout.contains("127.0.0.1"), "{}", ran.all());
    for setting in [
        "CommandServerport=7462",
        "IbPassword=x",
        "TradingMode=live",
        "ReadOnlyApi",
    ] {
        config(tool_with(&LOGIN))
            .args(["--set", setting])
            .run()
            .exits(2);
    }
}

#[test]
fn names_the_device_of_the_second_factor() {
    let files = [LOGIN[0], LOGIN[1], ("device", "IB Key")];
    let ran = config(tool_with(&files))
        .args(["--second-factor", "file:device"])
        .run()
        .exits(0);
    assert!(
        ran.stdout.contains("\nSecondFactorDevice=IB Key\n"),
        "{}",
        ran.all()
    );
}

#[test]
fn refuses_passwords_that_ibc_would_trim_and_shows_nothing_of_them() {
    for word in [
        format!(" {MARKER}"),
        format!("{MARKER} "),
        format!("{MARKER}\t"),
    ] {
        let ran = config(tool_with(&[LOGIN[0], ("word", &word)]))
            .run()
            .exits(6);
        assert!(
            ran.stderr.contains("begins or ends with a blank"),
            "{}",
            ran.all()
        );
        assert!(!ran.all().contains(MARKER), "{}", ran.all());
    }
}

/// Characters that a properties file, a shell or a careless encoder would change, and any others.
fn password(random: &mut fastrand::Rng) -> String {
    let awkward = [
        '\\', '#', '!', '=', ':', ' ', '\t', '"', '\'', '$', 'u', 'é', 'ß', '漢', '😀', '\u{7f}',
        '\u{a0}',
    ];
    let length = random.usize(1..24);
    let mut password: String = (0..length)
        .map(|_| match random.u8(..3) {
            0 => random.choice(awkward).expect("there are some"),
            1 => random.char(' '..='~'),
            // To Java the line ends of Unicode are ordinary letters.
            _ => random.char('\u{80}'..),
        })
        .collect();
    // Every tenth ends in what would swallow the line end.
    if random.u8(..10) == 0 {
        password.push('\\');
    }
    password
}

#[test]
fn a_thousand_passwords_come_back_from_javas_properties() {
    let mut random = fastrand::Rng::with_seed(0x1bc);
    let is_blank = |character: char| character <= ' ';
    let fits = |word: &String| !word.starts_with(is_blank) && !word.ends_with(is_blank);
    let words: Vec<String> = std::iter::repeat_with(|| password(&mut random))
        .filter(fits)
        .take(1000)
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut list = String::new();
    for (number, word) in words.iter().enumerate() {
        let ran = config(tool_with(&[LOGIN[0], ("word", word)]))
            .run()
            .exits(0);
        assert!(ran.stdout.is_ascii(), "{}", ran.all());
        let name = format!("{number}.ini");
        put(folder.path(), &name, &ran.stdout);
        list.push_str(&format!("{}\n", folder.path().join(name).display()));
    }
    put(folder.path(), "list", list);
    let java = Command::new("java")
        .arg("-XX:TieredStopAtLevel=1")
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/java/ReadPasswords.java"
        ))
        .arg(folder.path().join("list"))
        .output()
        .expect("java starts (apt-get install default-jdk)");
    assert!(
        java.status.success(),
        "{}",
        String::from_utf8_lossy(&java.stderr)
    );
    let read = String::from_utf8(java.stdout).expect("base64 is ASCII");
    assert_eq!(read.lines().count(), words.len());
    for (word, read) in words.iter().zip(read.lines()) {
        let read = STANDARD.decode(read).expect("base64");
        assert_eq!(String::from_utf8_lossy(&read), *word);
    }
}

#[test]
fn finds_the_token_of_ib_key_in_a_jts_ini() {
    let ini = format!("[Communication]\r\nPeer=x\r\n2ndFactor={MARKER},5.2a;\r\n");
    let ran = tool_with(&[("jts.ini", &ini)])
        .args(["from-jts", "jts.ini"])
        .run()
        .exits(0)
        .is_silent_on_stderr();
    let expected = json!({
        "schema": "ibgw-secret-jts/1", "state": "found", "jts_second_factor": MARKER, "reason": null, "warnings": [],
    });
    assert_eq!(ran.report(), expected, "{}", ran.all());
}

#[test]
fn says_that_ib_key_was_not_selected() {
    for ini in [
        "[Communication]\n2ndFactor=,5.2a;\n",
        "[Logon]\ntradingMode=p\n",
    ] {
        let ran = tool_with(&[("jts.ini", ini)])
            .args(["from-jts", "jts.ini"])
            .run()
            .exits(1)
            .is_silent_on_stderr();
        let report = ran.report();
        assert_eq!(report["state"], "not_selected", "{}", ran.all());
        let reason = report["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("IB Key was not selected"), "{}", ran.all());
    }
}

#[test]
fn refuses_a_jts_ini_that_is_not_there_or_is_no_text() {
    tool().args(["from-jts", "jts.ini"]).run().exits(6);
    let tool = tool();
    fs::write(tool.folder.path().join("jts.ini"), b"2ndFactor=\xff\xfe")
        .expect("a file can be written");
    tool.args(["from-jts", "jts.ini"]).run().exits(6);
}
