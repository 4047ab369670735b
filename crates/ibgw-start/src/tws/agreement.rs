//! Whether the IB Gateway that runs is the one that is asked for.

use crate::tws::args::{TwsArgs, YesNo};
use ib_cli::{Error, Exit, Mode};
use ib_guard::Guard;
use ib_tws::{Course, Setup};
use std::fmt::Display;
use std::fs;
use std::path::Path;

/// What a run names of an IB Gateway.
pub struct Named<'a> {
    pub args: &'a TwsArgs,
    /// `None` when nothing says which.
    pub mode: Option<Mode>,
    /// `None` when a person logs in, or nobody.
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
        differences.extend(course.setup.iter().flat_map(|setup| self.settings(setup)));
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
    fn settings(&self, setup: &Setup) -> Vec<String> {
        let args = self.args;
        let text = |time: &dyn Display| time.to_string();
        let all = [
            differs(
                "--tws-version",
                args.tws_version.as_ref(),
                Some(&setup.version),
            ),
            differs("--forward", args.forward.as_ref(), setup.forward.as_ref()),
            differs("--vnc", args.vnc.as_ref(), setup.vnc.as_ref()),
            differs(
                "--auto-restart",
                args.auto_restart.as_ref().map(|time| text(time)).as_ref(),
                setup.auto_restart.as_ref(),
            ),
            differs(
                "--cold-restart",
                args.cold_restart.as_ref().map(|time| text(time)).as_ref(),
                setup.cold_restart.as_ref(),
            ),
            differs(
                "--read-only-api",
                args.read_only_api.map(YesNo::name).as_ref(),
                setup
                    .read_only_api
                    .map(|is_yes| YesNo::of(is_yes).name())
                    .as_ref(),
            ),
            (args.vnc_control && !setup.vnc_control).then(|| "no --vnc-control".to_owned()),
        ];
        all.into_iter().flatten().collect()
    }
}

/// How a setting that is named is otherwise; `None` when it is as named, or not named.
fn differs<T: PartialEq + Display>(
    flag: &str,
    named: Option<&T>,
    runs: Option<&T>,
) -> Option<String> {
    let named = named.filter(|named| Some(*named) != runs)?;
    Some(match runs {
        Some(runs) => format!("{flag} {runs}, not {named}"),
        None => format!("no {flag} {named}"),
    })
}

fn folder(flag: &str, named: Option<&Path>, runs: &str) -> Option<String> {
    let named = named.map(whole);
    differs(flag, named.as_ref(), Some(&runs.to_owned()))
}

/// The path without symbolic links, as far as it exists.
pub fn whole(path: &Path) -> String {
    let found = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
    let found = found.unwrap_or_else(|_| path.to_owned());
    found.to_string_lossy().into_owned()
}
