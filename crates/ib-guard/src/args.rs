//! The flags of the guard.

use crate::limits::{DEFAULT_FAILURES, HARD_CAP};
use crate::policy::Terms;
use crate::quiet::{self, Quiet};
use clap::builder::RangedU64ValueParser;
use ib_cli::Mode;
use ib_cli::flag_group::GUARD;
use std::io::IsTerminal;
use std::time::SystemTime;

/// The flags of every tool that asks the guard.
#[derive(clap::Args, Clone, Debug)]
pub struct GuardArgs {
    /// Allow this many failed logins in 24 hours, at most 4
    #[arg(long, value_name = "N", default_value_t = DEFAULT_FAILURES, value_parser = RangedU64ValueParser::<u8>::new().range(0..=u64::from(HARD_CAP)), help_heading = GUARD)]
    pub max_failures: u8,
    /// Log in although a refusal, or notifications without approval, hold the login
    ///
    /// Use it once you have corrected the cause. It lifts no other hold.
    #[arg(long, help_heading = GUARD)]
    pub force_after_hold: bool,
    /// Say that a person watches this login [default: when stderr is a terminal]
    ///
    /// That person sees the notification on the phone, and a failure.
    #[arg(long, help_heading = GUARD)]
    pub attended: bool,
    /// Never log in unattended during this window, such as ibkr-weekend
    ///
    /// A weekly window is `Fri 23:00-Sat 03:00 America/New_York`, a daily one `23:30-00:30 Europe/Zurich`, in the time
    /// of that zone. Days are `Mon` to `Sun`. Or name a reset that IBKR publishes: `ibkr-weekend` for all regions, or
    /// the daily one of a region: `ibkr-america`, `ibkr-europe` or `ibkr-asia`. One value may hold several windows, with
    /// commas between them.
    #[arg(long, value_name = "WINDOW", help_heading = GUARD)]
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
