//! Make the session ready, with the cheapest step that works.
//!
//! The order, each step only if the one before did not suffice: ask; recover the brokerage session; the guard;
//! one login; wait until ready. "Could not ask" is never taken for "logged out".

mod args;
mod attempt;
mod authenticator;
mod browser;
mod code_source;
mod direct;
mod ending;
mod error_text;
mod factor;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod guard_status;
mod known_page;
mod mode;
mod notice;
mod report;
mod session;
mod settle;
mod task;
mod tws;
mod way;
mod wording;

pub use args::LoginArgs;
pub use report::{LoginOutput, LoginReport, Standing};

use args::GatewayKind;
use attempt::LoginAttempt;
use ib_cli::{Answer, Error, Exit, Login, OrExit, Result, StateDir};
use ib_guard::Guard;
use ib_proc::{Deadline, undo};
use ib_webapi::{Gateway, Session, SessionState};
use known_page::KnownPage;
use report::ReadyBy;
use session::SessionLook;
use std::time::Instant;

/// Runs the tool.
///
/// # Errors
/// When there is nothing to report: a wrong setting, a record that cannot be read, a browser that is not there.
pub fn run(args: LoginArgs) -> Result<Answer<LoginOutput>> {
    undo::on_signals().or_exit(Exit::Unexpected)?;
    let deadline = Deadline::after(args.timeout);
    if args.page_defaults {
        return KnownPage::defaults().map(|page| Answer::done(LoginOutput::Page(page)));
    }
    match (&args.forgive, args.status, args.logout) {
        (Some(reason), ..) => guard_status::forgive(&args, reason, deadline),
        (None, true, _) => guard_status::show(&args, deadline),
        // A variable may still have what is of another kind.
        (None, false, _) if args.kind == GatewayKind::Tws => tws::follow(&args, deadline),
        (None, false, true) => log_out(&args, deadline),
        (None, false, false) => make_ready(&args, deadline),
    }
}

fn make_ready(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let (began, gateway) = (Instant::now(), Gateway::new(&args.gateway)?);
    let page = KnownPage::read(args.page.as_deref())?;
    let before = match session::ask_and_recover(&gateway, args.compete, deadline) {
        SessionLook::LoginNeeded(session) if !args.recover_only => session,
        settled => {
            if !args.recover_only {
                Login::drain(&args.login, deadline);
            }
            return Ok(settle::answer(without_login(settled), began.elapsed()));
        }
    };
    let login = Login::read(&args.login, deadline)?;
    let state = StateDir::open(&args.state)?;
    let mut guard = Guard::take(&state, &login.username, deadline)?;
    let attempt = LoginAttempt {
        args,
        state: &state,
        gateway: &gateway,
        login: &login,
        page: &page,
        before: &before,
        deadline,
    };
    // Whoever had the lock before may have made the session ready.
    let again = session::ask_again(&gateway, args.compete, deadline);
    let asked = match before.state {
        SessionState::NoSession => {
            session::recover_if_alive(&gateway, again, args.compete, deadline)
        }
        // Recovering it has just failed.
        _ => again,
    };
    let reported = match asked {
        SessionLook::LoginNeeded(_) => attempt.log_in(&mut guard)?,
        settled => without_login(settled),
    };
    Ok(settle::answer(reported, began.elapsed()))
}

fn without_login(settled: SessionLook) -> wording::Reported {
    let report = |session: &Session| LoginReport::new(session);
    match settled {
        SessionLook::Ready {
            session,
            is_recovered,
        } => {
            let mut report = report(&session);
            report.how = Some(if is_recovered {
                ReadyBy::Recovered
            } else {
                ReadyBy::Already
            });
            (report, None)
        }
        SessionLook::LoginNeeded(session) => (report(&session), None),
        SessionLook::Stop(session) => (report(&session), Some(session.error())),
    }
}

fn log_out(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let (began, gateway) = (Instant::now(), Gateway::new(&args.gateway)?);
    gateway.logout(deadline)?;
    let after = gateway.auth_status(deadline);
    let error = match after.state {
        SessionState::NoSession | SessionState::NotAuthenticated | SessionState::NotEstablished => {
            None
        }
        SessionState::Ready | SessionState::Competing => {
            let message = "the Gateway says that it logged out, and the session is still there";
            Some(Error::new(Exit::Unexpected, message))
        }
        _ => Some(after.error()),
    };
    let report = LoginReport::new(&after).finish(began.elapsed());
    Ok(match error {
        Some(error) => Answer::failed(report, error),
        None => Answer::done(report),
    })
}
