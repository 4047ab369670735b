//! One schedule: who there is, and what happens when.

use super::directory::Directory;
use super::ibkr::{Factor, Gateway, Ibkr, Session};
use super::machines::{Host, Window};
use super::run::Run;
use super::{BEGIN, Broken, HOUR, MINUTE, SECOND, say};
use crate::ledger::DAY;
use crate::rules::Rules;
use fastrand::Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// Until here things go wrong.
pub const CALM: u64 = BEGIN + 27 * DAY;

/// A schedule's end.
const END: u64 = BEGIN + 30 * DAY;

/// When IBKR's daily reset begins, in North America: 00:15 in New York.
const RESET: u64 = 5 * HOUR + 15 * MINUTE;

/// What a healthy system may need: a day's hold, and what a slow supervisor, a quiet window, and a person who must come add.
const PATIENCE: u64 = DAY + 10 * HOUR;

/// How the tool around the guard behaves: both, in the tool.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// It takes the lock before it looks at the ledger.
    pub locks: bool,
    /// It asks again once it has the lock.
    pub asks_again: bool,
}

/// Something that runs the tool whenever the session is not ready.
#[derive(Clone, Copy, Debug)]
pub struct Supervisor {
    pub directory: usize,
    pub gateway: usize,
    pub host: usize,
    pub every: u64,
    /// It waits as long as the tool says.
    pub is_patient: bool,
    pub max_failures: u8,
    pub quiet: Option<Window>,
    pub method: &'static str,
    pub mode: &'static str,
    /// Its record carries a seed, or it logs in without a second factor.
    pub is_without_push: bool,
    /// It has `--forgive` in its script, for when it is held.
    pub forgives: bool,
    /// It has `--attended` there.
    pub is_attended: bool,
    /// It has `--force-after-hold` there.
    pub is_forced: bool,
    /// When it comes back, because the tool said so.
    pub waits_until: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Tick(usize),
    Step(usize),
    Disturb,
    Spoil(usize),
    Visit,
    Reset,
    Calm,
}

/// What one schedule came to.
#[derive(Default)]
pub struct Outcome {
    /// How long each time until the session was ready again, in milliseconds.
    pub until_ready: Vec<u64>,
    /// How long it took once all was well.
    pub after_calm: u64,
    pub submissions: u64,
    pub holds: u64,
    pub crashes: u64,
}

pub struct World {
    pub rng: Rng,
    pub now: u64,
    pub rules: Rules,
    pub habits: Habits,
    pub ibkr: Ibkr,
    pub gateways: Vec<Gateway>,
    pub hosts: Vec<Host>,
    pub directories: Vec<Directory>,
    pub supervisors: Vec<Supervisor>,
    pub runs: Vec<Option<Run>>,
    pub outcome: Outcome,
    /// How likely each step of a run is its last, in millionths.
    pub crashes: u32,
    /// Between two disturbances, on average.
    pub calmness: u64,
    pub person_every: u64,
    pub person_forgave: u64,
    pub person_approves: bool,
    /// When a ledger was last found spoilt: its day begins then, not when it was spoilt.
    pub found_spoilt: u64,
    /// Whether what happens is told.
    pub is_told: bool,
    queue: BinaryHeap<Reverse<(u64, u64, Event)>>,
    queued: u64,
    lost: Option<u64>,
}

impl World {
    pub fn new(seed: u64, rules: Rules, habits: Habits) -> Self {
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
        let up_since = |rng: &mut Rng| BEGIN - rng.u64(MINUTE..60 * DAY);
        let mut world = Self {
            now: BEGIN,
            rules,
            habits,
            ibkr: Ibkr::new(live, paper),
            gateways: (0..gateways).map(|_| Gateway::new()).collect(),
            hosts: (0..hosts)
                .map(|name| Host::new(name, up_since(&mut rng)))
                .collect(),
            directories: (0..directories).map(|_| Directory::default()).collect(),
            supervisors: Vec::new(),
            runs: Vec::new(),
            outcome: Outcome::default(),
            crashes: [100, 1000, 20_000][rng.usize(0..3)],
            calmness: rng.u64(2 * HOUR..3 * DAY),
            person_every: rng.u64(2 * HOUR..18 * HOUR),
            person_forgave: 0,
            person_approves: true,
            found_spoilt: 0,
            is_told: false,
            queue: BinaryHeap::new(),
            queued: 0,
            lost: Some(BEGIN),
            rng,
        };
        for place in 0..directories + world.rng.usize(0..3) {
            world.employ(place);
        }
        world.at(BEGIN, Event::Disturb);
        world.at(BEGIN + world.person_every, Event::Visit);
        world.at(BEGIN + RESET, Event::Reset);
        world.at(CALM, Event::Calm);
        world
    }

