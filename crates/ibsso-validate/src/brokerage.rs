//! The brokerage session: opened, awaited, kept alive.

use crate::args::{GUIDE_PATH, REFERENCE_PATH};
use crate::report::Findings;
use crate::stored_penalty::StoredPenalty;
use ib_cli::{Error, Exit, Result, status, warn};
use ib_proc::Deadline;
use ib_webapi::{Api, BrokerageAnswer, BrokerageProgress, SsoState, TokenHolder, TokenOutcome};
use std::time::Duration;

/// How long to wait before the state is asked for again: IBKR takes ten calls a second, and no session is made faster.
const PAUSE: Duration = Duration::from_secs(1);

/// Opens the brokerage session and waits until it is established.
///
/// # Errors
/// `Config` when the path does not exist.
pub(crate) fn open(api: &Api, path: &str, deadline: Deadline) -> Result<BrokerageAnswer> {
    let mut answer = api.open_brokerage_session(path, deadline);
    if answer.progress == BrokerageProgress::Transient && deadline.pause(PAUSE) {
        // Once and no more: a client that went on each minute for hours ended with its logins refused.
        ib_cli::log("info", "init_again", &answer.told.cause);
        answer = api.open_brokerage_session(path, deadline);
    }
    if answer.progress == BrokerageProgress::NoSuchPath {
        return Err(Error::new(Exit::Config, no_such_path(&answer, path)));
    }
    Ok(until_open(api, answer, deadline))
}

/// Asks for the session's status until it is open, or is not going to be.
fn until_open(api: &Api, mut answer: BrokerageAnswer, deadline: Deadline) -> BrokerageAnswer {
    while answer.progress == BrokerageProgress::Pending {
        status("waiting for the brokerage session");
        if !deadline.pause(PAUSE) {
            // An answer that says when to come back says more than the clock does.
            if answer.told.state == SsoState::Valid {
                let cause = format!("{}, and the time is up (try later)", answer.told.cause);
                answer.told = TokenOutcome::new(SsoState::TimedOut, cause);
            }
            break;
        }
        let next = api.auth_status(deadline);
        answer = followed_by(answer, next);
    }
    answer
}

/// The next answer, with what was known of the session if it says nothing of it and the session may be there.
fn followed_by(known: BrokerageAnswer, mut next: BrokerageAnswer) -> BrokerageAnswer {
    if next.told.state != SsoState::Invalid {
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
    format!("{} (give --init-path {other})", answer.told.cause)
}

/// Tickles a brokerage session that has just been opened; what says nothing about it is only warned of.
pub(crate) fn tickle_after(
    api: &Api,
    opened: BrokerageAnswer,
    penalty: &StoredPenalty,
    deadline: Deadline,
) -> BrokerageAnswer {
    let answer = api.tickle(deadline);
    match answer.told.state {
        SsoState::Unavailable | SsoState::Down | SsoState::TimedOut | SsoState::Unknown => {
            penalty.note(&answer.told);
            warn("tickle_failed", &answer.told.cause);
            opened
        }
        // It may have been closed since, or taken by another login.
        _ => until_open(api, followed_by(opened, answer), deadline),
    }
}

/// Keeps the brokerage session alive, in place of validating.
pub(crate) fn tickle(api: &Api, deadline: Deadline) -> Findings {
    let answer = api.tickle(deadline);
    if answer.told.state == SsoState::Valid && answer.progress != BrokerageProgress::Open {
        warn("brokerage_closed", &answer.told.cause);
    }
    let about = (answer.told.state == SsoState::Valid).then(|| TokenHolder {
        user_id: answer.user_id,
        ..TokenHolder::nothing(answer.expires)
    });
    Findings {
        about,
        brokerage: answer.brokerage,
        ..Findings::nothing(answer.told)
    }
}
