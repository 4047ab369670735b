//! The report, and its exit code.

use ib_cli::{Answer, Exit, Report, Result, rounded_seconds, time, warn};
use ib_webapi::{
    Brokerage, BrokerageAnswer, Denial, Expires, ExpiresUnit, LoginType, SsoState, TokenHolder,
    TokenOutcome,
};
use serde::Serialize;
use std::time::SystemTime;

/// Everything that this run found out.
pub(crate) struct Findings {
    /// Whether IBKR takes the token.
    pub(crate) outcome: TokenOutcome,
    /// What IBKR says of a token that is valid.
    pub(crate) about: Option<TokenHolder>,
    pub(crate) token_changed: Option<bool>,
    pub(crate) brokerage: Option<Brokerage>,
    /// Whether the state is the answer to `sso/validate`, which is stored.
    pub(crate) is_validation: bool,
}

/// What the tool prints.
#[derive(Serialize)]
pub struct ValidateReport {
    /// What the token is worth.
    state: SsoState,
    /// The username that logs in; null when IBKR does not say.
    username: Option<String>,
    /// The paper username that goes with it; null when IBKR does not say.
    paper_username: Option<String>,
    /// IBKR's number of the username; null when IBKR does not say.
    user_id: Option<u64>,
    /// Whether the username is the master's own; null when IBKR does not say.
    is_master: Option<bool>,
    /// Which kind of username it is; null when IBKR does not say.
    login_type: Option<LoginType>,
    /// RFC 3339 in UTC: when the read-only session was authenticated; null when IBKR does not say.
    authenticated_at: Option<String>,
    /// RFC 3339 in UTC: when the read-only session ends without another call; null when IBKR does not say, or gives no
    /// valid time.
    expires_at: Option<String>,
    /// How many seconds are left until then, 0 when it has passed; null with `expires_at`.
    expires_in_seconds: Option<f64>,
    /// Which clock IBKR sent: `epoch_milliseconds` (since 1970) or `milliseconds_left`; null with `expires_at`.
    expires_unit: Option<&'static str>,
    /// The address that IBKR says the token is bound to; null when IBKR does not say.
    ip: Option<String>,
    /// IBKR's name for where this is, such as `PROD`; null when IBKR does not say.
    environment: Option<String>,
    /// Whether IBKR sent another token than the one it got; null when it sent none.
    token_changed: Option<bool>,
    /// The brokerage session, as IBKR describes it; null when the run did not ask, or IBKR said nothing about it.
    brokerage: Option<BrokerageSession>,
}

/// The brokerage session, as IBKR describes it; null is what it does not say.
#[derive(Serialize)]
struct BrokerageSession {
    /// IBKR's flag; null when IBKR does not say.
    authenticated: Option<bool>,
    /// IBKR's flag; null when IBKR does not say.
    connected: Option<bool>,
    /// IBKR's flag; null when IBKR does not say, as in the answers of its guide. The brokerage session is open then when
    /// it has a server.
    established: Option<bool>,
    /// IBKR's flag; null when IBKR does not say.
    competing: Option<bool>,
    /// The name of IBKR's server; null when IBKR does not say.
    server_name: Option<String>,
    /// The version of IBKR's server; null when IBKR does not say.
    server_version: Option<String>,
    /// IBKR's words, at most 120 characters; null without any.
    message: Option<String>,
    /// Why IBKR did not open the brokerage session, at most 120 characters; null without a reason.
    fail: Option<String>,
}

impl Report for ValidateReport {
    fn schema(&self) -> &'static str {
        "ibsso-validate/1"
    }
}

impl Findings {
    /// An outcome alone.
    pub(crate) fn only(outcome: TokenOutcome) -> Self {
        Self {
            outcome,
            about: None,
            token_changed: None,
            brokerage: None,
            is_validation: false,
        }
    }

    /// Puts the outcome of the brokerage session in place of the validation's.
    pub(crate) fn take(&mut self, answer: BrokerageAnswer) {
        // These facts hold only for a token that is valid.
        if answer.outcome.state == SsoState::Invalid {
            self.about = None;
        }
        self.outcome = answer.outcome;
        self.brokerage = answer.brokerage;
        self.is_validation = false;
    }

    /// The report with the exit of its state.
    ///
    /// # Errors
    /// `Unexpected` for an unknown answer, which has no report.
    pub(crate) fn answer(self) -> Result<Answer<ValidateReport>> {
        let now = SystemTime::now();
        self.warn(now);
        let error = self.outcome.error();
        let report = ValidateReport::of(self, now);
        match error {
            None => Ok(Answer::done(report)),
            Some(error) if error.exit == Exit::No => Ok(Answer::no(report)),
            Some(error) if error.exit == Exit::Unexpected => Err(error),
            Some(error) => Ok(Answer::failed(report, error)),
        }
    }

    fn warn(&self, now: SystemTime) {
        let cause = &self.outcome.cause;
        match self.outcome.denial {
            None => {}
            Some(Denial::Unauthorized) => warn("unauthorized", cause),
            Some(Denial::ResultFalse) => warn("result_false", cause),
            Some(Denial::Gone) => warn("session_gone", cause),
        }
        match self.about.as_ref().map(|about| about.expires) {
            None => {}
            Some(Expires::Missing) => warn(
                "expires_missing",
                "IBKR does not say when the read-only session ends",
            ),
            Some(Expires::Malformed) => warn(
                "expires_malformed",
                "IBKR gives no valid time for the end of the read-only session",
            ),
            Some(Expires::At(end, _)) if end <= now => warn(
                "expires_in_the_past",
                "the token is valid and IBKR says that it ended before now (is this machine's clock right?)",
            ),
            Some(Expires::At(..)) => {}
        }
    }
}

impl ValidateReport {
    fn of(found: Findings, now: SystemTime) -> Self {
        let about = found
            .about
            .unwrap_or_else(|| TokenHolder::nothing(Expires::Missing));
        let (end, unit) = match about.expires {
            Expires::At(end, unit) => (Some(end), Some(unit)),
            Expires::Missing | Expires::Malformed => (None, None),
        };
        Self {
            state: found.outcome.state,
            username: about.username,
            paper_username: about.paper_username,
            user_id: about.user_id,
            is_master: about.is_master,
            login_type: about.login_type,
            authenticated_at: about.authenticated_at.map(time),
            expires_at: end.map(time),
            expires_in_seconds: end
                .map(|end| rounded_seconds(end.duration_since(now).unwrap_or_default())),
            expires_unit: unit.map(|unit| match unit {
                ExpiresUnit::EpochMilliseconds => "epoch_milliseconds",
                ExpiresUnit::MillisecondsLeft => "milliseconds_left",
            }),
            ip: about.ip,
            environment: about.environment,
            token_changed: found.token_changed,
            brokerage: found.brokerage.map(BrokerageSession::of),
        }
    }
}

impl BrokerageSession {
    fn of(brokerage: Brokerage) -> Self {
        Self {
            authenticated: brokerage.authenticated,
            connected: brokerage.connected,
            established: brokerage.established,
            competing: brokerage.competing,
            server_name: brokerage.server_name,
            server_version: brokerage.server_version,
            message: brokerage.message,
            fail: brokerage.fail,
        }
    }
}
