//! `--kind tws`: follows the login that IBC types, until IB Gateway serves its clients.
//!
//! It sends nothing and reads no secret. The supervisor that `ibgw-start` left behind writes how far the start has come,
//! and this tool records in the ledger how the attempt ended.

mod wording;

use crate::args::{LoginArgs, WantedMode};
use crate::notice;
use crate::report::{LoginOutput, LoginReport, LoginState};
use crate::settle;
use crate::wording::ReportAndError;
use ib_cli::{Answer, Error, Exit, GatewayKind, Login, Mode, Result, StateDir, log, status, time};
use ib_guard::Guard;
use ib_proc::Deadline;
use ib_tws::{ApiAddress, ClientId, Course, Phase, Probe, ProbeState as Served, named_mode, probe};
use std::time::{Duration, Instant, SystemTime};

/// The pause between two looks at the supervisor's file: no person sees a shorter wait.
const LOOK: Duration = Duration::from_millis(50);

/// How long one probe may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two probes: the API opens within a second of the login.
const BETWEEN: Duration = Duration::from_millis(250);

/// How long the tool waits for a record that it does not need.
const DRAIN: Duration = Duration::from_secs(1);

/// How long another run may keep the ledger.
const LEDGER: Duration = Duration::from_secs(10);

/// The client id of this tool alone: no client has it, nor has ibgw-tickle.
const CLIENT_ID: u32 = 998;

/// Follows the login to its end.
///
/// # Errors
/// `Usage` and `Config` for a mode that does not exist, or a state directory that cannot be used.
pub(crate) fn follow(args: &LoginArgs, deadline: Deadline) -> Result<Answer<LoginOutput>> {
    let began = Instant::now();
    let state = StateDir::open(&args.state)?;
    let named = named_mode(flag(args))?;
    let instance = Instance {
        state: &state,
        api_port: args
            .api_port
            .unwrap_or_else(|| ib_tws::api_port(named.unwrap_or_default())),
    };
    let (report, error) = match instance.course()? {
        Some(course) => {
            instance.refuse_another(&course, named)?;
            instance.follow(course, args, deadline)?
        }
        None => {
            let report = LoginReport::of_kind(GatewayKind::Tws, LoginState::Down);
            (report, Some(wording::nothing_runs(instance.api_port)))
        }
    };
    // The tool needs no record, and the program that pipes one in must not fail.
    Login::drain(&args.login, Deadline::after(DRAIN));
    Ok(settle::answer((report, error), began.elapsed()))
}

/// The mode that the flag names.
fn flag(args: &LoginArgs) -> Option<Mode> {
    match args.mode? {
        WantedMode::Live => Some(Mode::Live),
        WantedMode::Paper => Some(Mode::Paper),
        WantedMode::Auto => None,
    }
}

/// The IB Gateway that is followed.
struct Instance<'a> {
    state: &'a StateDir,
    api_port: u16,
}

