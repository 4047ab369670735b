//! `scripts/demo`, run with the programs of its own packages and no others.

use super::{script, setup};
use crate::support::{Ran, binary};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What `dpkg-query` or `dpkg` prints, as lines.
fn lines(program: &str, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.expect("Debian has it");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

/// The packages that each Debian has.
fn essential() -> Vec<String> {
    let all = lines("dpkg-query", &["-W", "-f=${Essential} ${Package}\\n"]);
    let essential = all.iter().filter_map(|line| line.strip_prefix("yes "));
    essential.map(str::to_owned).collect()
}

/// Links the programs of these packages into a folder.
fn link_programs(packages: impl IntoIterator<Item = String>, folder: &Path) {
    for package in packages {
        for file in lines("dpkg", &["-L", &package]) {
            let file = Path::new(&file);
            let is_program = file
                .parent()
                .is_some_and(|parent| parent.ends_with("bin") && file.is_file());
            let link = folder.join(file.file_name().unwrap_or_default());
            if is_program && !link.exists() {
                symlink(file, link).expect("a link");
            }
        }
    }
}

/// Runs the demo, already built, on a machine that has its packages and these.
fn demo(more: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a folder");
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).expect("a folder");
    let programs = binary("ibgw-start");
    let target = programs
        .ancestors()
        .nth(2)
        .expect("cargo's folder of a profile");
    setup::write_program(
        &bin.join("cargo"),
        &format!(
            r#"case "$*" in
    --version) echo 'cargo 1.89.0' ;;
    'build --locked') ;;
    metadata*) echo '{{"target_directory":"{}"}}' ;;
    *) exit 101 ;;
esac"#,
            target.display()
        ),
    );
    setup::write_program(&bin.join("dpkg-query"), setup::EVERYTHING);
    link_programs(essential(), &bin);
    link_programs(setup::missing(&["--check", "--demo"]), &bin);
    link_programs(more.iter().map(ToString::to_string), &bin);
    let mut command = Command::new(script("demo"));
    command
        .env_clear()
        .env("PATH", &bin)
        .env("HOME", folder.path())
        // The demo does not take this setting for its own.
        .env("IBGW_GATEWAY_DIR", "/nowhere")
        .stdin(Stdio::null());
    Ran::from_output(
        format!("scripts/demo with {more:?}"),
        command.output().expect("it runs"),
    )
}

#[test]
fn it_runs_with_its_own_packages_and_says_how_to_see_a_browser() {
    let ran = demo(&[]).exits(0);
    assert!(
        ran.stdout
            .contains("Shown: start, login without a browser, one-time"),
        "{}",
        ran.all()
    );
    let hint = "apt install chromium chromium-driver, then run scripts/demo again";
    assert!(ran.stdout.contains(hint), "{}", ran.all());
    assert!(!ran.stdout.contains("--method browser"), "{}", ran.all());
}

/// The driver with each of the browsers.
#[test]
fn it_shows_the_browser_that_is_installed() {
    for browser in ["chromium", "chromium-headless-shell"] {
        let ran = demo(&[browser, "chromium-driver"]).exits(0);
        let all = "Shown: start, login without a browser and with one,";
        assert!(ran.stdout.contains(all), "{}", ran.all());
        assert!(ran.stdout.contains("\"how\":\"browser\""), "{}", ran.all());
        assert!(!ran.stdout.contains("apt install"), "{}", ran.all());
    }
}
