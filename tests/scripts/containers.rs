//! What containers are told, read as their engines read it. None was run: there is no engine here.

use super::text;
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

fn documents(name: &str) -> Vec<Yaml> {
    YamlLoader::load_from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn words(list: &Yaml) -> Vec<&str> {
    let list = list.as_vec().unwrap_or_else(|| panic!("no list: {list:?}"));
    list.iter()
        .map(|word| word.as_str().expect("a word"))
        .collect()
}

/// The instructions of the Dockerfile, each on one line.
fn instructions() -> Vec<String> {
    let file = text("docker/Dockerfile");
    let lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let whole = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    whole
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn instruction(name: &str) -> String {
    let all = instructions();
    let found = all
        .iter()
        .find_map(|line| line.strip_prefix(&format!("{name} ")));
    found
        .unwrap_or_else(|| panic!("no {name}: {all:#?}"))
        .to_owned()
}

/// The last report, as a probe reads it.
const PROBE: [&str; 5] = [
    "ibgw-tickle",
    "--read",
    "/tmp/tickle.json",
    "--max-age",
    "3m",
];

#[test]
fn the_image_is_healthy_when_the_last_report_says_ready() {
    let check = instruction("HEALTHCHECK");
    let (_, command) = check.split_once("CMD ").expect("a command");
    let command: Vec<String> = serde_json::from_str(command).expect("a list of words");
    assert_eq!(command, PROBE);
    let settings = instruction("ENV");
    assert!(
        settings.contains("IBGW_TICKLE_WRITE=/tmp/tickle.json"),
        "{settings}"
    );
}

#[test]
fn the_image_runs_the_supervisor_as_nobody_special_and_keeps_its_ledger() {
    assert_eq!(instruction("CMD"), r#"["ibgw-supervise"]"#);
    assert_eq!(instruction("USER"), "ibgw");
    let settings = instruction("ENV");
    let volume = instruction("VOLUME");
    assert!(
        settings.contains(&format!("IBGW_STATE_DIR={volume}")),
        "{settings}"
    );
    for run in instructions()
        .iter()
        .filter_map(|line| line.strip_prefix("RUN "))
    {
        let parsed = Command::new("sh")
            .args(["-n", "-c", run])
            .output()
            .expect("sh runs");
        assert!(parsed.status.success(), "{run}: {parsed:?}");
    }
}

#[test]
fn compose_opens_the_gateway_to_this_machine_alone() {
    let compose = &documents("docker/compose.yaml")[0];
    let service = &compose["services"]["gateway"];
    for port in words(&service["ports"]) {
        assert!(port.starts_with("127.0.0.1:"), "{port}");
    }
    let volumes = words(&service["volumes"]);
    let state = format!("state:{}", instruction("VOLUME"));
    assert!(volumes.contains(&state.as_str()), "{volumes:?}");
    // Each secret is a file that ibgw-secret --dir knows.
    let known = ["username", "password", "totp_seed"];
    for secret in words(&service["secrets"]) {
        assert!(known.contains(&secret), "{secret}");
        assert!(
            !compose["secrets"][secret]["file"].is_badvalue(),
            "{secret}"
        );
    }
}

#[test]
fn no_answer_of_a_session_ends_a_pod() {
    let documents = documents("kubernetes/gateway.yaml");
    let deployment = documents
        .iter()
        .find(|one| one["kind"].as_str() == Some("Deployment"));
    let spec = &deployment.expect("a Deployment")["spec"];
    assert_eq!(spec["replicas"].as_i64(), Some(1));
    assert_eq!(spec["strategy"]["type"].as_str(), Some("Recreate"));
    let container = &spec["template"]["spec"]["containers"][0];
    let probe = |name: &str| words(&container[name]["exec"]["command"]);
    assert_eq!(probe("readinessProbe"), PROBE);
    // Alive is who writes reports, whatever they say: run here on a report of a minute ago and on one of an hour ago.
    let live = probe("livenessProbe");
    assert_eq!(live[..2], ["sh", "-c"]);
    for (age, expected) in [(1, true), (60, false)] {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        let report = folder.path().join("tickle.json");
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60 * age);
        let file = std::fs::File::create(&report).expect("it can be made");
        file.set_modified(then).expect("it can be set");
        let command = live[2].replace("/tmp/tickle.json", &report.display().to_string());
        let status = Command::new("sh")
            .args(["-c", &command])
            .status()
            .expect("sh runs");
        assert_eq!(status.success(), expected, "{age} minutes");
    }
}
