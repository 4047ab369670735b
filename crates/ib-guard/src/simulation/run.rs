//! One run of the tool, step by step, as `ibgw-login` takes them; it may die between any two.

use super::directory::Memory;
use super::ibkr::{GatewayLook, LoginReply};
use super::schedule::{CALM, Event, Schedule};
use super::supervisors::SimulatedSupervisor;
use super::{Broken, MINUTE, SECOND};
use crate::book::Book;
use crate::clock::Now;
use crate::ledger::SubmissionOutcome;
use crate::policy::{Decision, Terms};
use crate::submission::Submission;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

/// How long the tool waits for the lock, and for a notification to be approved.
const TIMEOUT: u64 = 6 * MINUTE;
pub(crate) const PUSH_WAIT: u64 = 3 * MINUTE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginPhase {
    Ask,
    Lock { until: u64 },
    Ledger,
    Submit,
    Page(LoginReply),
    Code,
    Push,
    Pushed,
    Resolve(SubmissionOutcome),
}

pub(crate) struct Run {
    /// The place of the supervisor that started it; `None` for a person.
    by: Option<usize>,
    pub(crate) supervisor: SimulatedSupervisor,
    phase: LoginPhase,
    pub(crate) is_attended: bool,
    pub(crate) is_forced: bool,
    pub(crate) forgives: bool,
    pub(crate) book: Option<Book<Rc<Memory>>>,
    pub(crate) submission: Option<Submission>,
    pub(crate) sent_at: u64,
    pub(crate) codes: u8,
    pub(crate) pushes: u8,
    /// It sent a notification that could not be expected.
    pub(crate) is_surprised: bool,
    /// Whether the login sends one, once that has shown.
    pub(crate) shows: Option<bool>,
}

/// What comes after a step.
pub(crate) enum Next {
    After(u64, LoginPhase),
    End,
}

impl Run {
    pub(crate) fn of(place: usize, supervisor: SimulatedSupervisor) -> Self {
        Self {
            by: Some(place),
            supervisor,
            phase: LoginPhase::Ask,
            is_attended: supervisor.is_attended,
            is_forced: supervisor.is_forced,
            forgives: supervisor.forgives,
            book: None,
            submission: None,
            sent_at: 0,
            codes: 0,
            pushes: 0,
            is_surprised: false,
            shows: None,
        }
    }

    pub(crate) fn of_person(supervisor: SimulatedSupervisor) -> Self {
        Self {
            by: None,
            is_attended: true,
            ..Self::of(0, supervisor)
        }
    }

    pub(crate) fn host(&self) -> usize {
        self.supervisor.host
    }

    pub(crate) fn has_a_person(&self) -> bool {
        self.is_attended || self.is_forced
    }
}

impl Schedule {
    /// The next step of a run.
    pub(crate) fn step(&mut self, place: usize) -> Result<(), Broken> {
        // A run that was killed has an event left.
        let Some(mut run) = self.runs[place].take() else {
            return Ok(());
        };
        let dies_before = self.dies();
        let next = if dies_before {
            Next::End
        } else {
            self.phase(place, &mut run)?
        };
        let dies_after = self.dies();
        let dies = dies_before || dies_after;
        if dies
            || !matches!(
                run.phase,
                LoginPhase::Ask | LoginPhase::Lock { .. } | LoginPhase::Ledger
            )
        {
            self.trace(|| {
                format!(
                    "run {place}: {:?}{}",
                    run.phase,
                    if dies { ", dies" } else { "" }
                )
            });
        }
        match next {
            Next::After(wait, phase) if !dies_before && !dies_after => {
                run.phase = phase;
                self.runs[place] = Some(run);
                self.after(wait, Event::Step(place));
            }
            Next::After(..) | Next::End => self.unlock(place, &run),
        }
        Ok(())
    }

    pub(crate) fn dies(&mut self) -> bool {
        let dies = self.rng.u32(0..1_000_000) < self.crashes;
        self.outcome.crashes += u64::from(dies);
        dies
    }

    /// Ends a run where it is.
    pub(crate) fn kill(&mut self, place: usize) {
        if let Some(run) = self.runs[place].take() {
            self.outcome.crashes += 1;
            self.unlock(place, &run);
        }
    }

    fn unlock(&mut self, place: usize, run: &Run) {
        // The kernel drops the lock when the process ends.
        let lock = &mut self.directories[run.supervisor.directory].lock;
        lock.take_if(|holder| *holder == place);
    }

