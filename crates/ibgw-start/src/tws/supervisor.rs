//! The one process that stays: it starts the screen and IBC, says how it goes, and ends them when they do not go on.

use crate::StartArgs;
use crate::service::manager;
use crate::tws::attempt::GuardedAttempt;
use crate::tws::config_file::ConfigFile;
use crate::tws::diary::Diary;
use crate::tws::display::Display;
use crate::tws::hand_over::HandOver;
use crate::tws::ibc::{self, IbcNews, RunningIbc};
use crate::tws::instance::TwsInstance;
use crate::tws::place::{self, Installed};
use crate::tws::report::TwsReport;
use crate::tws::serving::Serving;
use crate::tws::vnc::Vnc;
use crate::tws::{config, endings, screenshot, transcript};
use anyhow::Context;
use ib_cli::{Answer, Exit, Lock, OrExit, Result, warn};
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

/// x11vnc looks at each number up to the limit, over and over.
const OPEN_FILES: u64 = 10_000;

/// The longest wait for a line: the probe, the limits and a signal are looked at in between.
const LOOK: Duration = Duration::from_millis(100);

/// A dialog is heard of when it opens, and drawn after.
const DRAWING: Duration = Duration::from_secs(1);

/// How long what was printed may take to be read once all that prints has ended.
const READING: Duration = Duration::from_secs(10);

/// Everything the supervisor has to do with.
pub struct Supervisor<'a> {
    pub args: &'a StartArgs,
    pub instance: &'a TwsInstance,
    pub place: &'a Installed,
    pub hand_over: &'a HandOver,
    /// The ledger in which the attempt is recorded; `None` when a person logs in.
    pub ledger: Option<String>,
    pub deadline: Deadline,
}

