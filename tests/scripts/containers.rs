//! What containers are told, read as their engines read it. None was run: there is no engine here.

use super::text;
use crate::support::Tool;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
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

/// Where the images are made: the Gateway's, and IB Gateway's.
const IMAGES: [&str; 2] = ["docker", "docker/tws"];

/// The instructions of the Dockerfile, each on one line.
fn instructions(image: &str) -> Vec<String> {
    let file = text(&format!("{image}/Dockerfile"));
    let lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let whole = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    whole
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn instruction(image: &str, name: &str) -> String {
    let all = instructions(image);
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
fn an_image_is_healthy_when_the_last_report_says_ready() {
    for image in IMAGES {
        let check = instruction(image, "HEALTHCHECK");
        let (_, command) = check.split_once("CMD ").expect("a command");
        let command: Vec<String> = serde_json::from_str(command).expect("a list of words");
        assert_eq!(command, PROBE);
        let settings = instruction(image, "ENV");
        assert!(
            settings.contains("IBGW_TICKLE_WRITE=/tmp/tickle.json"),
            "{settings}"
        );
    }
}

#[test]
fn an_image_runs_the_supervisor_as_nobody_special_and_keeps_its_ledger() {
    for image in IMAGES {
        assert_eq!(instruction(image, "CMD"), r#"["ibgw-supervise"]"#);
        assert_eq!(instruction(image, "USER"), "ibgw");
        let settings = instruction(image, "ENV");
        let volume = instruction(image, "VOLUME");
        assert!(
            settings.contains(&format!("IBGW_STATE_DIR={volume}")),
            "{settings}"
        );
        for run in instructions(image)
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
}

#[test]
fn compose_opens_a_gateway_to_this_machine_alone() {
    for image in IMAGES {
        let compose = &documents(&format!("{image}/compose.yaml"))[0];
        let state = format!("state:{}", instruction(image, "VOLUME"));
        for service in services(compose) {
            for port in words(&service["ports"]) {
                assert!(port.starts_with("127.0.0.1:"), "{port}");
            }
            let volumes = words(&service["volumes"]);
            assert!(volumes.contains(&state.as_str()), "{volumes:?}");
        }
    }
}

fn services(compose: &Yaml) -> impl Iterator<Item = &Yaml> {
    let services = compose["services"].as_hash().expect("services");
    services.values()
}

/// The file that a secret is, and what the container has it as.
fn secret(secret: &Yaml) -> (&str, &str) {
    let source = secret.as_str().or_else(|| secret["source"].as_str());
    let source = source.expect("a name");
    (source, secret["target"].as_str().unwrap_or(source))
}

/// The supervisor has the login looked for in /run/secrets: what is mounted there is read as it does.
#[test]
fn compose_mounts_a_login_that_is_found() {
    for image in IMAGES {
        let compose = &documents(&format!("{image}/compose.yaml"))[0];
        for service in services(compose) {
            let folder = TempDir::new().expect("a temporary folder can be made");
            for one in service["secrets"].as_vec().expect("secrets") {
                let (source, target) = secret(one);
                let defined = &compose["secrets"][source]["file"];
                assert!(!defined.is_badvalue(), "{source}");
                // Letters and figures that any of them may have: a seed, too.
                let file = folder.path().join(target);
                fs::write(&file, "JBSWY3DPEHPK3PXP").expect("a file can be written");
                fs::set_permissions(&file, Permissions::from_mode(0o400)).expect("a mode");
            }
            let mode = service["environment"]["IBGW_MODE"].as_str();
            let tool = Tool::new("ibgw-secret").args(["--mode", mode.expect("a mode")]);
            let ran = tool.args([Path::new("--dir"), folder.path()]).run();
            let record = ran.exits(0).report();
            for part in ["username", "password"] {
                assert_eq!(record[part], "JBSWY3DPEHPK3PXP", "{record}");
            }
        }
    }
}

/// IB Gateway itself lets in its own machine alone.
#[test]
fn compose_publishes_what_is_passed_on_to_ib_gateway() {
    let compose = &documents("docker/tws/compose.yaml")[0];
    for service in services(compose) {
        let published = words(&service["ports"]);
        let (_, inside) = published[0].rsplit_once(':').expect("two ports");
        let forward = service["environment"]["IBGW_FORWARD"].as_str();
        assert_eq!(forward, Some(format!("0.0.0.0:{inside}").as_str()));
        // Two supervisors, with a file each for what a person says to them, and one ledger.
        let command = words(&service["command"]);
        assert_eq!(command[..2], ["ibgw-supervise", "-d"]);
        let mode = service["environment"]["IBGW_MODE"].as_str();
        assert!(command[2].ends_with(mode.expect("a mode")), "{command:?}");
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
        let folder = TempDir::new().expect("a temporary folder can be made");
        let report = folder.path().join("tickle.json");
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60 * age);
        let file = fs::File::create(&report).expect("it can be made");
        file.set_modified(then).expect("it can be set");
        let command = live[2].replace("/tmp/tickle.json", &report.display().to_string());
        let status = Command::new("sh")
            .args(["-c", &command])
            .status()
            .expect("sh runs");
        assert_eq!(status.success(), expected, "{age} minutes");
    }
}
