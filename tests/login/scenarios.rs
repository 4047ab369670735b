//! Every page that users of the login page have met, in real browsers, held to `tests/data/login-pages.md`.
//!
//! Each section of the file is a module here. `IB_LOGIN_PAGES=write cargo nextest run -E 'test(login::scenarios)'`
//! writes the file anew, from what the stand-in counted.

mod answers;
mod factors;
mod forms;
mod notifications;
mod places;
mod table;

use super::*;
use crate::support::environments_with;

/// What every message, card and temporary code of the stand-in is, and the answer to its challenges.
const TYPED: &str = "482913";
const ANSWER: &str = "39166143";

/// How many browsers run at once: they mostly wait.
const AT_ONCE: usize = 4;

/// A page, and a login that meets it.
pub(crate) struct Scenario {
    /// What the file calls it.
    page: &'static str,
    /// What the stand-in is to play.
    script: Value,
    /// What is to happen at the stand-in first.
    deed: Option<(&'static str, Value)>,
    record: String,
    args: Vec<String>,
    warnings: Value,
    /// Firefox meets it too.
    is_core: bool,
}

impl Scenario {
    pub(crate) fn new(page: &'static str, script: Value) -> Self {
        Self {
            page,
            script,
            deed: None,
            record: plain(),
            args: Vec::new(),
            warnings: json!([]),
            is_core: false,
        }
    }

    pub(crate) fn core(mut self) -> Self {
        self.is_core = true;
        self
    }

    pub(crate) fn with(mut self, record: String) -> Self {
        self.record = record;
        self
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(ToString::to_string).collect();
        self
    }

    /// A login that ends by waiting: it waits for half of this.
    pub(crate) fn impatient(mut self) -> Self {
        self.args.extend(["--timeout".to_owned(), "40s".to_owned()]);
        self
    }

    pub(crate) fn after(mut self, deed: &'static str, with: Value) -> Self {
        self.deed = Some((deed, with));
        self
    }

    pub(crate) fn warns(mut self, event: &str) -> Self {
        self.warnings = json!([event]);
        self
    }

    /// Plays it in a browser: the row of the file.
    fn play(&self, browser: &TestBrowser) -> String {
        let standin = Standin::serve();
        standin.set(&self.script);
        if let Some((deed, with)) = &self.deed {
            standin.make(deed, with);
        }
        let evidence = TempDir::new().expect("a folder");
        let tool = on_the_page(&standin)
            .args(browser.arguments())
            .args(["--screenshot-dir".as_ref(), evidence.path()])
            .args(&self.args);
        let folder = tool.folder.path().display().to_string();
        let ran = tool.stdin(self.record.clone()).run();
        assert_eq!(
            processes_with(&folder),
            Vec::<String>::new(),
            "{}",
            self.page
        );
        assert_eq!(
            environments_with(&folder),
            Vec::<String>::new(),
            "{}",
            self.page
        );
        self.judge(&standin, &ran, evidence.path());
        browser.opened(&ran);
        row(self.page, &standin, &ran)
    }

    /// What holds of each, whatever the page.
    fn judge(&self, standin: &Standin, ran: &Ran, evidence: &Path) {
        let (report, truth, page) = (ran.report(), standin.truth(), self.page);
        assert_eq!(truth["resends"], 0, "{page}: {truth}");
        let warnings = report["warnings"].as_array().expect("a list").iter();
        // Each has a state directory of its own.
        let warnings: Vec<_> = warnings.filter(|event| *event != "ledger_begun").collect();
        assert_eq!(json!(warnings), self.warnings, "{page}: {}", ran.all());
        // What IBKR refuses before the proof is recorded all the same.
        let recorded = report["submissions"].as_u64();
        assert!(
            recorded >= truth["submissions"].as_u64(),
            "{page}: {}",
            ran.all()
        );
        let has_ended = report["state"] == "ready" || report["reason"].is_string();
        assert!(has_ended, "{page}: {}", ran.all());
        let login: Value = serde_json::from_str(&self.record).expect("a record");
        let secrets = ["username", "password"].map(|key| login[key].as_str().expect("it is there"));
        let pages: Vec<_> = files(evidence, "html");
        let is_page_kept = match report["reason"].as_str() {
            // There may be none.
            Some("page_not_loaded") => report["screenshot"].is_string(),
            reason => reason.is_some(),
        };
        assert_eq!(
            pages.len(),
            usize::from(is_page_kept),
            "{page}: {}",
            ran.all()
        );
        assert_eq!(
            report["screenshot"].is_string(),
            is_page_kept,
            "{page}: {}",
            ran.all()
        );
        for secret in secrets.into_iter().chain([SEED, TYPED, ANSWER]) {
            for file in pages.iter().chain(&files(evidence, "png")) {
                let bytes = fs::read(file).expect("it is there");
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "{page}: {secret} is in {}", file.display());
            }
            let shown = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!shown.contains(secret), "{page}: {secret}: {}", ran.all());
        }
    }
}