impl Instance<'_> {
    fn course(&self) -> Result<Option<Course>> {
        Course::read(self.state, self.api_port)
    }

    /// Refuses an IB Gateway that was started in another mode than you name.
    fn refuse_another(&self, course: &Course, named: Option<Mode>) -> Result<()> {
        let runs = course.mode;
        let port = self.api_port;
        match named.filter(|named| *named != runs) {
            Some(named) => {
                let message = format!(
                    "the IB Gateway of port {port} was started with --mode {}, not {} (ask for what was started, or name \
                     another --api-port)",
                    runs.name(),
                    named.name()
                );
                Err(Error::new(Exit::Config, message))
            }
            None => Ok(()),
        }
    }

    fn follow(
        &self,
        mut course: Course,
        args: &LoginArgs,
        deadline: Deadline,
    ) -> Result<ReportAndError> {
        let mut announced = None;
        let mut notice = Notice::Due;
        loop {
            // The window of the second factor may show a list of devices before IBKR sends anything to the phone.
            let state = (course.phase, course.pushed);
            if announced != Some(state) {
                announced = Some(state);
                announce(&course);
                notice = notice.give(&course, args, deadline);
            }
            // An IB Gateway that is being stopped may still serve at this moment.
            if course.phase.is_logged_in() && !course.is_ending() {
                return Ok(self.serves(&course, deadline));
            }
            // It has ended only when its supervisor is gone.
            if course.supervisor().is_none() {
                course = self.course()?.unwrap_or(course);
                self.resolve(&course, wording::submission_outcome(&course));
                return Ok(wording::ended(&course));
            }
            if !deadline.pause(LOOK) {
                // The attempt goes on too: the next run that follows it records how it ends.
                return Ok(wording::still_going(&course));
            }
            course = self.course()?.unwrap_or(course);
        }
    }

    /// Asks the API until it serves us. IBKR has accepted the password by then.
    fn serves(&self, course: &Course, deadline: Deadline) -> ReportAndError {
        self.resolve(course, ib_guard::SubmissionOutcome::Succeeded);
        let mut last = None;
        loop {
            // An IB Gateway without its supervisor ends at the next moment.
            if course.supervisor().is_none() {
                let last = self.course().ok().flatten();
                return wording::ended(&last.unwrap_or_else(|| course.clone()));
            }
            let Some(probe) = self.probe(deadline) else {
                return wording::still_going(course);
            };
            let now = self.course().ok().flatten();
            let is_all = now.as_ref().is_none_or(serves_all);
            if probe.state == Served::Ready && is_all {
                let mut report = wording::report(course, LoginState::Ready);
                report.how = Some(wording::ready_by(course));
                report.phase = Some(Phase::Ready);
                return (report, None);
            }
            // A probe that our own deadline cuts short says less than the one before.
            let is_cut = probe.state == Served::TimedOut && deadline.has_passed();
            let probe = match last.take() {
                Some(before) if is_cut => before,
                Some(_) | None => probe,
            };
            if !deadline.pause(BETWEEN) {
                return match now.filter(|_| probe.state == Served::Ready) {
                    Some(now) if now.forward_open == Some(false) => wording::unforwarded(&now),
                    Some(now) => wording::still_going(&now),
                    None => wording::unserved(course, &probe),
                };
            }
            last = Some(probe);
        }
    }

    fn probe(&self, deadline: Deadline) -> Option<Probe> {
        let id = ClientId::new(CLIENT_ID)?;
        let address = ApiAddress::local(self.api_port);
        Some(probe(&address, id, deadline.or_after(PATIENCE)))
    }

    /// Records in the ledger how the attempt ended, unless another run has done so.
    fn resolve(&self, course: &Course, outcome: ib_guard::SubmissionOutcome) {
        let Some(ledger) = &course.ledger else { return };
        let resolved =
            Guard::of_ledger(self.state, ledger, Deadline::after(LEDGER)).map(|mut guard| {
                let pending = course.attempt.and_then(|id| guard.pending_by(id));
                if let Some(attempt) = pending {
                    if let Some(pushed) = course.pushed {
                        guard.saw_push(&attempt, pushed);
                    }
                    guard.resolve(&attempt, outcome);
                }
            });
        if let Err(error) = resolved {
            // An attempt without an outcome counts as failed.
            ib_cli::warn("attempt_unresolved", &error.to_string());
        }
    }
}

/// Whether all serves that the start asked for. The supervisor of an earlier version does not say.
fn serves_all(course: &Course) -> bool {
    course.setup.is_none() || course.is_ready()
}

/// Whether `--before-push` has run for the notification on the phone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notice {
    Due,
    Given,
}

impl Notice {
    /// Runs the command once for each notification. One may be awaited in two windows, of which the first lists devices.
    fn give(self, course: &Course, args: &LoginArgs, deadline: Deadline) -> Self {
        if course.pushed != Some(true) {
            return Self::Due;
        }
        if self == Self::Given || course.phase != Phase::SecondFactor {
            return self;
        }
        if let Some(hook) = &args.before_push {
            notice::run(hook, deadline);
        }
        Self::Given
    }
}

/// Shows at the terminal how far the start has come.
fn announce(course: &Course) {
    let phase = course.phase.name();
    log("info", "phase", phase);
    let next = match course.next_action() {
        Some(next) => format!(": {next}"),
        None => String::new(),
    };
    let until = match &course.deadline {
        Some(until) => format!(" (until {until}; it is {})", time(SystemTime::now())),
        None => String::new(),
    };
    status(&format!("IB Gateway: {phase}{next}{until}"));
}
