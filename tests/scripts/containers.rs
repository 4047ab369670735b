//! The container files, parsed as their engines parse them. `engine` runs one image.

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

/// The state directory of an image.
fn state(image: &str) -> String {
    let settings = instruction(image, "ENV");
    let (_, from) = settings.split_once("IBGW_STATE_DIR=").expect("it is set");
    from.split(' ').next().expect("a path").to_owned()
}

#[test]
fn an_image_runs_the_supervisor_as_ibgw_and_only_on_a_volume() {
    for image in IMAGES {
        assert_eq!(instruction(image, "CMD"), r#"["ibgw-supervise"]"#);
        assert_eq!(instruction(image, "USER"), "ibgw");
        assert_eq!(
            instruction(image, "ENTRYPOINT"),
            r#"["tini", "--", "on-a-volume"]"#
        );
        // Each container would have another one, with an empty ledger.
        assert!(
            !instructions(image)
                .iter()
                .any(|line| line.starts_with("VOLUME"))
        );
        let runs = instructions(image);
        let runs = runs.iter().filter_map(|line| line.strip_prefix("RUN "));
        for run in runs {
            let parsed = Command::new("sh")
                .args(["-n", "-c", run])
                .output()
                .expect("sh runs");
            assert!(parsed.status.success(), "{run}: {parsed:?}");
        }
        // The uid that the manifests and the heads speak of.
        let all = instructions(image).join("\n");
        assert!(all.contains("useradd --uid 1000"), "{all}");
        assert!(
            all.contains(&format!("-d -m 700 -o ibgw -g ibgw {}", state(image))),
            "{all}"
        );
    }
}

#[test]
fn compose_opens_a_gateway_to_this_machine_alone() {
    for image in IMAGES {
        let compose = &documents(&format!("{image}/compose.yaml"))[0];
        let state = format!("state:{}", state(image));
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

/// The Gateway's filter knows no network masks, only a star at the end. The network must be a /24.
#[test]
fn callers_are_let_in_from_one_network_that_is_named() {
    for (file, subnet) in [
        ("docker/compose.yaml", "default"),
        ("docker/stack.yaml", "session"),
    ] {
        let file = &documents(file)[0];
        let subnet = file["networks"][subnet]["ipam"]["config"][0]["subnet"].as_str();
        let network = subnet.and_then(|subnet| subnet.strip_suffix(".0/24"));
        let allowed = file["services"]["gateway"]["environment"]["IBGW_ALLOW"].as_str();
        let allowed = allowed.and_then(|allowed| allowed.strip_suffix(".*"));
        assert!(
            network.is_some() && network == allowed,
            "{network:?} {allowed:?}"
        );
    }
}

#[test]
fn a_swarm_publishes_nothing_and_ends_no_session_that_is_not_ready() {
    let stack = &documents("docker/stack.yaml")[0];
    let service = &stack["services"]["gateway"];
    assert!(service["ports"].is_badvalue());
    // A swarm ignores `tmpfs:` silently.
    assert!(service["tmpfs"].is_badvalue());
    let mounts = service["volumes"].as_vec().expect("volumes");
    assert!(
        mounts
            .iter()
            .any(|mount| mount["target"].as_str() == Some("/tmp"))
    );
    let (check, live) = (
        words(&service["healthcheck"]["test"]),
        "find /tmp/tickle.json -mmin -30 | grep -q .",
    );
    assert_eq!(check, ["CMD-SHELL", live]);
    let pod = text("kubernetes/gateway.yaml");
    assert!(pod.contains(live), "liveness is one thing: {pod}");
    for secret in service["secrets"].as_vec().expect("secrets") {
        assert_eq!(secret["uid"].as_str(), Some("1000"));
    }
}

#[test]
fn a_pod_accepts_no_connection_and_has_few_rights() {
    let documents = documents("kubernetes/gateway.yaml");
    let of_kind = |kind: &str| {
        let found = documents
            .iter()
            .find(|one| one["kind"].as_str() == Some(kind));
        found.unwrap_or_else(|| panic!("no {kind}"))
    };
    let pod = &of_kind("Deployment")["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let environment = container["env"].as_vec().expect("variables");
    let allowed = environment
        .iter()
        .find(|one| one["name"].as_str() == Some("IBGW_ALLOW"));
    assert_eq!(
        allowed.expect("it is set")["value"].as_str(),
        Some("127.0.0.1")
    );
    assert_eq!(pod["automountServiceAccountToken"].as_bool(), Some(false));
    assert_eq!(
        pod["securityContext"]["seccompProfile"]["type"].as_str(),
        Some("RuntimeDefault")
    );
    assert_eq!(container["imagePullPolicy"].as_str(), Some("IfNotPresent"));
    assert!(!container["resources"]["limits"]["memory"].is_badvalue());
    let policy = &of_kind("NetworkPolicy")["spec"];
    assert_eq!(policy["ingress"].as_vec().map(Vec::len), Some(0));
    assert_eq!(
        policy["podSelector"]["matchLabels"],
        of_kind("Deployment")["spec"]["selector"]["matchLabels"]
    );
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
