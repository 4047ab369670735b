//! What serves clients: the API, the forwarder, the window by VNC; and the messages about them.

use crate::service::foreground::Foreground;
use crate::tws::api_watch::ApiWatch;
use crate::tws::course_file::CourseFile;
use crate::tws::installation::Installation;
use crate::tws::instance::TwsInstance;
use crate::tws::notifier::TwsNotifier;
use crate::tws::request::TwsRequest;
use ib_cli::warn;
use ib_proc::KeeperChild;
use ib_tws::{Watch, WatchStep};

/// The API, its forwarder, the window by VNC, and the messages to the service manager.
pub(crate) struct Serving<'a> {
    foreground: Option<&'a Foreground>,
    api: ApiWatch,
    notifier: TwsNotifier,
    vnc: Option<&'a KeeperChild>,
    is_ready: bool,
}

impl<'a> Serving<'a> {
    /// The services of an IB Gateway that serves no client yet.
    pub(crate) fn new(
        request: &TwsRequest,
        foreground: Option<&'a Foreground>,
        instance: &TwsInstance,
        installation: &Installation,
        vnc: Option<&'a KeeperChild>,
    ) -> Self {
        let notifier = TwsNotifier::of(instance.address());
        Self {
            foreground,
            api: ApiWatch::new(request, instance, installation, notifier.every()),
            notifier,
            vnc,
            is_ready: false,
        }
    }

    /// Checks all of them.
    pub(crate) fn look(
        &mut self,
        watch: &mut Watch,
        course_file: &mut CourseFile<'_>,
    ) -> WatchStep {
        let step = match self.api.look(watch, course_file.at()) {
            Some(true) => watch.served(course_file.at()),
            Some(false) => watch.not_served(course_file.at()),
            None => WatchStep::Nothing,
        };
        let is_forwarded = course_file.note_forward(self.api.forward_open());
        let is_hidden = self
            .vnc
            .is_some_and(|vnc| !matches!(vnc.try_wait(), Ok(None)));
        if is_hidden {
            self.vnc = None;
            course_file.note_no_vnc();
            warn(
                "vnc_ended",
                "x11vnc has ended: the window is not shown any more",
            );
        }
        if is_forwarded || is_hidden {
            step.max(WatchStep::Changed)
        } else {
            step
        }
    }

    /// Sends the status. That it is ready is sent only once the course says so.
    pub(crate) fn notify_status(&mut self, course_file: &CourseFile<'_>) {
        if !self.is_ready && course_file.course.is_ready() {
            self.is_ready = true;
            self.notifier.notify_ready(&course_file.course);
            if let Some(foreground) = self.foreground {
                foreground.write_ready();
            }
        }
        self.notifier.notify_status(&course_file.course);
    }

    /// Says that IB Gateway is being ended.
    pub(crate) fn notify_stopping(&mut self) {
        self.notifier.notify_stopping();
    }

    /// Tells the watchdog that all is well, unless the program hangs.
    pub(crate) fn notify_alive(&mut self, watch: &Watch) {
        self.notifier.notify_alive(self.api.is_well(watch.phase()));
    }
}
