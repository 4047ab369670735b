//! The one process that stays. It starts the screen and IBC, writes the course, and ends both when the start makes no
//! progress.

use crate::service::foreground::Foreground;
use crate::service::manager;
use crate::tws::attempt::GuardedAttempt;
use crate::tws::config_file::ConfigFile;
use crate::tws::course_file::CourseFile;
use crate::tws::display::Display;
use crate::tws::hand_over::HandOver;
use crate::tws::ibc::{self, RunningIbc};
use crate::tws::installation::{self, Installation};
use crate::tws::instance::TwsInstance;
use crate::tws::report::TwsReport;
use crate::tws::request::TwsRequest;
use crate::tws::serving::Serving;
use crate::tws::vnc::VncServer;
use crate::tws::{endings, ibc_config, screenshot, transcript};
use anyhow::Context;
use ib_cli::{Answer, Exit, Lock, OrExit, Result, warn};
use ib_guard::Guard;
use ib_proc::undo::Unfinished;
use ib_proc::{Deadline, Undo, limits};
use ib_tws::{
    CourseReason, GatewayLauncher, Ibc, IbcEvent, Limits, Phase, Watch, WatchStep, remove_tokens,
};
use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

/// x11vnc checks every descriptor up to the limit, again and again.
const OPEN_FILES: u64 = 10_000;

/// The longest wait for a line. The probe, the limits and signals are checked in between.
const LOOK: Duration = Duration::from_millis(100);

/// IBC prints that a dialog opens before the dialog is drawn.
const DRAWING: Duration = Duration::from_secs(1);

/// How long it may take to read the last lines once all programs have ended.
const READING: Duration = Duration::from_secs(10);

/// Everything the supervisor works with.
pub(crate) struct Supervisor<'a> {
    pub(crate) request: &'a TwsRequest,
    /// `None` when another run has started this one in the background.
    pub(crate) foreground: Option<&'a Foreground>,
    pub(crate) instance: &'a TwsInstance,
    pub(crate) installation: &'a Installation,
    pub(crate) hand_over: &'a HandOver,
    /// The ledger in which the attempt is recorded; `None` when a person logs in.
    pub(crate) ledger: Option<String>,
    pub(crate) deadline: Deadline,
}

impl<'a> Supervisor<'a> {
    /// The supervisor of one start; `foreground` is `None` when another run has started it in the background.
    pub(crate) fn new(
        request: &'a TwsRequest,
        foreground: Option<&'a Foreground>,
        instance: &'a TwsInstance,
        installation: &'a Installation,
        hand_over: &'a HandOver,
        deadline: Deadline,
    ) -> Self {
        let login = hand_over.login.as_ref();
        Self {
            request,
            foreground,
            instance,
            installation,
            hand_over,
            ledger: login.map(|login| Guard::ledger_name(&login.username)),
            deadline,
        }
    }
}

