//! The flags of the guard.

use crate::limits::{DEFAULT_FAILURES, HARD_CAP};
use crate::policy::Terms;
use crate::quiet::{self, Quiet};
use clap::builder::RangedU64ValueParser;
use ib_cli::Mode;
use std::io::IsTerminal;
use std::time::SystemTime;

/// The flags of every tool that asks the guard.
#[derive(clap::Args, Clone, Debug)]
pub struct GuardArgs {
    /// Allow this many failed logins in 24 hours, 4 at the most
    #[arg(long, value_name = "N", default_value_t = DEFAULT_FAILURES, value_parser = RangedU64ValueParser::<u8>::new().range(0..=u64::from(HARD_CAP)))]
    pub max_failures: u8,
    /// Log in although a refusal or unapproved notifications hold it back
    #[arg(long)]
    pub force_after_hold: bool,
    /// Say that a person is there [default: when stderr is a terminal]
    #[arg(long)]
    pub attended: bool,
    /// Log in unattended at no such time, such as 'Fri 23:00-Sat 03:00 America/New_York' or ibkr-weekend
    #[arg(long, value_name = "WINDOW")]
    pub quiet: Vec<Quiet>,
}

impl GuardArgs {
    /// What the guard may allow at this moment, in a mode; `is_without_push` says whether the login is expected to send no
    /// notification.
    #[must_use]
    pub fn terms(&self, mode: Mode, is_without_push: bool) -> Terms {
        Terms {
            max_failures: self.max_failures,
            force_after_hold: self.force_after_hold,
            is_attended: self.attended || std::io::stderr().is_terminal(),
            quiet_until: quiet::until(&self.quiet, SystemTime::now()),
            mode,
            is_without_push,
        }
    }
}
