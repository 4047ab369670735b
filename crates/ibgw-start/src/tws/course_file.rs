//! The course of a start as the supervisor writes it, for every run that follows it.

use crate::tws::instance::TwsInstance;
use crate::tws::redaction::Redaction;
use ib_cli::{Mode, log, time, warn};
use ib_tws::{Course, CourseSetup, Watch};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// The course of one start, and the file with it.
pub(crate) struct CourseFile<'a> {
    instance: &'a TwsInstance,
    began: Instant,
    redaction: Redaction,
    pub(crate) course: Course,
}

impl<'a> CourseFile<'a> {
    /// The course of a start that has just begun.
    pub(crate) fn begin(
        instance: &'a TwsInstance,
        mode: Mode,
        command_port: u16,
        ledger: Option<String>,
        redaction: Redaction,
    ) -> Self {
        let since = time(SystemTime::now());
        let file = Self {
            instance,
            began: Instant::now(),
            redaction,
            course: Course::new(mode, command_port, ledger, since),
        };
        file.write();
        file
    }

    /// The time since the beginning, which is the time of the watch.
    pub(crate) fn at(&self) -> Duration {
        self.began.elapsed()
    }

    /// Writes what the watch has seen.
    pub(crate) fn note(&mut self, watch: &Watch) {
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
        let shown = |text: &String| self.redaction.redact(text);
        course.page_text = findings.page_text.as_ref().map(shown);
        course.wait_seconds = findings.wait.map(|wait| wait.as_secs());
        course.absent_device = findings.absent_device.as_ref().map(shown);
        course.untaken = findings.settings_not_taken.iter().map(shown).collect();
        course.dialogs = watch.dialogs().iter().map(shown).collect();
        self.write();
    }

    /// Writes the number of the attempt in the ledger.
    pub(crate) fn note_attempt(&mut self, id: Option<u64>) {
        self.course.attempt = id;
        self.write();
    }

    /// Writes how IB Gateway is set up.
    pub(crate) fn note_setup(&mut self, setup: CourseSetup) {
        self.course.forward_open = setup.forward.map(|_| false);
        self.course.setup = Some(setup);
        self.write();
    }

    /// Notes whether the API is passed on, to be written with the next change; the value says whether that has changed.
    pub(crate) fn note_forward(&mut self, is_open: Option<bool>) -> bool {
        let was_open = std::mem::replace(&mut self.course.forward_open, is_open);
        was_open != is_open
    }

    /// Notes that the window is not shown any more.
    pub(crate) fn note_no_vnc(&mut self) {
        self.course.vnc_ended = true;
    }

    /// Writes where the picture of the window is.
    pub(crate) fn note_picture(&mut self, picture: &Path) {
        self.course.screenshot = Some(picture.to_string_lossy().into_owned());
        self.write();
    }

    /// Writes the status of IBC's script.
    pub(crate) fn note_exit(&mut self, status: Option<i32>) {
        self.course.ibc_exit = status;
        self.write();
    }

    fn write(&self) {
        // A run that follows then waits until its own time is up.
        if let Err(error) = self.instance.write_course(&self.course) {
            warn("course_not_kept", &error.to_string());
        }
    }
}
