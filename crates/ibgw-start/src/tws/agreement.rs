//! Whether the IB Gateway that runs is the one that is asked for.

use crate::args::tws::{TwsArgs, YesNo};
use ib_cli::{Error, Exit, Mode};
use ib_guard::Guard;
use ib_tws::Course;
use std::fs;
use std::path::Path;

/// What a run names of an IB Gateway.
pub struct Named<'a> {
    pub args: &'a TwsArgs,
    /// `None` when nothing says which.
    pub mode: Option<Mode>,
    /// `None` when a person logs in, or nothing logs in.
    pub username: Option<&'a str>,
}

impl Named<'_> {
    /// The error when the one that runs is another than is named: another one is never ended, nor taken for it.
    pub fn refuse_another(&self, course: &Course, address: &str) -> Option<Error> {
        self.refuse(&self.identity(course), address)
    }

    /// The same for a start, which also says how the one that it wants is to be.
    pub fn refuse_otherwise(&self, course: &Course, address: &str) -> Option<Error> {
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

    /// What tells one IB Gateway from another.
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
                folder("--tws-dir", self.args.tws_dir.as_deref(), &setup.tws_dir),
                folder("--ibc-dir", self.args.ibc_dir.as_deref(), &setup.ibc_dir),
                folder(
                    "--settings-dir",
                    self.args.settings_dir.as_deref(),
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

    /// What else a start may name.
    fn settings(&self, course: &Course) -> Vec<String> {
        let Some(setup) = &course.setup else {
            return Vec::new();
        };
        let args = self.args;
        let read_only = setup.read_only_api.map(|is_yes| YesNo::of(is_yes).name());
        let all = [
            (
                "--tws-version",
                shown(args.tws_version.as_ref()),
                shown(Some(&setup.version)),
            ),
            (
                "--command-port",
                shown(args.command_port),
                shown(Some(course.command_port)),
            ),
            ("--forward", shown(args.forward), shown(setup.forward)),
            ("--vnc", shown(args.vnc), shown(setup.vnc)),
            (
                "--auto-restart",
                shown(args.auto_restart.as_ref()),
                setup.auto_restart.clone(),
            ),
            (
                "--cold-restart",
                shown(args.cold_restart.as_ref()),
                setup.cold_restart.clone(),
            ),
            (
                "--read-only-api",
                shown(args.read_only_api.map(YesNo::name)),
                shown(read_only),
            ),
        ];
        let control = args.vnc_control && !setup.vnc_control;
        let control = control.then(|| "no --vnc-control".to_owned());
        let all = all.into_iter();
        all.filter_map(|(flag, named, runs)| difference(flag, named, runs))
            .chain(control)
            .collect()
    }
}

/// How a setting that is named is otherwise; `None` when it is as named, or not named.
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
pub fn whole(path: &Path) -> String {
    let found = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    let found = found.unwrap_or_else(|_| path.to_owned());
    found.to_string_lossy().into_owned()
}