impl Supervisor<'_> {
    /// Stays until IB Gateway has ended. Other runs get the lock once the course shows the supervisor.
    ///
    /// # Errors
    /// When it could not be started.
    pub(crate) fn run(&self, lock: Option<Lock>) -> Result<Answer<TwsReport>> {
        limits::open_files_at_most(OPEN_FILES).or_exit(Exit::Unexpected)?;
        let mode = self.installation.mode;
        let mut course_file = CourseFile::begin(
            self.instance,
            mode,
            self.request.command_port(mode),
            self.ledger.clone(),
            self.hand_over.redaction(),
        );
        course_file.note_setup(self.installation.setup(self.request));
        drop(lock);
        let stayed = self.stay(&mut course_file);
        if stayed.is_err() && !course_file.course.phase.is_end() {
            course_file.course.phase = Phase::Stopped;
            course_file.course.reason = Some(CourseReason::Ended);
            course_file.note_exit(None);
        }
        stayed?;
        let report = self.report().with(&course_file.course);
        if let Some(error) = endings::error(&report.address, &course_file.course) {
            manager::notify_failed(&error);
        }
        Ok(endings::answer(report, &course_file.course))
    }

    fn stay(&self, course_file: &mut CourseFile<'_>) -> Result<()> {
        let _settings = installation::claim_settings(self.installation)?;
        if let Some(login) = &self.hand_over.login {
            ibc_config::put_second_factor(&self.installation.settings_dir, login)?;
        }
        let screen = self.instance.dir.create("screen")?;
        let display = Display::start(&screen, self.deadline)?;
        let vnc = VncServer::of(self.request, self.hand_over.vnc_password.as_ref());
        let vnc = vnc
            .map(|server| server.serve(&display, self.deadline))
            .transpose()?;
        let mode = self.installation.mode;
        let login = self.hand_over.login.as_ref();
        let config = ConfigFile::of_start(self.request, self.instance, mode, login)?;
        let port = self.request.command_port(mode);
        let guard = self.take_guard()?;
        let is_signalled = Arc::new(AtomicBool::new(false));
        let signalled = Arc::clone(&is_signalled);
        let _on_signal = Undo::new(move || signalled.store(true, Ordering::SeqCst));
        // From here on a signal ends IBC, and the ledger is still written after that.
        let unfinished = Unfinished::begin();
        // IBC types as soon as there is a window. From here on nothing can keep it from that.
        let mut attempt = self.record_attempt(guard, course_file)?;
        let started = RunningIbc::start(self.installation, &config, &display, port, &is_signalled);
        if let (Err(_), Some(attempt)) = (&started, &mut attempt) {
            attempt.take_back();
        }
        let (running, output) = started?;
        let log = self.instance.dir.path("ibc.log");
        let spend = move |line: &str| {
            if Ibc.event_of(line) == Some(IbcEvent::ConfigurationRead) {
                config.spend();
            }
        };
        let lines = transcript::follow(output, log, self.hand_over.redaction(), spend);
        let mut watch = if self.request.is_manual() {
            Watch::manual(course_file.at())
        } else {
            Watch::new(Limits::default(), course_file.at())
        };
        let mut serving = Serving::new(
            self.request,
            self.foreground,
            self.instance,
            self.installation,
            vnc.as_ref(),
        );
        if running.is_signalled() {
            // The signal came while IBC was being started, and nothing has closed IB Gateway yet.
            let _ = watch.request_end(CourseReason::Told);
        } else {
            self.watch(
                course_file,
                &mut watch,
                &running,
                &lines,
                &mut serving,
                &mut attempt,
            );
        }
        serving.notify_stopping();
        let gives_way = watch.reason() == Some(CourseReason::GaveWay);
        let status = if running.is_signalled() || gives_way || running.status().is_some() {
            running.close(port)
        } else {
            if watch.reason().is_some_and(CourseReason::is_a_dialog) {
                thread::sleep(DRAWING);
            }
            // The screen ends with the program, so it is read first and turned into a picture later.
            let screen = fs::read(&display.picture);
            let status = running.kill();
            course_file.note(&watch);
            self.keep_picture(course_file, screen);
            status
        };
        if watch.reason() == Some(CourseReason::Told) {
            // After a signal during the start, the watch has not seen the end. An end that it has seen stays.
            let _ = watch.ended(status.unwrap_or_default(), course_file.at());
        }
        course_file.note(&watch);
        course_file.note_exit(status);
        if let Some(attempt) = &mut attempt {
            // A program that still runs may still type.
            let rest = ibc::rest_of(&lines, Deadline::after(READING)).filter(|_| status.is_some());
            self.account_for_end(attempt, &watch, rest.as_deref());
            course_file.note_attempt(attempt.id());
        }
        drop(unfinished);
        if watch.has_useless_token() {
            let _ = remove_tokens(&self.installation.settings_dir);
        }
        Ok(())
    }

    /// Watches IB Gateway until it has ended, or has to be ended.
    fn watch(
        &self,
        course_file: &mut CourseFile<'_>,
        watch: &mut Watch,
        running: &RunningIbc,
        lines: &Receiver<String>,
        serving: &mut Serving<'_>,
        attempt: &mut Option<GuardedAttempt<'_>>,
    ) {
        course_file.note(watch);
        loop {
            let line = ibc::next_line(lines, LOOK);
            // Read before the signal is: an end that a signal has caused comes after the signal.
            let status = running.status();
            let mut step = WatchStep::Nothing;
            if running.is_signalled() {
                step = watch.request_end(CourseReason::Told);
            }
            step = step.max(match line {
                Some(line) => self.observe_line(&line, course_file, watch, attempt),
                None => match status {
                    Some(status) => watch.ended(status, course_file.at()),
                    None => watch.look(course_file.at()),
                },
            });
            if running.is_signalled() {
                serving.notify_stopping();
            }
            let renewed = watch.is_renewing();
            step = step.max(serving.look(watch, course_file));
            if renewed && watch.phase().is_logged_in() {
                // The probe has seen the login, which IBC did not print.
                let event = IbcEvent::LoggedIn;
                step = step.max(self.account_for(&event, attempt, course_file, watch));
            }
            // The end comes before anything else: the next login may be typed in a moment.
            if step == WatchStep::End || watch.phase().is_end() {
                return;
            }
            if step != WatchStep::Nothing {
                course_file.note(watch);
                serving.notify_status(course_file);
                ib_cli::status(&format!(
                    "IB Gateway at {}: {}",
                    self.instance.address(),
                    watch.phase().name()
                ));
            }
            serving.notify_alive(watch);
        }
    }

    /// What one line of IBC's means for the watch and the ledger.
    fn observe_line(
        &self,
        line: &str,
        course_file: &mut CourseFile<'_>,
        watch: &mut Watch,
        attempt: &mut Option<GuardedAttempt<'_>>,
    ) -> WatchStep {
        let Some(event) = Ibc.event_of(line) else {
            return WatchStep::Nothing;
        };
        let step = watch.observe(&event, course_file.at());
        step.max(self.account_for(&event, attempt, course_file, watch))
    }

    fn keep_picture(&self, course_file: &mut CourseFile<'_>, screen: io::Result<Vec<u8>>) {
        let picture = self.instance.dir.path("screenshot.png");
        let written = screen.context("reading the screen");
        match written.and_then(|screen| screenshot::write(&screen, &picture)) {
            Ok(()) => course_file.note_picture(&picture),
            Err(error) => {
                warn(
                    "no_screenshot",
                    &format!("keeping a picture of the window: {error:#}"),
                );
            }
        }
    }

    fn report(&self) -> TwsReport {
        TwsReport {
            started: true,
            version: Some(self.installation.version.clone()),
            ..TwsReport::new(self.instance, self.installation.mode)
        }
    }
}
