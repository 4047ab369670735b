//! Open the brokerage session, wait for it, and keep it alive.

use crate::args::{GUIDE_PATH, REFERENCE_PATH};
use crate::report::Findings;
use crate::stored_penalty::StoredPenalty;
use ib_cli::{Error, Exit, Result, status, warn};
use ib_proc::Deadline;
use ib_webapi::{Api, BrokerageAnswer, BrokerageProgress, SsoState, TokenHolder, TokenOutcome};
use std::time::Duration;

/// The pause between two questions for the state. IBKR takes ten calls a second, and opens no session faster than this.
const PAUSE: Duration = Duration::from_secs(1);

/// Opens the brokerage session and waits until it is established.
///
/// # Errors
/// `Config` when the path does not exist.
pub(crate) fn open(api: &Api, path: &str, deadline: Deadline) -> Result<BrokerageAnswer> {
    let mut answer = api.open_brokerage_session(path, deadline);
    if answer.progress == BrokerageProgress::Transient && deadline.pause(PAUSE) {
        // Only once: IBKR refused the logins of a client that went on each minute for hours.
        ib_cli::log("info", "init_again", &answer.outcome.cause);
        answer = api.open_brokerage_session(path, deadline);
    }
    if answer.progress == BrokerageProgress::NoSuchPath {
        return Err(Error::new(Exit::Config, no_such_path(&answer, path)));
    }
    Ok(until_open(api, answer, deadline))
}

/// Asks for the session's status until it is open, or until it cannot open any more.
fn until_open(api: &Api, mut answer: BrokerageAnswer, deadline: Deadline) -> BrokerageAnswer {
    while answer.progress == BrokerageProgress::Pending {
        status("waiting for the brokerage session");
        if !deadline.pause(PAUSE) {
            // An answer that says when to come back tells more than a timeout.
            if answer.outcome.state == SsoState::Valid {
                let cause = format!(
                    "{}, and the time is up (try again later)",
                    answer.outcome.cause
                );
                answer.outcome = TokenOutcome::new(SsoState::TimedOut, cause);
            }
            break;
        }
        let next = api.auth_status(deadline);
        answer = followed_by(answer, next);
    }
    answer
}

/// The next answer. If it says nothing of the session, and the session may still exist, the earlier facts stay in it.
fn followed_by(known: BrokerageAnswer, mut next: BrokerageAnswer) -> BrokerageAnswer {
    if next.outcome.state != SsoState::Invalid {
        next.brokerage = next.brokerage.or(known.brokerage);
    }
    next
}

fn no_such_path(answer: &BrokerageAnswer, path: &str) -> String {
    let other = if path == GUIDE_PATH {
        REFERENCE_PATH
    } else {
        GUIDE_PATH
    };
    format!("{} (give --init-path {other})", answer.outcome.cause)
}

/// Tickles a brokerage session that has just been opened. A failure that says nothing about it is only a warning.
pub(crate) fn tickle_after(
    api: &Api,
    opened: BrokerageAnswer,
    penalty: &StoredPenalty,
    deadline: Deadline,
) -> BrokerageAnswer {
    let answer = api.tickle(deadline);
    match answer.outcome.state {
        SsoState::Unavailable | SsoState::Down | SsoState::TimedOut | SsoState::Unknown => {
            penalty.note(&answer.outcome);
            warn("tickle_failed", &answer.outcome.cause);
            opened
        }
        // IBKR may have closed the session, or given it to another login.
        SsoState::Valid
        | SsoState::Invalid
        | SsoState::LoggedOut
        | SsoState::Refused
        | SsoState::Competing => until_open(api, followed_by(opened, answer), deadline),
    }
}

/// Tickles the brokerage session, and does not validate the token.
pub(crate) fn tickle(api: &Api, deadline: Deadline) -> Findings {
    let answer = api.tickle(deadline);
    if answer.outcome.state == SsoState::Valid && answer.progress != BrokerageProgress::Open {
        warn("brokerage_closed", &answer.outcome.cause);
    }
    let about = (answer.outcome.state == SsoState::Valid).then(|| TokenHolder {
        user_id: answer.user_id,
        ..TokenHolder::nothing(answer.expires)
    });
    Findings {
        about,
        brokerage: answer.brokerage,
        ..Findings::only(answer.outcome)
    }
}
