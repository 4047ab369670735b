//! The call, and the second one when the session is near its end.

use ib_cli::{Error, Exit, Result, warn};
use ib_proc::Deadline;
use ib_webapi::{Expires, Gateway, GatewayRoot, Session, SessionState};
use std::time::{Duration, Instant, SystemTime};

/// With less time left than this, the read-only session is extended, or the report warns: the usual interval of a tickle.
const NEAR_THE_END: Duration = Duration::from_secs(60);

/// What was found, and how long that took.
pub(crate) struct TimedAnswer {
    pub(crate) found: Session,
    pub(crate) expires: Expires,
    pub(crate) latency: Duration,
}

/// Asks once and never repeats it: a call that is given up still takes one of the Gateway's five connections to IBKR
/// (seen with build a27ed42).
///
/// # Errors
/// `Config` when the Gateway refuses our address.
pub(crate) fn ask(gateway: &Gateway, validate: bool, deadline: Deadline) -> Result<TimedAnswer> {
    let begin = Instant::now();
    let found = gateway.tickle(deadline);
    let latency = begin.elapsed();
    if found.state == SessionState::AccessDenied
        && let Some(error) = found.error()
    {
        return Err(error);
    }
    if found.state == SessionState::Unavailable {
        check_filter(gateway, deadline)?;
    }
    let mut asked = TimedAnswer {
        expires: found.expires,
        found,
        latency,
    };
    if asked.is_alive() && (validate || asked.is_near_the_end()) {
        asked.validate(gateway, deadline);
    }
    asked.warn();
    Ok(asked)
}

/// Tells the Gateway's own 500, which it gives to every request, from one that came from IBKR.
fn check_filter(gateway: &Gateway, deadline: Deadline) -> Result<()> {
    if gateway.root(deadline) != GatewayRoot::Broken {
        return Ok(());
    }
    let message = format!(
        "asking {}: the Gateway answers 500 to everything (take \"*\" out of ips.allow in its conf.yaml)",
        gateway.url()
    );
    Err(Error::new(Exit::Config, message))
}

impl TimedAnswer {
    /// Whether there is a session that could be validated.
    fn is_alive(&self) -> bool {
        matches!(
            self.found.state,
            SessionState::Ready
                | SessionState::NotEstablished
                | SessionState::NotAuthenticated
                | SessionState::Competing
        )
    }

    fn is_near_the_end(&self) -> bool {
        let soon = SystemTime::now() + NEAR_THE_END;
        self.expires.at().is_some_and(|end| end < soon)
    }

    fn validate(&mut self, gateway: &Gateway, deadline: Deadline) {
        let validation = gateway.validate(deadline);
        match validation.result {
            Some(true) if validation.expires == Expires::Missing => {}
            Some(true) => self.expires = validation.expires,
            Some(false) => {
                self.found.state = SessionState::NoSession;
                self.found.cause = validation.cause;
                self.expires = Expires::Missing;
            }
            None => warn("validation_unanswered", &validation.cause),
        }
    }

    fn warn(&self) {
        if self.found.authenticated == Some(false) && self.found.connected == Some(true) {
            warn(
                "gateway_may_log_out",
                "connected and not authenticated: a Gateway that opens brokerage sessions itself logs such a session out within 30s",
            );
        }
        if self.expires == Expires::Malformed {
            warn(
                "expires_malformed",
                "IBKR gives no valid time for the end of the read-only session",
            );
        }
        if self.is_alive() && self.is_near_the_end() {
            warn(
                "session_expires_soon",
                "the read-only session ends within a minute",
            );
        }
    }
}
