//! The Gateway's image, built and run by a real engine: what outlives its containers. As root, or with sudo.

mod daemon;

use crate::scripts::network::UPSTREAM;
use crate::start::place::Place;
use crate::support::{as_root, slowly};
use daemon::Engine;
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// One refused login too many locks the username at IBKR, however many containers sent them.
#[test]
fn the_ledger_outlives_the_container_or_nothing_starts() {
    let place = Place::with_upstream(UPSTREAM);
    let engine = Engine::begin();
    engine.bring_debian();
    engine.bring_image(&place);
    for options in [&[][..], &["--read-only"], &["--tmpfs=/var/lib/ib-tools"]] {
        let options = options.iter().copied();
        let ran = engine.run(options.chain(["ib-gateway"])).exits(6);
        assert!(ran.stderr.contains("nothing was started"), "{}", ran.all());
    }
    engine
        .run([
            "--env=IB_LEDGER=lost",
            "ib-gateway",
            "ibgw-login",
            "--version",
        ])
        .exits(0);
    let secrets = place.path("secrets");
    fs::create_dir(&secrets).expect("a folder can be made");
    let give = |name: &str, value: &str| {
        let file = secrets.join(name);
        // The user of the image has it, as the Compose file's head says.
        let mut install = as_root("install");
        install
            .args(["-m", "400", "-o", "1000", "/dev/stdin"])
            .arg(&file);
        let mut install = install.stdin(Stdio::piped()).spawn().expect("install runs");
        let mut stdin = install.stdin.take().expect("a pipe");
        stdin.write_all(value.as_bytes()).expect("it reads");
        drop(stdin);
        assert!(install.wait().expect("it ends").success());
    };
    give("username", "paperuser");
    give("password", "Wrong-Horse9");
    let begin = |name: &str| {
        let url = format!("--env=IBGW_URL=https://localhost:{}", place.port);
        let secrets = format!("--volume={}:/run/secrets:ro", secrets.display());
        let named = format!("--name={name}");
        let limits = [
            "--read-only",
            "--tmpfs=/tmp",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
        ];
        let of_test = ["--network=host", "--env=IBGW_JAVA=/usr/local/bin/java"];
        let arguments = [
            "run",
            "--detach",
            "--volume=state:/var/lib/ib-tools",
            &named,
            &url,
            &secrets,
        ];
        let arguments = arguments.into_iter().chain(limits).chain(of_test);
        engine
            .docker(arguments.chain(["ib-gateway", "ibgw-supervise", "-i", "1"]))
            .exits(0);
    };
    let says = |name: &str, beginning: &str| {
        slowly(beginning, || {
            let said = engine.docker(["logs", name]).stdout;
            said.lines()
                .any(|line| line.contains(beginning))
                .then_some(())
        });
    };
    begin("first");
    says("first", "login: exit 4");
    engine.docker(["rm", "--force", "first"]).exits(0);
    begin("second");
    says(
        "second",
        "no login until /var/lib/ib-tools/refused is removed: exit 4",
    );
    engine.docker(["exec", "second", "ibgw-login"]).exits(11);
    assert_eq!(engine.network.truth()["failed_logins"]["paperuser"], 1);
    give("password", "Correct-Horse3");
    let forced = engine.docker(["exec", "second", "ibgw-login", "--force-after-hold"]);
    assert_eq!(forced.exits(0).report()["how"], "direct");
    says("second", "ready");
    engine.docker(["stop", "second"]).exits(0);
    assert_eq!(
        engine
            .docker(["inspect", "--format={{.State.ExitCode}}", "second"])
            .stdout,
        "0\n"
    );
}
