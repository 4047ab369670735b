//! The supervisor's word on how a start goes, for all who follow it.

use crate::tws::instance::TwsInstance;
use crate::tws::transcript;
use ib_cli::{Mode, log, time, warn};
use ib_tws::{Course, CourseSetup, Watch};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// What is kept of one start.
pub struct Diary<'a> {
    instance: &'a TwsInstance,
    began: Instant,
    /// What no course may have in it.
    secrets: Vec<String>,
    pub course: Course,
}

impl<'a> Diary<'a> {
    /// Of a start that has just begun.
    pub fn begin(
        instance: &'a TwsInstance,
        mode: Mode,
        command_port: u16,
        ledger: Option<String>,
        secrets: Vec<String>,
    ) -> Self {
        let since = time(SystemTime::now());
        let diary = Self {
            instance,
            began: Instant::now(),
            secrets,
            course: Course::new(mode, command_port, ledger, since),
        };
        diary.keep();
        diary
    }

    /// How long it has been going on: the watch's own time.
    pub fn at(&self) -> Duration {
        self.began.elapsed()
    }

    /// Keeps what the watch has seen.
    pub fn note(&mut self, watch: &Watch) {
        let course = &mut self.course;
        if course.phase != watch.phase() {
            course.phase = watch.phase();
            course.since = time(SystemTime::now());
            log("info", "phase", course.phase.name());
        }
        let left = watch
            .deadline()
            .map(|deadline| deadline.saturating_sub(self.began.elapsed()));
        course.deadline = left.map(|left| time(SystemTime::now() + left));
        course.reason = watch.reason();
        course.has_token = watch.has_token();
        course.has_typed = watch.has_typed();
        course.pushed = watch.pushed();
        course.restarts = watch.restarts();
        course.pending = watch.pending();
        let findings = watch.findings();
        let shown = |text: &String| transcript::without(text, &self.secrets);
        course.page_text = findings.page_text.as_ref().map(shown);
        course.wait_seconds = findings.wait.map(|wait| wait.as_secs());
        course.absent_device = findings.absent_device.as_ref().map(shown);
        course.untaken = findings.settings_not_taken.iter().map(shown).collect();
        course.dialogs = watch.dialogs().iter().map(shown).collect();
        self.keep();
    }

    /// Keeps by what the attempt is found in the ledger.
    pub fn note_attempt(&mut self, id: Option<u64>) {
        self.course.attempt = id;
        self.keep();
    }

    /// Keeps how it is set up.
    pub fn note_setup(&mut self, setup: CourseSetup) {
        self.course.forward_open = setup.forward.map(|_| false);
        self.course.setup = Some(setup);
        self.keep();
    }

    /// Takes note of whether the API is passed on, to be kept with the next word; whether that is otherwise than before.
    pub fn note_forward(&mut self, is_open: Option<bool>) -> bool {
        let was_open = std::mem::replace(&mut self.course.forward_open, is_open);
        was_open != is_open
    }

    /// Takes note that the window is not shown any more.
    pub fn note_no_vnc(&mut self) {
        self.course.vnc_ended = true;
    }

    /// Keeps where the picture of the window is.
    pub fn note_picture(&mut self, picture: &Path) {
        self.course.screenshot = Some(picture.to_string_lossy().into_owned());
        self.keep();
    }

    /// Keeps the status of IBC's script.
    pub fn note_exit(&mut self, status: Option<i32>) {
        self.course.ibc_exit = status;
        self.keep();
    }

    fn keep(&self) {
        // Whoever follows waits until its own time is up, then.
        if let Err(error) = self.instance.keep(&self.course) {
            warn("course_not_kept", &error.to_string());
        }
    }
}