    fn phase(&mut self, place: usize, run: &mut Run) -> Result<Next, Broken> {
        let after = |wait, phase| Ok(Next::After(wait, phase));
        match run.phase {
            LoginPhase::Ask => match self.ask(run) {
                GatewayLook::LoggedOut => {
                    let until = self.now + TIMEOUT;
                    let wait = self.rng.u64(1..2 * SECOND);
                    after(wait, LoginPhase::Lock { until })
                }
                GatewayLook::Ready | GatewayLook::Stop => Ok(Next::End),
            },
            LoginPhase::Lock { until } => {
                let lock = &mut self.directories[run.supervisor.directory].lock;
                match lock {
                    Some(_) if self.habits.locks && self.now < until => {
                        after(SECOND, LoginPhase::Lock { until })
                    }
                    Some(_) if self.habits.locks => Ok(Next::End),
                    None | Some(_) => {
                        *lock = Some(place);
                        after(1, LoginPhase::Ledger)
                    }
                }
            }
            LoginPhase::Ledger => self.consult(run),
            LoginPhase::Submit => self.submit(run),
            LoginPhase::Page(answer) => Ok(self.read_page(run, answer)),
            LoginPhase::Code => self.send_code(run),
            LoginPhase::Push => self.send_push(run),
            LoginPhase::Pushed => Ok(self.await_push(run)),
            LoginPhase::Resolve(outcome) => {
                self.resolve(run, outcome);
                Ok(Next::End)
            }
        }
    }

    fn ask(&mut self, run: &Run) -> GatewayLook {
        // Now and then an answer is missing, or makes no sense.
        let gets_through = !self.chance(2);
        self.gateways[run.supervisor.gateway].ask(&self.ibkr, self.now, gets_through)
    }

    pub(crate) fn clocks(&self, run: &Run) -> Now {
        self.hosts[run.supervisor.host].now(self.now)
    }

    pub(crate) fn terms(&self, run: &Run) -> Terms {
        let wall = self.hosts[run.supervisor.host].wall(self.now);
        let window = run.supervisor.quiet.and_then(|window| window.until(wall));
        Terms {
            max_failures: run.supervisor.max_failures,
            force_after_hold: run.is_forced,
            is_attended: run.is_attended,
            quiet_until: window.map(|until| SystemTime::UNIX_EPOCH + Duration::from_millis(until)),
            mode: run.supervisor.mode,
            is_without_push: run.supervisor.is_without_push,
        }
    }

    /// With the lock: reads the ledger, asks again, asks the guard.
    fn consult(&mut self, run: &mut Run) -> Result<Next, Broken> {
        let now = self.clocks(run);
        let terms = self.terms(run);
        let directory = &mut self.directories[run.supervisor.directory];
        let copies = directory.store.copies.get();
        let Ok(mut book) = Book::open(directory.store.clone(), &now, self.rules) else {
            return Ok(Next::End);
        };
        directory.truth.check(book.ledger(), &now, self.now)?;
        if self.now >= CALM {
            directory.looked_at.get_or_insert(self.now);
        }
        if std::mem::take(&mut directory.truth.is_spoilt) {
            self.found_spoilt = self.now;
        }
        if directory.store.copies.get() > copies {
            directory.truth.begin_anew(self.now);
        }
        if self.habits.asks_again && self.ask(run) != GatewayLook::LoggedOut {
            return Ok(Next::End);
        }
        let mut decision = book.decide(&now, &terms);
        let directory = &mut self.directories[run.supervisor.directory];
        if decision != Decision::Go
            && run.forgives
            && book
                .forgive("trader", "it said that it is held", run.is_attended, &now)
                .is_ok()
        {
            directory.truth.forgive(run.is_attended, self.now)?;
            decision = book.decide(&now, &terms);
        }
        let Decision::Held { until, .. } = decision else {
            run.book = Some(book);
            let to_start_a_browser = self.rng.u64(1..5 * SECOND);
            return Ok(Next::After(to_start_a_browser, LoginPhase::Submit));
        };
        self.outcome.holds += 1;
        self.trace(|| format!("{decision:?}"));
        let wait = until.map(|until| until.duration_since(now.wall_after(0)));
        let wait = wait.map(Result::unwrap_or_default);
        self.promises_of_a_hold(run, wait)?;
        if let Some(supervisor) = run.by {
            // A hold that only a person ends names no time.
            self.come_back(supervisor, wait.unwrap_or(Duration::from_secs(3600)));
        }
        Ok(Next::End)
    }
}
