//! Whether IB Gateway could be started: the answer of `--check`, and the decision of a start.

use crate::service::decision::StartDecision;
use crate::tws::agreement::WantedGateway;
use crate::tws::hand_over::HandOver;
use crate::tws::installation::{self, Installation};
use crate::tws::instance::TwsInstance;
use crate::tws::report::TwsReport;
use crate::tws::request::TwsRequest;
use crate::tws::{api_off, ibc_config, ports};
use ib_cli::{Answer, Login, Mode, Result};
use ib_proc::Deadline;

/// What a start needs.
pub(crate) struct TwsPlan {
    pub(crate) installation: Installation,
    pub(crate) hand_over: HandOver,
}

/// Checks the installation, the settings directory and the ports. `stopped` means that IB Gateway could be started.
pub(crate) fn check(
    request: &TwsRequest,
    instance: &TwsInstance,
    named: Option<Mode>,
    deadline: Deadline,
) -> Result<Answer<TwsReport>> {
    let decision = decide(request, instance, named, None, deadline)?;
    Ok(decision.checked(|plan| {
        let mut report = TwsReport::new(instance, named.unwrap_or_default());
        report.version = Some(plan.installation.version);
        report
    }))
}

/// Decides by all that can be seen before anything is started; `named` is the mode, if something says which.
///
/// # Errors
/// What a start would end with.
pub(crate) fn decide(
    request: &TwsRequest,
    instance: &TwsInstance,
    named: Option<Mode>,
    login: Option<Login>,
    deadline: Deadline,
) -> Result<StartDecision<TwsReport, Box<TwsPlan>>> {
    let mode = named.unwrap_or_default();
    if let Some(decision) = of_running(request, instance, named, login.as_ref())? {
        return Ok(decision);
    }
    let installation = installation::find(request, mode, instance)?;
    ports::check(request, mode, instance)?;
    drop(installation::claim_settings(&installation)?);
    api_off::warn_of_new(&installation);
    // A login that IBC could not read is refused before an attempt is spent on it.
    ibc_config::render(request, instance, mode, login.as_ref())?;
    let vnc = request.vnc.as_ref().map(|vnc| &vnc.password);
    let hand_over = HandOver::new(login, vnc, deadline)?;
    Ok(StartDecision::Start(Box::new(TwsPlan {
        installation,
        hand_over,
    })))
}

/// The decision when an IB Gateway runs: it is the one asked for, or the start is refused.
fn of_running(
    request: &TwsRequest,
    instance: &TwsInstance,
    named: Option<Mode>,
    login: Option<&Login>,
) -> Result<Option<StartDecision<TwsReport, Box<TwsPlan>>>> {
    let Some((course, supervisor)) = instance.supervised()? else {
        return Ok(None);
    };
    let mut report = TwsReport::new(instance, course.mode).with(&course);
    report.pid = Some(supervisor.pid);
    let wanted = WantedGateway {
        request,
        mode: named,
        username: login.map(|login| login.username.as_str()),
    };
    if let Some(error) = wanted.refuse_otherwise(&course, &report.address) {
        return Ok(Some(StartDecision::Refused(report, error)));
    }
    Ok(Some(StartDecision::Up(report)))
}