    fn employ(&mut self, place: usize) {
        let rng = &mut self.rng;
        let directory = place % self.directories.len();
        let is_alone = self.directories.len() == 1;
        let from = rng.u64(0..22);
        let mode = ["live", "paper"][rng.usize(0..2)];
        let supervisor = Supervisor {
            directory,
            gateway: directory % self.gateways.len(),
            host: rng.usize(0..self.hosts.len()),
            every: [1, 5, 10, 10, 15, 15, 20, 30, 30, 60][rng.usize(0..10)] * MINUTE,
            is_patient: rng.bool(),
            max_failures: [3, 3, 3, 1, 4, 200][rng.usize(0..6)],
            quiet: (rng.u8(0..4) == 0).then_some(Window { from, to: from + 2 }),
            // What several directories allow adds up, so nobody must add to it.
            forgives: is_alone && rng.u8(0..10) == 0,
            is_attended: rng.u8(0..15) == 0,
            is_forced: rng.u8(0..15) == 0,
            method: ["browser", "direct"][rng.usize(0..2)],
            mode,
            is_without_push: !self.ibkr.pushing.contains(mode),
            waits_until: 0,
        };
        self.supervisors.push(supervisor);
        let first = BEGIN + rng.u64(0..supervisor.every);
        self.at(first, Event::Tick(self.supervisors.len() - 1));
    }

    /// Plays it to its end.
    pub fn play(mut self) -> Result<Outcome, Broken> {
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

    /// Tells what happens, when one schedule is replayed.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if self.is_told {
            say(&Broken::new(&what(), self.now).to_string());
        }
    }

    pub fn at(&mut self, at: u64, event: Event) {
        self.queued += 1;
        self.queue.push(Reverse((at, self.queued, event)));
    }

    pub fn after(&mut self, wait: u64, event: Event) {
        self.at(self.now + wait, event);
    }

    /// So many per hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn tick(&mut self, place: usize) {
        let supervisor = self.supervisors[place];
        let is_up = self.now >= self.hosts[supervisor.host].down_until;
        if is_up && self.now >= supervisor.waits_until {
            self.start(Run::of(place, supervisor));
        }
        let hosts = self.hosts.len();
        // Pods move from machine to machine, with their volume.
        if hosts > 1 && self.chance(2) {
            self.supervisors[place].host = self.rng.usize(0..hosts);
        }
        let jitter = self.rng.u64(0..SECOND);
        self.after(supervisor.every + jitter, Event::Tick(place));
    }

    /// The tool said how long to wait.
    pub fn come_back(&mut self, place: usize, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(DAY);
        let supervisor = &mut self.supervisors[place];
        // Between two looks at the same hold nothing changes: an impatient one need not look each minute.
        let wait = if supervisor.is_patient {
            wait
        } else {
            wait.min(20 * MINUTE)
        };
        supervisor.waits_until = self.now + wait;
    }

    pub fn start(&mut self, run: Run) {
        let free = self.runs.iter().position(Option::is_none);
        let place = free.unwrap_or_else(|| {
            self.runs.push(None);
            self.runs.len() - 1
        });
        self.runs[place] = Some(run);
        self.after(0, Event::Step(place));
    }

    /// Notes when the session goes and comes.
    fn watch(&mut self) -> Result<(), Broken> {
        let is_ready = self.gateways.iter().any(|it| it.session == Session::Ready);
        match self.lost {
            None if !is_ready => self.lost = Some(self.now),
            Some(since) if is_ready => {
                self.outcome.until_ready.push(self.now - since);
                self.lost = None;
                if self.now > CALM {
                    let healthy = since.max(self.healthy());
                    let took = self.now.saturating_sub(healthy);
                    self.outcome.after_calm = self.outcome.after_calm.max(took);
                }
            }
            Some(since) if self.now > since.max(self.healthy()) + PATIENCE => {
                return Err(Broken::new("a healthy system was not logged in", self.now));
            }
            _ => {}
        }
        Ok(())
    }

    /// Since when nothing is wrong.
    fn healthy(&self) -> u64 {
        CALM.max(self.ibkr.locked_until).max(self.found_spoilt)
    }
}