/// The outcome of a login, as the stand-in counted it.
fn row(page: &str, standin: &Standin, ran: &Ran) -> String {
    let (report, truth) = (ran.report(), standin.truth());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome = match (&report["reason"], &report["second_factor"]) {
        (Value::String(reason), _) => reason.clone(),
        (_, Value::String(factor)) => format!("{}, {factor}", text(&report["state"])),
        _ => text(&report["state"]),
    };
    let mode = text(&report["mode"]);
    let (credentials, codes, pushes) = (&truth["submissions"], &truth["codes"], &truth["pushes"]);
    let exit = ran.status;
    format!("| {page} | {mode} | {outcome} | {credentials} | {codes} | {pushes} | {exit} |")
}

/// Plays a section of the file in a browser, and holds it to the file.
fn hold(title: &str, scenarios: &[Scenario], browser: &TestBrowser) {
    let scenarios: Vec<_> = scenarios.iter().collect();
    table::hold(title, &play(&scenarios, browser));
}

/// Plays the core of a section in Firefox, and holds it to the file.
fn hold_core(title: &str, scenarios: &[Scenario]) {
    let core: Vec<_> = scenarios.iter().filter(|it| it.is_core).collect();
    table::has(title, &play(&core, &FIREFOX));
}

/// Plays a few at a time: the rows of the file.
fn play(scenarios: &[&Scenario], browser: &TestBrowser) -> Vec<String> {
    at_once(AT_ONCE, scenarios, |scenario| scenario.play(browser))
}

/// A browser that meets the pages.
pub(crate) struct TestBrowser {
    /// What its driver calls it.
    name: &'static str,
    /// What makes a login take it.
    arguments: fn() -> Vec<String>,
}

impl TestBrowser {
    pub(crate) fn arguments(&self) -> Vec<String> {
        (self.arguments)()
    }

    /// Checks that the login was in this browser, as its report says.
    #[track_caller]
    pub(crate) fn opened(&self, ran: &Ran) {
        let report = ran.report();
        let (name, version) = report["browser"]
            .as_str()
            .and_then(|browser| browser.split_once(' '))
            .unwrap_or_else(|| panic!("no browser: {}", ran.all()));
        assert_eq!(name, self.name, "{}", ran.all());
        let is_number = |part: &str| part.parse::<u32>().is_ok();
        assert!(version.split('.').all(is_number), "{}", ran.all());
    }
}

/// The browser that the driver finds.
pub(crate) const CHROMIUM: TestBrowser = TestBrowser {
    name: "chrome",
    arguments: || vec!["--browser".to_owned(), "/usr/bin/chromium".to_owned()],
};

/// The one that a login takes where it is installed.
pub(crate) const SHELL: TestBrowser = TestBrowser {
    name: "chrome-headless-shell",
    arguments: Vec::new,
};

pub(crate) const FIREFOX: TestBrowser = TestBrowser {
    name: "firefox",
    arguments: || super::firefox::arguments().to_vec(),
};

/// A username with these devices, and nothing else that it is asked for.
fn devices(devices: &[&str]) -> Value {
    json!([{"username": "deviceuser", "password": "Correct-Horse6", "mode": "live", "totp_seed": SEED,
        "devices": devices}])
}

fn of_devices() -> String {
    record("deviceuser", "Correct-Horse6", Some(SEED), "live")
}

fn without_seed() -> String {
    record("deviceuser", "Correct-Horse6", None, "live")
}
