//! IB Gateway or TWS, with IBC typing the login into its window.

mod accounting;
mod agreement;
mod api_off;
mod api_watch;
mod attempt;
mod clean_environment;
mod config_file;
mod course_file;
mod display;
mod endings;
mod follow;
mod hand_over;
mod ibc;
mod ibc_config;
mod ibc_values;
mod image_variables;
mod installation;
mod instance;
mod notifier;
mod order;
mod outlook;
mod paths;
mod ports;
mod program;
mod redaction;
mod report;
mod request;
mod screenshot;
mod serving;
mod start;
mod stop;
mod supervisor;
mod transcript;
mod vnc;

pub(crate) use ibc_values::{ClockTime, DayMinute, YesNo};
pub(crate) use report::TwsReport;
pub(crate) use request::{LoginSource, TwsRequest, VncRequest};

use crate::service::foreground::Foreground;
use crate::service::manager;
use hand_over::HandOver;
use ib_cli::{Answer, Login, Result};
use ib_proc::Deadline;
use ib_tws::PendingCommand;
use std::time::Duration;

/// What is done with IB Gateway.
pub(crate) enum TwsAction {
    /// `None` when IB Gateway outlives this process.
    Start(Option<Foreground>),
    /// Supervise it: another run has asked the guard, and hands the login over.
    Supervise,
    Order(PendingCommand),
    Stop,
    Check,
}

impl TwsAction {
    /// How long it may take, unless `--timeout` says otherwise.
    pub(crate) fn patience(&self) -> Duration {
        match self {
            // IB Gateway has a minute to close, and after that it is ended by signals.
            Self::Stop => Duration::from_secs(100),
            // IBC begins at the next minute or the one after, and IB Gateway has a minute to close.
            Self::Order(PendingCommand::Pause) => Duration::from_secs(240),
            Self::Start(_)
            | Self::Supervise
            | Self::Order(PendingCommand::Restart)
            | Self::Check => Duration::from_secs(60),
        }
    }
}

/// Starts IB Gateway, ends it, gives it an order, or checks whether it could be started.
///
/// # Errors
/// As the table of the manual page has it.
pub(crate) fn run(
    request: &TwsRequest,
    action: &TwsAction,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    image_variables::warn_of_unread();
    match action {
        TwsAction::Start(foreground) => {
            let login = match &request.login {
                LoginSource::Person => None,
                LoginSource::Record(source) => Some(Login::read(source, deadline)?),
            };
            // Live is never assumed: a start that names no mode is one of paper.
            let mode = request.mode(login.as_ref())?.unwrap_or_default();
            let instance = request.instance(Some(mode))?;
            let foreground = foreground.as_ref();
            let answer = start::start(request, foreground, &instance, mode, login, deadline);
            if foreground.is_some()
                && let Err(error) = &answer
            {
                manager::notify_failed(error);
            }
            answer
        }
        TwsAction::Supervise => {
            let hand_over = HandOver::take(deadline)?;
            let mode = request.mode(hand_over.login.as_ref())?;
            let instance = request.instance(mode)?;
            start::supervise_handed_over(
                request,
                &instance,
                mode.unwrap_or_default(),
                &hand_over,
                deadline,
            )
        }
        TwsAction::Order(wanted) => {
            let mode = request.mode(None)?;
            order::order(request, &request.instance(mode)?, mode, *wanted, deadline)
        }
        TwsAction::Stop => {
            let mode = request.mode(None)?;
            stop::stop(request, &request.instance(mode)?, mode, deadline)
        }
        TwsAction::Check => {
            let mode = request.mode(None)?;
            outlook::check(request, &request.instance(mode)?, mode, deadline)
        }
    }
}
