//! The brokerage session: opened, awaited, kept alive.

use crate::args::{GUIDE_PATH, REFERENCE_PATH};
use crate::report::Found;
use ib_cli::{Error, Exit, Result, status, warn};
use ib_proc::Deadline;
use ib_webapi::{About, Api, BrokerageAnswer, Progress, SsoState, Told};
use std::time::Duration;

/// How long to wait before the state is asked for again: IBKR takes ten calls a second, and no session is made faster.
const PAUSE: Duration = Duration::from_secs(1);

/// Opens the brokerage session and waits until it is established.
///
/// # Errors
/// `Config` when the path does not exist.
pub(crate) fn open(api: &Api, path: &str, found: &mut Found, deadline: Deadline) -> Result<()> {
    let mut answer = api.open_brokerage_session(path, deadline);
    if answer.progress == Progress::Transient && deadline.pause(PAUSE) {
        // Once and no more: a client that went on each minute for hours ended with its logins refused.
        ib_cli::log("info", "init_again", &answer.told.cause);
        answer = api.open_brokerage_session(path, deadline);
    }
    while answer.progress == Progress::Pending {
        status("waiting for the brokerage session");
        if !deadline.pause(PAUSE) {
            let cause = format!("{}, and the time is up (try later)", answer.told.cause);
            answer.told = Told::new(SsoState::TimedOut, cause);
            break;
        }
        let known = answer.brokerage.take();
        answer = api.auth_status(deadline);
        answer.brokerage = answer.brokerage.or(known);
    }
    if answer.progress == Progress::NoSuchPath {
        return Err(Error::new(Exit::Config, no_such_path(&answer, path)));
    }
    found.told = answer.told;
    found.brokerage = answer.brokerage;
    found.is_validation = false;
    Ok(())
}

fn no_such_path(answer: &BrokerageAnswer, path: &str) -> String {
    let other = if path == GUIDE_PATH {
        REFERENCE_PATH
    } else {
        GUIDE_PATH
    };
    format!("{} (give --init-path {other})", answer.told.cause)
}

/// Keeps the brokerage session alive, in place of validating.
pub(crate) fn tickle(api: &Api, deadline: Deadline) -> Found {
    let answer = api.tickle(deadline);
    let about = (answer.told.state == SsoState::Valid).then(|| About {
        user_id: answer.user_id,
        ..About::nothing(answer.expires)
    });
    Found {
        about,
        brokerage: answer.brokerage,
        ..Found::nothing(answer.told)
    }
}

/// Tickles a brokerage session that has just been opened; nothing is lost when that does not work.
pub(crate) fn tickle_after(api: &Api, deadline: Deadline) {
    let answer = api.tickle(deadline);
    if answer.progress != Progress::Open {
        warn("tickle_failed", &answer.told.cause);
    }
}
