//! Whether the IB Gateway that runs is the one asked for.

use crate::tws::ibc_values::YesNo;
use crate::tws::request::TwsRequest;
use ib_cli::{Error, Exit, Mode};
use ib_guard::Guard;
use ib_tws::Course;
use std::fs;
use std::path::Path;

/// The IB Gateway that a run asks for.
pub(crate) struct WantedGateway<'a> {
    pub(crate) request: &'a TwsRequest,
    /// `None` when nothing says which.
    pub(crate) mode: Option<Mode>,
    /// `None` when a person logs in, or this run does not log in.
    pub(crate) username: Option<&'a str>,
}

impl WantedGateway<'_> {
    /// The error when another IB Gateway runs: it is never ended, and never taken for the one asked for.
    pub(crate) fn refuse_another(&self, course: &Course, address: &str) -> Option<Error> {
        self.refuse(&self.identity(course), address)
    }

    /// The same for a start, which asks for settings, too.
    pub(crate) fn refuse_otherwise(&self, course: &Course, address: &str) -> Option<Error> {
        let mut differences = self.identity(course);
        differences.extend(self.settings(course));
        self.refuse(&differences, address)
    }

    fn refuse(&self, differences: &[String], address: &str) -> Option<Error> {
        if differences.is_empty() {
            return None;
        }
        let message = format!(
            "the IB Gateway that runs at {address} is not the one asked for: it has {}; it is left alone (ask for what \
             runs, give another --api-port, or end it first, by ibgw-start --kind tws --stop with its own flags)",
            differences.join(", and ")
        );
        Some(Error::new(Exit::Config, message))
    }

    /// The differences that make it another IB Gateway.
    fn identity(&self, course: &Course) -> Vec<String> {
        let mode = self.mode.filter(|mode| *mode != course.mode);
        let mode = mode.map(|mode| format!("--mode {}, not {}", course.mode.name(), mode.name()));
        let is_another = |username: &str| {
            let ledger = course.ledger.as_deref();
            ledger.is_some_and(|ledger| ledger != Guard::ledger_name(username))
        };
        let username = self.username.filter(|username| is_another(username));
        let username = username.map(|_| "another username logged in".to_owned());
        let folders = course.setup.iter().flat_map(|setup| {
            [
                folder("--tws-dir", self.request.tws_dir.as_deref(), &setup.tws_dir),
                folder("--ibc-dir", self.request.ibc_dir.as_deref(), &setup.ibc_dir),
                folder(
                    "--settings-dir",
                    self.request.settings_dir.as_deref(),
                    &setup.settings_dir,
                ),
            ]
        });
        [mode, username]
            .into_iter()
            .chain(folders)
            .flatten()
            .collect()
    }

    /// The differences of the settings that a start may name.
    fn settings(&self, course: &Course) -> Vec<String> {
        let Some(setup) = &course.setup else {
            return Vec::new();
        };
        let request = self.request;
        let vnc = request.vnc.as_ref().map(|vnc| vnc.address);
        let read_only = setup.read_only_api.map(|is_yes| YesNo::of(is_yes).name());
        let all = [
            (
                "--tws-version",
                shown(request.tws_version.as_ref()),
                shown(Some(&setup.version)),
            ),
            (
                "--command-port",
                shown(request.command_port),
                shown(Some(course.command_port)),
            ),
            ("--forward", shown(request.forward), shown(setup.forward)),
            ("--vnc", shown(vnc), shown(setup.vnc)),
            (
                "--auto-restart",
                shown(request.auto_restart.as_ref()),
                setup.auto_restart.clone(),
            ),
            (
                "--cold-restart",
                shown(request.cold_restart.as_ref()),
                setup.cold_restart.clone(),
            ),
            (
                "--read-only-api",
                shown(request.read_only_api.map(YesNo::name)),
                shown(read_only),
            ),
        ];
        let control = request.vnc.as_ref().is_some_and(|vnc| vnc.may_control) && !setup.vnc_control;
        let control = control.then(|| "no --vnc-control".to_owned());
        let all = all.into_iter();
        all.filter_map(|(flag, named, runs)| difference(flag, named, runs))
            .chain(control)
            .collect()
    }
}

/// How a setting differs from the named one; `None` when it does not, or is not named.
fn difference(flag: &str, named: Option<String>, runs: Option<String>) -> Option<String> {
    let named = named.filter(|named| Some(named) != runs.as_ref())?;
    Some(match runs {
        Some(runs) => format!("{flag} {runs}, not {named}"),
        None => format!("no {flag} {named}"),
    })
}

fn shown<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn folder(flag: &str, named: Option<&Path>, runs: &str) -> Option<String> {
    difference(flag, named.map(whole), Some(runs.to_owned()))
}

/// The path without symbolic links, as far as it exists.
pub(crate) fn whole(path: &Path) -> String {
    let found = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    let found = found.unwrap_or_else(|_| path.to_owned());
    found.to_string_lossy().into_owned()
}
