//! IBKR's penalty box, stored for all runs: a 429 shuts out our address, for every token and every endpoint of the
//! host.

use crate::pace::rest;
use crate::state_files::{self, FOLDER, StateFile};
use ib_cli::{Result, StateArgs, StateDir, warn};
use ib_webapi::{Api, LONGEST_WAIT, PENALTY, SsoState, TokenOutcome};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The wait that one host's last 429 asked for.
pub(crate) struct StoredPenalty {
    state: StateDir,
    file: String,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct PenaltyRecord {
    schema: String,
    /// When the 429 came.
    told_at_ms: u64,
    /// How long to send nothing from then on.
    wait_seconds: u64,
}

const SCHEMA: &str = "ibsso-validate-penalty/1";

impl StoredPenalty {
    /// The penalty at the host of this client.
    ///
    /// # Errors
    /// `Config` when the state directory cannot be used.
    pub(crate) fn of(args: &StateArgs, api: &Api) -> Result<Self> {
        let state = StateDir::open(args)?;
        state.create(FOLDER)?;
        let name = state_files::name(&[api.address().as_bytes()]);
        let file = format!("{FOLDER}/penalty-{name}.json");
        Ok(Self { state, file })
    }

    /// The outcome without a call while the penalty lasts; `None` when the tool may ask the host.
    ///
    /// # Errors
    /// `Config` when the file cannot be read.
    pub(crate) fn in_force(&self) -> Result<Option<TokenOutcome>> {
        let now = SystemTime::now();
        let Some((at, rest)) = self.left(now)? else {
            return Ok(None);
        };
        let age = now.duration_since(at).unwrap_or_default().as_secs();
        let cause = format!(
            "IBKR answered 429 {age}s ago: too many requests came from this address, and nothing is sent until it takes them again"
        );
        warn("answered_from_state", &cause);
        let outcome = TokenOutcome::new(SsoState::Unavailable, cause);
        Ok(Some(outcome.after(Some(rest))))
    }

    /// Stores the penalty of an outcome, if it was a 429.
    pub(crate) fn note(&self, outcome: &TokenOutcome) {
        let Some(wait) = outcome.retry_after.filter(|_| outcome.shuts_out) else {
            return;
        };
        // Another run may have stored a longer penalty.
        let now = SystemTime::now();
        let stored = match self.left(now) {
            Ok(Some((_, rest))) if rest >= wait => Ok(()),
            Ok(_) => self.store(now, wait),
            Err(error) => Err(error),
        };
        if let Err(error) = stored {
            warn("state_not_written", &error.to_string());
        }
    }

    /// When the 429 came, and how much of the wait is left.
    fn left(&self, now: SystemTime) -> Result<Option<(SystemTime, Duration)>> {
        let stored = state_files::read(&self.state, &self.file, |it: &PenaltyRecord| {
            it.schema == SCHEMA
        })?;
        let (at, wait) = match stored {
            StateFile::Missing => return Ok(None),
            StateFile::Record(record) => {
                let at = UNIX_EPOCH.checked_add(Duration::from_millis(record.told_at_ms));
                let wait = Duration::from_secs(record.wait_seconds).min(LONGEST_WAIT);
                (at.unwrap_or(UNIX_EPOCH), wait)
            }
            // Only a penalty is ever written there, so a damaged file counts as a whole one.
            StateFile::Damaged(written) => {
                self.store(written, PENALTY)?;
                (written, PENALTY)
            }
        };
        Ok(rest(at, wait, now).map(|rest| (at, rest)))
    }

    fn store(&self, at: SystemTime, wait: Duration) -> Result<()> {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let record = PenaltyRecord {
            schema: SCHEMA.to_owned(),
            told_at_ms: u64::try_from(since.as_millis()).unwrap_or_default(),
            wait_seconds: wait.as_secs(),
        };
        state_files::write(&self.state, &self.file, &record)
    }
}
