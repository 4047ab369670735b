//! One schedule: the participants, and what happens when.

use super::directory::Directory;
use super::ibkr::{Factor, Ibkr, SimulatedGateway};
use super::machines::Host;
use super::run::Run;
use super::supervisors::SimulatedSupervisor;
use super::{BEGIN, Broken, HOUR, MINUTE, say};
use crate::limits::DAY;
use crate::rules::Rules;
use fastrand::Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Until here there are faults.
pub(crate) const CALM: u64 = BEGIN + 26 * DAY;

/// A schedule's end.
const END: u64 = BEGIN + 30 * DAY;

/// When IBKR's daily reset begins, in North America: 00:15 in New York.
const RESET: u64 = 5 * HOUR + 15 * MINUTE;

/// How the tool around the guard behaves: both, in the tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// It takes the lock before it looks at the ledger.
    pub(crate) locks: bool,
    /// It asks the gateway again once it has the lock.
    pub(crate) asks_again: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    Tick(usize),
    Step(usize),
    Disturb,
    Spoil(usize),
    Visit,
    Reset,
    Calm,
}

/// The figures of one schedule.
#[derive(Default)]
pub(crate) struct ScheduleFigures {
    pub(crate) seed: u64,
    /// How long each time until the session was ready again, in milliseconds.
    pub(crate) until_ready: Vec<u64>,
    /// How long it took after the faults had ended, without a person.
    pub(crate) after_calm: u64,
    /// A person had to come.
    pub(crate) needed_a_person: bool,
    /// How many state directories were lost.
    pub(crate) losses: u64,
    /// The most failures that IBKR counted in a day.
    pub(crate) most_failures: usize,
    pub(crate) submissions: u64,
    pub(crate) holds: u64,
    pub(crate) crashes: u64,
}

pub(crate) struct Schedule {
    pub(crate) rng: Rng,
    pub(crate) now: u64,
    pub(crate) rules: Rules,
    pub(crate) habits: Habits,
    pub(crate) ibkr: Ibkr,
    pub(crate) gateways: Vec<SimulatedGateway>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) directories: Vec<Directory>,
    pub(crate) supervisors: Vec<SimulatedSupervisor>,
    pub(crate) runs: Vec<Option<Run>>,
    pub(crate) outcome: ScheduleFigures,
    /// How likely each step of a run is its last, in millionths.
    pub(crate) crashes: u32,
    /// Between two disturbances, on average.
    pub(crate) calmness: u64,
    pub(crate) person_every: u64,
    pub(crate) person_forgave: u64,
    pub(crate) person_approves: bool,
    /// When a person was called, because only a person can end the hold.
    pub(crate) called: Option<u64>,
    /// Whether a person or a script forgives: with several ledgers, whose failures add up, none must.
    pub(crate) is_forgiving: bool,
    /// Whether state directories are lost.
    pub(crate) is_careless: bool,
    /// When they were.
    pub(crate) losses: Vec<u64>,
    /// When a ledger was last found spoilt: its day begins then, not when it was spoilt.
    pub(crate) found_spoilt: u64,
    /// When a login last needed a notification that may not be sent: that failure counts for a day.
    pub(crate) found_pushing: u64,
    /// Whether events are printed.
    pub(crate) is_traced: bool,
    queue: BinaryHeap<Reverse<(u64, u64, Event)>>,
    queued: u64,
    /// Since when the session is gone; `None` while it is ready.
    pub(crate) lost: Option<u64>,
}

impl Schedule {
    pub(crate) fn new(seed: u64, rules: Rules, habits: Habits) -> Self {
        let mut rng = Rng::with_seed(seed);
        let live = Factor::any(&mut rng);
        let paper = if rng.bool() {
            live
        } else {
            Factor::any(&mut rng)
        };
        let directories = if rng.u8(0..5) == 0 { 2 } else { 1 };
        let gateways = if directories == 2 && rng.bool() { 2 } else { 1 };
        let hosts = if rng.u8(0..4) == 0 { 2 } else { 1 };
        let is_alone = directories == 1;
        let is_careless = rng.u8(0..5) == 0;
        let up_since = |rng: &mut Rng| BEGIN - rng.u64(MINUTE..60 * DAY);
        let mut schedule = Self {
            now: BEGIN,
            rules,
            habits,
            ibkr: Ibkr::new(live, paper),
            gateways: (0..gateways).map(|_| SimulatedGateway::new()).collect(),
            hosts: (0..hosts)
                .map(|name| Host::new(name, up_since(&mut rng)))
                .collect(),
            directories: (0..directories).map(|_| Directory::default()).collect(),
            supervisors: Vec::new(),
            runs: Vec::new(),
            outcome: ScheduleFigures {
                seed,
                ..ScheduleFigures::default()
            },
            crashes: [100, 1000, 20_000][rng.usize(0..3)],
            calmness: rng.u64(2 * HOUR..3 * DAY),
            person_every: rng.u64(2 * HOUR..18 * HOUR),
            person_forgave: 0,
            person_approves: true,
            called: None,
            is_forgiving: is_alone && !is_careless,
            is_careless,
            losses: Vec::new(),
            found_spoilt: 0,
            found_pushing: 0,
            is_traced: false,
            queue: BinaryHeap::new(),
            queued: 0,
            lost: Some(BEGIN),
            rng,
        };
        for place in 0..directories + schedule.rng.usize(0..3) {
            schedule.employ(place);
        }
        schedule.ibkr.is_prolonged = is_alone && !schedule.supervisors.iter().any(|it| it.forgives);
        schedule.at(BEGIN, Event::Disturb);
        schedule.at(BEGIN + schedule.person_every, Event::Visit);
        schedule.at(BEGIN + RESET, Event::Reset);
        schedule.at(CALM, Event::Calm);
        schedule
    }

    /// Plays it to its end.
    pub(crate) fn play(mut self) -> Result<ScheduleFigures, Broken> {
        while let Some(Reverse((at, _, event))) = self.queue.pop() {
            if at >= END {
                break;
            }
            self.now = at;
            match event {
                Event::Tick(supervisor) => self.tick(supervisor),
                Event::Step(run) => self.step(run)?,
                Event::Disturb => self.disturb(),
                Event::Spoil(directory) => self.spoil(directory),
                Event::Visit => self.visit(),
                Event::Reset => self.reset(),
                Event::Calm => self.calm_down(),
            }
            self.watch()?;
        }
        match self.lost {
            Some(since) => Err(Broken::new("the session never came back", since)),
            None => Ok(self.outcome),
        }
    }

    /// Prints what happens, when one schedule is replayed.
    pub(crate) fn trace(&self, what: impl FnOnce() -> String) {
        if self.is_traced {
            say(&Broken::new(&what(), self.now).to_string());
        }
    }

    pub(crate) fn at(&mut self, at: u64, event: Event) {
        self.queued += 1;
        self.queue.push(Reverse((at, self.queued, event)));
    }

    pub(crate) fn after(&mut self, wait: u64, event: Event) {
        self.at(self.now + wait, event);
    }

    /// True in this many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    pub(crate) fn start(&mut self, run: Run) {
        let free = self.runs.iter().position(Option::is_none);
        let place = free.unwrap_or_else(|| {
            self.runs.push(None);
            self.runs.len() - 1
        });
        self.runs[place] = Some(run);
        self.after(0, Event::Step(place));
    }
}
