//! The one process that stays: it starts the screen and IBC, says how it goes, and ends them when they do not go on.

use crate::Args;
use crate::service_manager;
use crate::tws::diary::Diary;
use crate::tws::display::Display;
use crate::tws::hand_over::HandOver;
use crate::tws::ibc::{self, Heard, Running};
use crate::tws::instance::Instance;
use crate::tws::outcome::TwsOutcome;
use crate::tws::place::{self, Installed};
use crate::tws::serving::Serving;
use crate::tws::vnc::Vnc;
use crate::tws::{config, endings, screenshot, transcript};
use anyhow::Context;
use ib_cli::{Answer, Exit, Lock, OrExit, Result, warn};
use ib_guard::Guard;
use ib_proc::{Deadline, limits};
use ib_tws::{
    Course, CourseReason, Driver, Ibc, Limits, METHOD, Phase, Step, Watch, remove_tokens,
};
use std::fs;
use std::io;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

/// x11vnc looks at each number up to the limit, over and over.
const OPEN_FILES: u64 = 10_000;

/// The longest wait for a line: the probe, the limits and a signal are looked at in between.
const LOOK: Duration = Duration::from_millis(100);

/// A dialog is heard of when it opens, and drawn after.
const DRAWING: Duration = Duration::from_secs(1);

/// How long whoever has the ledger may keep it.
const LEDGER: Duration = Duration::from_secs(30);

/// Everything the supervisor has to do with.
pub struct Supervisor<'a> {
    pub args: &'a Args,
    pub instance: &'a Instance,
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
    pub fn run(&self, lock: Option<Lock>) -> Result<Answer<TwsOutcome>> {
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
        self.say_refusal(&diary.course)?;
        let outcome = self.outcome().with(&diary.course);
        if let Some(error) = endings::error(&outcome.address, &diary.course) {
            service_manager::say_failed(&error);
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
        let config = config::render(tws, self.place.mode, self.hand_over.login.as_ref())?;
        let port = tws.command_port(self.place.mode);
        let (running, output) = Running::start(self.place, &config, &display, port)?;
        let log = self.instance.path("ibc.log");
        let lines = transcript::follow(output, log, self.hand_over.secrets());
        let mut watch = match tws.manual {
            true => Watch::manual(diary.at()),
            false => Watch::new(Limits::default(), diary.at()),
        };
        let mut serving = Serving::new(self.args, self.instance, self.place, vnc.as_ref());
        self.watch(diary, &mut watch, &running, &lines, &mut serving);
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
        diary.note(&watch);
        diary.note_exit(status);
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
        running: &Running,
        lines: &Receiver<String>,
        serving: &mut Serving<'_>,
    ) {
        diary.note(watch);
        loop {
            let mut step = match ibc::wait_for_line(lines, LOOK) {
                Heard::Line(line) => match Ibc.event_of(&line) {
                    Some(event) => watch.hear(&event, diary.at()),
                    None => Step::Nothing,
                },
                Heard::Nothing => match running.status() {
                    Some(status) => watch.ended(status, diary.at()),
                    None => watch.look(diary.at()),
                },
            };
            if running.is_told() {
                serving.say_stopping();
                step = larger(step, watch.told(CourseReason::Told));
            }
            step = larger(step, serving.look(watch, diary));
            // What is to be ended is ended before anything else: the next login may be typed in a moment.
            if step == Step::End || watch.phase().is_end() {
                return;
            }
            if step != Step::Nothing {
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

    /// A refusal is kept at once, whether or not somebody follows this start: no further one may be made.
    fn say_refusal(&self, course: &Course) -> Result<()> {
        let outcome = match course.reason {
            Some(CourseReason::WrongCredentials) => ib_guard::Outcome::Refused,
            Some(CourseReason::Locked) => ib_guard::Outcome::Locked,
            _ => return Ok(()),
        };
        if let Some(ledger) = &self.ledger {
            let mut guard =
                Guard::of_ledger(&self.instance.state, ledger, Deadline::after(LEDGER))?;
            if let Some(attempt) = guard.pending(METHOD) {
                guard.resolve(&attempt, outcome);
            }
        }
        Ok(())
    }

    fn show_window(&self, display: &Display) -> Result<Option<ib_proc::Kept>> {
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

    fn outcome(&self) -> TwsOutcome {
        TwsOutcome {
            started: true,
            version: Some(self.place.version.clone()),
            ..TwsOutcome::new(self.instance, self.place.mode)
        }
    }
}

/// The step that says more.
fn larger(one: Step, other: Step) -> Step {
    match (one, other) {
        (Step::End, _) | (_, Step::End) => Step::End,
        (Step::Changed, _) | (_, Step::Changed) => Step::Changed,
        _ => Step::Nothing,
    }
}