impl Supervisor<'_> {
    /// Stays until IB Gateway has ended.
    ///
    /// # Errors
    /// When it could not be started.
    pub fn run(&self, lock: Option<Lock>) -> Result<Answer<TwsReport>> {
        limits::open_files_at_most(OPEN_FILES).or_exit(Exit::Unexpected)?;
        let (mode, ledger) = (self.place.mode, self.ledger.clone());
        let port = self.args.tws.command_port(mode);
        let secrets = self.hand_over.secrets();
        let mut diary = Diary::begin(self.instance, mode, port, ledger, secrets);
        diary.note_setup(self.place.setup(&self.args.tws));
        drop(lock);
        let stayed = self.stay(&mut diary);
        if stayed.is_err() && !diary.course.phase.is_end() {
            diary.course.phase = Phase::Stopped;
            diary.course.reason = Some(CourseReason::Ended);
            diary.note_exit(None);
        }
        stayed?;
        let outcome = self.outcome().with(&diary.course);
        if let Some(error) = endings::error(&outcome.address, &diary.course) {
            manager::say_failed(&error);
        }
        Ok(endings::answer(outcome, &diary.course))
    }

    fn stay(&self, diary: &mut Diary<'_>) -> Result<()> {
        let _settings = place::claim_settings(self.place)?;
        if let Some(login) = &self.hand_over.login {
            config::put_second_factor(&self.place.settings_dir, login)?;
        }
        let screen = self.instance.create("screen")?;
        let display = Display::start(&screen, self.deadline)?;
        let vnc = self.show_window(&display)?;
        let tws = &self.args.tws;
        let (mode, login) = (self.place.mode, self.hand_over.login.as_ref());
        let config = ConfigFile::new(
            &config::render(tws, mode, login)?,
            &config::render_spent(tws, mode, login)?,
        )?;
        let port = tws.command_port(mode);
        let guard = self.take_guard()?;
        let told = Arc::new(AtomicBool::new(false));
        let telling = Arc::clone(&told);
        let _hears = Undo::new(move || telling.store(true, Ordering::SeqCst));
        // From here on a signal ends IBC, and does not cut short what is to be said of that in the ledger.
        let unfinished = Unfinished::begin();
        // IBC types as soon as there is a window, and nothing that is done from here on could keep it from that.
        let mut attempt = self.record_attempt(guard, diary)?;
        let started = RunningIbc::start(self.place, &config, &display, port, &told);
        if let (Err(_), Some(attempt)) = (&started, &mut attempt) {
            attempt.take_back();
        }
        let (running, output) = started?;
        let log = self.instance.path("ibc.log");
        let spend = move |line: &str| {
            if Ibc.event_of(line) == Some(IbcEvent::ConfigurationRead) {
                config.spend();
            }
        };
        let lines = transcript::follow(output, log, self.hand_over.secrets(), spend);
        let mut watch = match tws.manual {
            true => Watch::manual(diary.at()),
            false => Watch::new(Limits::default(), diary.at()),
        };
        let mut serving = Serving::new(self.args, self.instance, self.place, vnc.as_ref());
        match running.is_told() {
            // While it was being started: nothing has closed it.
            true => drop(watch.told(CourseReason::Told)),
            false => {
                self.watch(
                    diary,
                    &mut watch,
                    &running,
                    &lines,
                    &mut serving,
                    &mut attempt,
                );
            }
        }
        serving.say_stopping();
        let gives_way = watch.reason() == Some(CourseReason::GaveWay);
        let status = if running.is_told() || gives_way || running.status().is_some() {
            running.close(port)
        } else {
            if watch.reason().is_some_and(CourseReason::is_a_dialog) {
                thread::sleep(DRAWING);
            }
            // What is on the screen goes with the program; to look at it closer there is time later.
            let screen = fs::read(&display.picture);
            let status = running.kill();
            diary.note(&watch);
            self.keep_picture(diary, screen);
            status
        };
        if watch.reason() == Some(CourseReason::Told) {
            // Told while it was being started, nothing has looked on; an end that was seen stays.
            let _ = watch.ended(status.unwrap_or_default(), diary.at());
        }
        diary.note(&watch);
        diary.note_exit(status);
        if let Some(attempt) = &mut attempt {
            // A program that still runs may type yet.
            let rest = ibc::rest_of(&lines, Deadline::after(READING)).filter(|_| status.is_some());
            self.account_for_end(attempt, &watch, rest.as_deref());
            diary.note_attempt(attempt.id());
        }
        drop(unfinished);
        if watch.has_useless_token() {
            let _ = remove_tokens(&self.place.settings_dir);
        }
        Ok(())
    }

    /// Looks on until it has ended, or has to be.
    fn watch(
        &self,
        diary: &mut Diary<'_>,
        watch: &mut Watch,
        running: &RunningIbc,
        lines: &Receiver<String>,
        serving: &mut Serving<'_>,
        attempt: &mut Option<GuardedAttempt<'_>>,
    ) {
        diary.note(watch);
        loop {
            let heard = ibc::wait_for_line(lines, LOOK);
            // An end that it was told to came after it was told.
            let status = running.status();
            let told = match running.is_told() {
                true => watch.told(CourseReason::Told),
                false => WatchStep::Nothing,
            };
            let heard = match heard {
                IbcNews::Line(line) => match Ibc.event_of(&line) {
                    Some(event) => {
                        let step = watch.hear(&event, diary.at());
                        larger(step, self.account_for(&event, attempt, diary, watch))
                    }
                    None => WatchStep::Nothing,
                },
                IbcNews::Nothing => match status {
                    Some(status) => watch.ended(status, diary.at()),
                    None => watch.look(diary.at()),
                },
            };
            if running.is_told() {
                serving.say_stopping();
            }
            let mut step = larger(told, heard);
            let renewed = watch.is_renewing();
            step = larger(step, serving.look(watch, diary));
            if renewed && watch.phase().is_logged_in() {
                // The probe has said it in IBC's place.
                let event = IbcEvent::LoggedIn;
                step = larger(step, self.account_for(&event, attempt, diary, watch));
            }
            // What is to be ended is ended before anything else: the next login may be typed in a moment.
            if step == WatchStep::End || watch.phase().is_end() {
                return;
            }
            if step != WatchStep::Nothing {
                diary.note(watch);
                serving.say(diary);
                ib_cli::status(&format!(
                    "IB Gateway at {}: {}",
                    self.instance.address(),
                    watch.phase().name()
                ));
            }
            serving.beat(watch);
        }
    }

    fn show_window(&self, display: &Display) -> Result<Option<ib_proc::KeptChild>> {
        let tws = &self.args.tws;
        let (Some(address), Some(password)) = (tws.vnc, self.hand_over.vnc_password()) else {
            return Ok(None);
        };
        let vnc = Vnc {
            address,
            password: &password,
            may_control: tws.vnc_control || tws.manual,
        };
        vnc.serve(display, self.deadline).map(Some)
    }

    fn keep_picture(&self, diary: &mut Diary<'_>, screen: io::Result<Vec<u8>>) {
        let picture = self.instance.path("screenshot.png");
        let written = screen.context("reading the screen");
        match written.and_then(|screen| screenshot::write(&screen, &picture)) {
            Ok(()) => diary.note_picture(&picture),
            Err(error) => {
                warn(
                    "no_screenshot",
                    &format!("keeping a picture of the window: {error:#}"),
                );
            }
        }
    }

    fn outcome(&self) -> TwsReport {
        TwsReport {
            started: true,
            version: Some(self.place.version.clone()),
            ..TwsReport::new(self.instance, self.place.mode)
        }
    }
}

/// The step that says more.
fn larger(one: WatchStep, other: WatchStep) -> WatchStep {
    match (one, other) {
        (WatchStep::End, _) | (_, WatchStep::End) => WatchStep::End,
        (WatchStep::Changed, _) | (_, WatchStep::Changed) => WatchStep::Changed,
        _ => WatchStep::Nothing,
    }
}
