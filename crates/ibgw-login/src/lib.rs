//! Make the session ready, with the cheapest step that works.
//!
//! The order, each step only if the one before did not suffice: ask; recover the brokerage session; the guard;
//! one login; wait until ready. "Could not ask" never counts as "logged out".

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
mod notice;
mod reason;
mod report;
mod session;
mod settle;
mod task;
mod tws;
mod way;
mod wording;

pub use args::LoginArgs;
pub use report::{GuardStatus, LoginOutput, LoginReport};

use args::Action;
use attempt::LoginAttempt;
use ib_cli::{Answer, Error, Exit, Login, OrExit, Result, StateDir};
use ib_guard::Guard;
use ib_proc::{Deadline, undo};
use ib_webapi::{Gateway, Session, SessionState};
use known_page::KnownPage;
use report::ReadyBy;
use session::SessionFinding;
use std::time::Instant;
use wording::ReportAndError;

/// Runs the tool.
///
/// # Errors
/// When there is nothing to report: a wrong setting, a record that cannot be read, a browser that is not installed.
pub fn run(args: LoginArgs) -> Result<Answer<LoginOutput>> {
    undo::on_signals().or_exit(Exit::Unexpected)?;
    let deadline = Deadline::after(args.timeout);
    match args.action() {
        Action::PrintKnownPage => print_known_page(),
        Action::Forgive(reason) => guard_status::forgive(&args, reason, deadline),
        Action::ShowGuard => guard_status::show(&args, deadline),
        Action::FollowIbGateway => tws::follow(&args, deadline),
        Action::LogOut => log_out(&args, deadline),
        Action::RecoverOnly => recover(&args, deadline),
        Action::MakeReady => make_ready(&args, deadline),
    }
}

fn print_known_page() -> Result<Answer<LoginOutput>> {
    KnownPage::defaults().map(|page| Answer::done(LoginOutput::Page(page)))
}

fn recover(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let began = Instant::now();
    let gateway = Gateway::new(&args.gateway)?;
    // A file that cannot be used is an error of every run that has one.
    KnownPage::read(args.page.as_deref())?;
    let look = session::ask_and_recover(&gateway, args.compete, deadline);
    Ok(settle::answer(without_login(look), began.elapsed()))
}

fn make_ready(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let began = Instant::now();
    let gateway = Gateway::new(&args.gateway)?;
    let page = KnownPage::read(args.page.as_deref())?;
    let reported = match session::ask_and_recover(&gateway, args.compete, deadline) {
        SessionFinding::LoginNeeded(before) => log_in(args, &gateway, &page, &before, deadline)?,
        settled @ (SessionFinding::Ready { .. } | SessionFinding::Stop(_)) => {
            Login::drain(&args.login, deadline);
            without_login(settled)
        }
    };
    Ok(settle::answer(reported, began.elapsed()))
}

/// Logs in, once, unless the run that had the lock before has made the session ready.
fn log_in(
    args: &LoginArgs,
    gateway: &Gateway,
    page: &KnownPage,
    before: &Session,
    deadline: Deadline,
) -> Result<ReportAndError> {
    let login = Login::read(&args.login, deadline)?;
    let state = StateDir::open(&args.state)?;
    let mut guard = Guard::take(&state, &login.username, deadline)?;
    let mut look = session::ask_again(gateway, args.compete, deadline);
    // Any other brokerage session could not be recovered a moment ago.
    if before.state == SessionState::NoSession {
        look = session::recover_if_alive(gateway, look, args.compete, deadline);
    }
    match look {
        SessionFinding::LoginNeeded(_) => LoginAttempt {
            args,
            state: &state,
            gateway,
            login: &login,
            page,
            before,
            deadline,
        }
        .log_in(&mut guard),
        settled @ (SessionFinding::Ready { .. } | SessionFinding::Stop(_)) => {
            Ok(without_login(settled))
        }
    }
}

fn without_login(look: SessionFinding) -> ReportAndError {
    match look {
        SessionFinding::Ready {
            session,
            is_recovered,
        } => {
            let mut report = LoginReport::new(&session);
            report.how = Some(if is_recovered {
                ReadyBy::Recovered
            } else {
                ReadyBy::Already
            });
            (report, None)
        }
        SessionFinding::LoginNeeded(session) => (LoginReport::new(&session), None),
        SessionFinding::Stop(session) => (LoginReport::new(&session), session.error()),
    }
}

fn log_out(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let began = Instant::now();
    let gateway = Gateway::new(&args.gateway)?;
    gateway.logout(deadline)?;
    let after = gateway.auth_status(deadline);
    let report = LoginReport::new(&after).finish(began.elapsed());
    let error = match after.state {
        SessionState::NoSession | SessionState::NotAuthenticated | SessionState::NotEstablished => {
            None
        }
        SessionState::Ready | SessionState::Competing => {
            let message = "the Gateway says that it logged out, and the session is still there";
            Some(Error::new(Exit::Unexpected, message))
        }
        SessionState::Unavailable
        | SessionState::TimedOut
        | SessionState::Down
        | SessionState::Unknown
        | SessionState::AccessDenied => after.error(),
    };
    Ok(match error {
        Some(error) => Answer::failed(report, error),
        None => Answer::done(report),
    })
}
