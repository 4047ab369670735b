//! Which browser a login opens: chromium-headless-shell by default, and the driver's own where that does not open.

use super::drivers::{OTHER_VERSION, driver_that_says};
use super::leftovers::assert_nothing_is_left;
use super::on_the_page as login;
use super::scenarios::{CHROMIUM, FIREFOX, SHELL};
use super::*;
use crate::support::{children_of, eventually};

/// A shell that does not start.
const ENDS: &str = "exit 1";

/// One that never answers its driver.
const HANGS: &str = "exec sleep 100";

/// The same, whose first process has ended.
const LEAVES_A_CHILD: &str = "sleep 100 & exit 1";

/// One of another version: what it says to its driver through the pipe.
const IS_OLD: &str = r#"printf '{"id":1,"result":{"protocolVersion":"1.3","product":"HeadlessChrome/120.0.6099.71","revision":"@1","userAgent":"","jsVersion":"12"}}\0' >&4
exec sleep 100"#;

/// A driver with nothing beside it.
const DRIVER: &str = "exec /usr/bin/chromedriver \"$@\"";

/// The real shell.
const REAL: &str = "exec /usr/lib/chromium/chromium-headless-shell \"$@\"";

/// Programs that come first in PATH. The files that they write say which of them ran.
struct Programs(TempDir);

impl Programs {
    fn new(scripts: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        for (name, script) in scripts {
            let path = folder.path().join(name);
            let script = format!("#!/bin/sh\n: >\"$0.ran\"\n{script}\n");
            fs::write(&path, script).expect("it can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a mode");
        }
        Self(folder)
    }

    fn path(&self) -> String {
        let rest = std::env::var("PATH").expect("PATH is set");
        format!("{}:{rest}", self.0.path().display())
    }

    fn has_run(&self, name: &str) -> bool {
        self.0.path().join(format!("{name}.ran")).exists()
    }
}

#[test]
fn is_taken_where_it_is_installed() {
    let standin = Standin::serve();
    for arguments in [&[][..], &["--driver", "/usr/bin/chromedriver"]] {
        standin.make("reset", &json!({}));
        let ran = login(&standin).args(arguments).stdin(plain()).run();
        SHELL.opened(&ran.exits(0));
        sent(&standin, 1, 0);
    }
}

/// Debian's in PATH is a script that waits for its browser.
#[test]
fn is_found_in_path_by_either_name_and_leaves_nothing() {
    for (name, script) in [
        ("chromium-headless-shell", REAL.trim_start_matches("exec ")),
        ("chrome-headless-shell", REAL),
    ] {
        let standin = Standin::serve();
        let programs = Programs::new(&[("chromedriver", DRIVER), (name, script)]);
        let tool = login(&standin).env("PATH", programs.path()).stdin(plain());
        let hide = "unshare --map-root-user --mount \
            sh -c 'mount --bind /dev/null /usr/bin/chromium-headless-shell && exec \"$0\" \"$@\"' \"$0\" \"$@\"";
        let tool = tool.env("IBGW_BROWSER_ARG", "--no-sandbox").in_shell(hide);
        let (child, folder) = tool.spawn();
        SHELL.opened(&Ran::of(child).exits(0));
        assert!(programs.has_run(name), "{name}");
        assert_nothing_is_left(&folder);
        assert_eq!(left_in(folder.path()), ["state"]);
    }
}

#[test]
fn chromium_is_taken_where_it_is_not_installed() {
    let standin = Standin::serve();
    let hide = "unshare --map-root-user --mount \
        sh -c 'for it in lib/chromium bin; do mount --bind /dev/null /usr/$it/chromium-headless-shell || exit; done
        exec \"$0\" \"$@\"' \"$0\" \"$@\"";
    let tool = login(&standin).env("IBGW_BROWSER_ARG", "--no-sandbox");
    let ran = tool.stdin(plain()).in_shell(hide).run();
    CHROMIUM.opened(&ran.exits(0));
    sent(&standin, 1, 0);
}

