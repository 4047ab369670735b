//! The faults: of IBKR, the gateways, the machines and the disks.

use super::ibkr::{Factor, GatewaySession};
use super::run::Run;
use super::schedule::{CALM, Event, Schedule};
use super::{HOUR, MINUTE};
use crate::limits::DAY;

const RUBBISH: [&[u8]; 4] = [
    b"",
    b"{\"schema\":\"ib-ledger/2\",\"clo",
    b"\0\0\0\0",
    b"{}",
];

impl Schedule {
    /// Makes one fault, and sets the time of the next.
    pub(crate) fn disturb(&mut self) {
        if self.now >= CALM {
            return;
        }
        let wait = self.rng.u64(1..2 * self.calmness);
        self.after(wait, Event::Disturb);
        let until = self.now + self.rng.u64(MINUTE..8 * HOUR);
        let gateway = self.rng.usize(0..self.gateways.len());
        let directory = self.rng.usize(0..self.directories.len());
        let kinds = if self.is_careless { 24 } else { 20 };
        let kind = self.rng.u8(0..kinds);
        self.trace(|| format!("disturbance {kind}"));
        match kind {
            // A restart of the gateway, mostly.
            0..=3 => self.gateways[gateway].session = GatewaySession::Gone,
            4 => self.drop_to(gateway, GatewaySession::BrokerageDown),
            5 => self.drop_to(gateway, GatewaySession::Competing),
            6 => self.ibkr.out_until = until,
            7 => self.gateways[gateway].wedged_until = until,
            8 => self.ibkr.strange_until = until,
            9 => self.ibkr.password_is_right = false,
            10 => self.ibkr.seed_is_right = false,
            11 => self.ibkr.locked_until = self.now + DAY,
            12 => self.person_approves = !self.person_approves,
            13 => self.set_clock(),
            14 => self.reboot(),
            15 => self.directories[directory].store.is_full.set(true),
            16 => self.directories[directory].store.is_unreadable.set(true),
            17 => self.rename_boot(),
            18 => {
                let mode = ["live", "paper"][self.rng.usize(0..2)];
                let factor = Factor::any(&mut self.rng);
                self.ibkr.change(mode, factor);
            }
            19 => self.spoil(directory),
            20 | 21 => self.directories[directory].back_up(),
            _ => self.lose(directory, kind == 22),
        }
        // Full disks get room again soon.
        if self.chance(30) {
            self.repair_disks();
        }
    }

    /// A disk that has damaged a file once may do so again soon.
    pub(crate) fn spoil(&mut self, directory: usize) {
        if self.now >= CALM {
            return;
        }
        let rubbish = RUBBISH[self.rng.usize(0..RUBBISH.len())];
        self.directories[directory].spoil(rubbish);
        if self.chance(40) {
            let wait = self.rng.u64(MINUTE..8 * HOUR);
            self.after(wait, Event::Spoil(directory));
        }
    }

    /// A state directory is deleted with all runs that use it, or replaced by an older copy.
    pub(crate) fn lose(&mut self, place: usize, is_deleted: bool) {
        self.losses.push(self.now);
        self.outcome.losses += 1;
        let uses = |run: &Option<Run>| {
            let run = run.as_ref();
            run.is_some_and(|it| it.supervisor.directory == place)
        };
        for run in 0..self.runs.len() {
            if uses(&self.runs[run]) {
                self.kill(run);
            }
        }
        for supervisor in &mut self.supervisors {
            if supervisor.directory == place {
                supervisor.waits_until = 0;
            }
        }
        self.directories[place].lose(is_deleted);
    }

    /// Each day IBKR ends the sessions, and answers no request for an hour and a half.
    pub(crate) fn reset(&mut self) {
        if self.now >= CALM {
            return;
        }
        self.after(DAY, Event::Reset);
        self.ibkr.out_until = self.now + 90 * MINUTE;
        for gateway in &mut self.gateways {
            gateway.session = GatewaySession::Gone;
        }
    }

    fn drop_to(&mut self, gateway: usize, session: GatewaySession) {
        let gateway = &mut self.gateways[gateway];
        if gateway.session != GatewaySession::Gone {
            gateway.session = session;
        }
    }

    /// Sets a clock by a minute, or by days, in either direction.
    ///
    /// Machines that share a directory have no wrong clocks: which one is right could not be known.
    fn set_clock(&mut self) {
        if let [host] = &mut self.hosts[..] {
            let limit = [MINUTE, 2 * HOUR, 40 * DAY][self.rng.usize(0..3)];
            let step = self.rng.u64(0..=2 * limit).cast_signed() - limit.cast_signed();
            host.offset = if self.rng.bool() { step } else { 0 };
        }
    }

    /// A container starts again on the same machine, and shows another name of its boot, or none.
    fn rename_boot(&mut self) {
        let place = self.rng.usize(0..self.hosts.len());
        let is_named = self.rng.bool();
        self.hosts[place].rename();
        self.hosts[place].is_named = is_named;
        if self.chance(50) {
            self.set_clock();
        }
    }

    /// A machine reboots: its runs die, and its clock may be wrong afterwards.
    fn reboot(&mut self) {
        let place = self.rng.usize(0..self.hosts.len());
        let up_at = self.now + self.rng.u64(MINUTE..6 * HOUR);
        self.hosts[place].down_until = up_at;
        let offset = self.hosts[place].offset;
        self.hosts[place].boot(up_at, offset);
        if self.chance(50) {
            self.set_clock();
        }
        for run in 0..self.runs.len() {
            if self.runs[run].as_ref().is_some_and(|it| it.host() == place) {
                self.kill(run);
            }
        }
    }

    pub(crate) fn repair_disks(&mut self) {
        for directory in &self.directories {
            directory.store.is_full.set(false);
            directory.store.is_unreadable.set(false);
        }
    }

    /// The faults end.
    pub(crate) fn calm_down(&mut self) {
        let now = self.now;
        self.repair_disks();
        self.repair_causes();
        self.crashes = 0;
        self.person_approves = true;
        self.ibkr.out_until = now;
        for host in &mut self.hosts {
            host.offset = 0;
            if host.down_until > now {
                host.down_until = now;
                host.boot(now, 0);
            }
        }
        for gateway in &mut self.gateways {
            gateway.session = GatewaySession::Gone;
        }
    }

    /// Removes the faults that a visitor can remove.
    pub(crate) fn repair_causes(&mut self) {
        self.ibkr.password_is_right = true;
        self.ibkr.seed_is_right = true;
        self.ibkr.strange_until = self.now;
        for gateway in &mut self.gateways {
            gateway.wedged_until = self.now;
            if gateway.session == GatewaySession::Competing {
                gateway.session = GatewaySession::BrokerageDown;
            }
        }
    }
}
