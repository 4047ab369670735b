//! The output of `from-ibeam`, in its readers: a shell, systemd, Compose.

use super::ibeam::{ALL, has, only};
use super::{put, tool};
use crate::support::{Ran, binary};
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn its_commands_put_the_secrets_where_the_login_is_read_from() {
    let tool = tool();
    let password = "p$a`s's \"w\\ord #=x";
    let settings = format!(
        "# a comment\nIBEAM_ACCOUNT=trader\nIBEAM_PASSWORD=older\nIBEAM_PASSWORD={password}\nOTHER=x\n"
    );
    put(tool.folder.path(), "env.list", settings);
    // The first commands put the secrets into files, and the record comes from those.
    let script = "\"$0\" from-ibeam env.list --only commands | sed '/^# Bring/,$d' >put.sh && sh -eu put.sh && \
                  exec \"$0\" --dir secrets --mode paper";
    let ran = super::shell(tool.folder.path(), script)
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(ran.report()["username"], "trader", "{}", ran.all());
    assert_eq!(ran.report()["password"], password, "{}", ran.all());
    let check = super::shell(tool.folder.path(), "exec \"$0\" check --dir secrets").exits(0);
    assert_eq!(
        check.report()["parts"][1]["mode"],
        "0600",
        "{}",
        check.all()
    );
}

/// The secret's file holds the value, in every form of a line. A name alone takes it from the environment.
#[test]
fn its_commands_find_each_value_where_it_was_found() {
    let tool = tool();
    let settings = "  IBEAM_ACCOUNT=trader\nexport IBEAM_PASSWORD='quoted'\nIBEAM_PYOTP_SECRET\n";
    put(tool.folder.path(), "env.list", settings);
    let script = "export IBEAM_PYOTP_SECRET=JBSWY3DPEHPK3PXP; \"$0\" from-ibeam env.list --only commands >all.sh && \
                  sed '/^# Bring/,$d' all.sh >put.sh && sh -eu put.sh && exec \"$0\" --dir secrets --mode paper";
    let ran = super::shell(tool.folder.path(), script)
        .exits(0)
        .is_silent_on_stderr();
    let record = ran.report();
    assert_eq!(record["username"], "trader", "{}", ran.all());
    assert_eq!(record["password"], "'quoted'", "{}", ran.all());
    assert_eq!(record["totp_seed"], "JBSWY3DPEHPK3PXP", "{}", ran.all());
    let commands = fs::read_to_string(tool.folder.path().join("all.sh")).expect("a file");
    has(
        &commands,
        &["# docker run and Compose read this line differently"],
    );
}

#[test]
fn its_commands_are_a_shells_and_say_what_ibeam_was_told() {
    let text = only(ALL, "commands");
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("commands"), &text).expect("a file can be written");
    let mut shellcheck = Command::new("shellcheck");
    shellcheck
        .args(["--shell=sh", "--exclude=SC2181", "commands"])
        .current_dir(folder.path());
    let output = shellcheck.output().expect("shellcheck runs");
    Ran::from_output(text.clone(), output).exits(0);
    has(
        &text,
        &[
            "IBEAM_KEY=//p' env.list | tail -n 1 >secrets/IBEAM_KEY",
            "export IBGW_URL=https://localhost:5001",
            "ibgw-start --inputs-dir /srv/inputs --log /srv/outputs/gateway.log --gateway-dir /srv/gateway \
             --timeout 25s &&",
            "# Each 45 seconds",
            "ibgw-tickle --timeout 12s\n[ $? -ne 1 ] || ibgw-secret --dir secrets | ibgw-login --mode paper",
            "--driver /usr/bin/chromedriver",
            "--screenshot-dir /srv/outputs",
            "--max-failures 4",
            "--second-factor totp",
        ],
    );
    let defaults = only("IBEAM_ACCOUNT=a\nIBEAM_PASSWORD=b\n", "commands");
    has(
        &defaults,
        &[
            "ibgw-start --gateway-dir /srv/clientportal.gw &&",
            "| ibgw-login --mode LIVE-OR-PAPER\n",
        ],
    );
}

#[test]
fn its_units_please_systemd() {
    let text = only(ALL, "unit");
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    // The programs' folder in a test.
    let programs = binary("ibgw-start");
    let programs = programs.parent().expect("it has a folder");
    let text = text.replace(
        "/usr/local/bin",
        programs.to_str().expect("a path is UTF-8"),
    );
    // A unit may not write there either.
    assert!(
        !text.contains("--log ") && !text.contains("--screenshot-dir"),
        "{text}"
    );
    let mut units = Vec::new();
    for unit in text.split("# /etc/systemd/system/").skip(1) {
        let (name, content) = unit.split_once('\n').expect("a unit has lines");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("a file can be written");
        units.push(path);
    }
    assert_eq!(units.len(), 3, "{text}");
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no"]).args(&units);
    let output = verify
        .output()
        .expect("systemd-analyze runs (scripts/setup installs systemd)");
    let ran = Ran::from_output(text, output).exits(0);
    let complaints: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| line.contains("ibgw-"))
        .collect();
    assert_eq!(complaints, [""; 0], "{}", ran.all());
}

/// The file as an independent YAML parser reads it.
fn compose(text: &str) -> serde_json::Value {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("compose.yaml");
    fs::write(&path, text).expect("a file can be written");
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let mut python = Command::new("/usr/bin/python3");
    python.args(["-c", script]).arg(Path::new(&path));
    let output = python.output().expect("python3 runs");
    Ran::from_output(text.to_owned(), output).exits(0).report()
}

#[test]
fn its_compose_file_is_one() {
    let all = compose(&only(ALL, "compose"));
    let service = &all["services"]["ibgw"];
    assert_eq!(service["ports"], serde_json::json!(["127.0.0.1:5001:5001"]));
    assert_eq!(service["environment"]["IBGW_URL"], "https://localhost:5001");
    // Callers from outside come from the network's own address. The Gateway's default settings admit other addresses.
    assert_eq!(service["environment"]["IBGW_ALLOW"], "172.30.5.*");
    let network = &all["networks"]["default"]["ipam"]["config"][0];
    assert_eq!(network["subnet"], "172.30.5.0/24");
    let secrets = serde_json::json!(["username", "password", "IBEAM_KEY", "totp_seed"]);
    assert_eq!(service["secrets"], secrets);
    assert_eq!(all["secrets"]["totp_seed"]["file"], "secrets/totp_seed");
    // A container does not have IBeam's folders.
    let whole = only(ALL, "compose");
    assert!(
        !whole.contains("--log ") && !whole.contains("--screenshot-dir"),
        "{whole}"
    );
    let loops = service["command"][2].as_str().expect("a script");
    let loops = loops.replace("$$", "$");
    let mut shell = Command::new("sh");
    let output = shell
        .args(["-n", "-c", &loops])
        .output()
        .expect("a shell runs");
    Ran::from_output(loops, output).exits(0);
    let none = compose(&only("IBEAM_LOG_LEVEL=INFO\n", "compose"));
    assert!(none["services"]["ibgw"].get("secrets").is_none(), "{none}");
}