/// Long before the minute for which chromedriver waits.
#[test]
fn chromium_is_taken_as_soon_as_it_does_not_open() {
    let cases = [
        (ENDS, "it ended at once"),
        (IS_OLD, "only supports Chrome version"),
    ];
    at_once(2, cases, |(script, cause)| {
        let standin = Standin::serve();
        let name = "chromium-headless-shell";
        let programs = Programs::new(&[("chromedriver", DRIVER), (name, script)]);
        let tool = login(&standin).env("PATH", programs.path()).stdin(plain());
        let (child, folder) = tool.args(["-v"]).spawn();
        let ran = Ran::of(child).exits(0);
        assert!(programs.has_run(name), "{script}");
        CHROMIUM.opened(&ran);
        assert!(ran.stderr.contains(cause), "{}", ran.all());
        assert_eq!(ran.report()["warnings"], json!(["ledger_begun"]));
        sent(&standin, 1, 0);
        assert_nothing_is_left(&folder);
        assert_eq!(left_in(folder.path()), ["state"]);
    });
}

#[test]
fn chromium_is_taken_where_it_hangs_and_what_hangs_is_ended() {
    at_once(2, [HANGS, LEAVES_A_CHILD], |script| {
        let standin = Standin::serve();
        let name = "chromium-headless-shell";
        let programs = Programs::new(&[("chromedriver", DRIVER), (name, script)]);
        standin.set(&json!({"page": {"form_delay_ms": 2000}}));
        let tool = login(&standin).env("PATH", programs.path()).stdin(plain());
        let (child, folder) = tool.spawn();
        eventually("the page is asked for", || {
            (!bodies_of(&standin, "/sso/Login").is_empty()).then_some(())
        });
        assert!(children_of(child.id(), "sleep").is_empty(), "{script}");
        CHROMIUM.opened(&Ran::of(child).exits(0));
        assert!(programs.has_run(name));
        assert_nothing_is_left(&folder);
    });
}

#[test]
fn nothing_is_chosen_beside_a_browser_a_profile_or_a_driver_of_yours() {
    let firefox = FIREFOX.arguments();
    let firefox = [firefox[0].as_str(), &firefox[1]];
    let chromium = ["--browser", "/usr/bin/chromium"];
    let profile = TempDir::new().expect("a folder");
    let profile = format!("--user-data-dir={}", profile.path().display());
    let profile = ["--browser-arg", &profile];
    let sandbox = is_root().then_some("--browser-arg=--no-sandbox");
    for (browser, arguments) in [
        (&CHROMIUM, chromium),
        (&CHROMIUM, profile),
        (&FIREFOX, firefox),
    ] {
        let standin = Standin::serve();
        let name = "chromium-headless-shell";
        let programs = Programs::new(&[("chromedriver", DRIVER), (name, REAL)]);
        let tool = login(&standin).env("PATH", programs.path());
        let ran = tool.args(arguments).args(sandbox).stdin(plain()).run();
        browser.opened(&ran.exits(0));
        assert!(!programs.has_run(name), "{arguments:?}");
        sent(&standin, 1, 0);
    }
}

#[test]
fn a_login_without_a_browser_names_none() {
    let standin = Standin::serve();
    let ran = directly(&standin).stdin(plain()).run().exits(0);
    assert_eq!(ran.report()["browser"], json!(null), "{}", ran.all());
}

#[test]
fn a_browser_that_ends_at_once_is_reported_soon() {
    let standin = Standin::serve();
    let programs = Programs::new(&[("browser", ENDS)]);
    let browser = programs.0.path().join("browser");
    let tool = login(&standin).args(["--browser".as_ref(), browser.as_os_str()]);
    let ran = tool.stdin(plain()).run().exits(9).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    for words in ["it ended at once", "--no-sandbox"] {
        assert!(message.contains(words), "{}", ran.all());
    }
    sent(&standin, 0, 0);
}

/// What chromedriver says where there is no Chromium.
const NO_BROWSER: &str = r#"{"value":{"error":"session not created","message":"session not created\nfrom unknown error: cannot find Chrome binary","stacktrace":""}}"#;

#[test]
fn an_error_is_about_the_shell_where_the_driver_finds_nothing_else() {
    let url = driver_that_says(&[OTHER_VERSION, NO_BROWSER]);
    let (_, port) = url.rsplit_once(':').expect("a port");
    let driver =
        format!("echo 'ChromeDriver was started successfully on port {port}.'; exec sleep 100");
    let programs = Programs::new(&[
        ("chromedriver", &driver),
        ("chromium-headless-shell", HANGS),
    ]);
    let standin = Standin::serve();
    let ran = login(&standin).env("PATH", programs.path()).stdin(plain());
    let ran = ran.run().exits(5).is_silent_on_stdout();
    let message = ran.error()["message"].to_string();
    assert!(message.contains("of one version"), "{}", ran.all());
    sent(&standin, 0, 0);
}
