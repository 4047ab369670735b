//! What serves clients beside the program itself, and who hears of it.

use crate::StartArgs;
use crate::cp::foreground;
use crate::tws::diary::Diary;
use crate::tws::instance::TwsInstance;
use crate::tws::notifier::Manager;
use crate::tws::place::Installed;
use crate::tws::service::Service;
use ib_cli::warn;
use ib_proc::KeptChild;
use ib_tws::{Watch, WatchStep};

/// The API, its forwarder, the window by VNC, and the service manager.
pub struct Serving<'a> {
    args: &'a StartArgs,
    service: Service,
    manager: Manager,
    vnc: Option<&'a KeptChild>,
    is_ready: bool,
}

impl<'a> Serving<'a> {
    /// Of an IB Gateway that serves no client yet.
    pub fn new(
        args: &'a StartArgs,
        instance: &TwsInstance,
        place: &Installed,
        vnc: Option<&'a KeptChild>,
    ) -> Self {
        let manager = Manager::of(instance.address());
        Self {
            args,
            service: Service::new(args, instance, place, manager.every()),
            manager,
            vnc,
            is_ready: false,
        }
    }

    /// Looks at all of it.
    pub fn look(&mut self, watch: &mut Watch, diary: &mut Diary<'_>) -> WatchStep {
        let step = match self.service.look(watch, diary.at()) {
            Some(true) => watch.served(diary.at()),
            Some(false) => watch.not_served(diary.at()),
            None => WatchStep::Nothing,
        };
        let is_forwarded = diary.note_forward(self.service.forward_open());
        let is_hidden = self
            .vnc
            .is_some_and(|vnc| !matches!(vnc.try_wait(), Ok(None)));
        if is_hidden {
            self.vnc = None;
            diary.note_no_vnc();
            warn(
                "vnc_ended",
                "x11vnc has ended: the window is not shown any more",
            );
        }
        match step {
            WatchStep::Nothing if is_forwarded || is_hidden => WatchStep::Changed,
            step => step,
        }
    }

    /// Says how it goes; that it is ready only when that is kept for all who follow.
    pub fn say(&mut self, diary: &Diary<'_>) {
        if !self.is_ready && diary.course.is_ready() {
            self.is_ready = true;
            self.manager.say_ready(&diary.course);
            foreground::write_ready(self.args);
        }
        self.manager.say(&diary.course);
    }

    /// Says that it is being ended.
    pub fn say_stopping(&mut self) {
        self.manager.say_stopping();
    }

    /// Keeps the watchdog quiet, unless the program hangs.
    pub fn beat(&mut self, watch: &Watch) {
        self.manager.beat(self.service.is_well(watch.phase()));
    }
}
