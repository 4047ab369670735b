use super::ibkr::LOCKING;
use super::schedule::{Habits, Schedule, ScheduleFigures};
use super::{Broken, say};
use crate::rules::{Rule, Rules};
use std::time::Instant;

/// How many schedules the ordinary test plays.
const SCHEDULES: u64 = 10_000;

/// Within how many schedules a broken rule must show.
const ENOUGH: u64 = 10_000;

const LOST: &str = "a record is lost, or counts no more";

const HABITS: Habits = Habits {
    locks: true,
    asks_again: true,
};

/// Plays one schedule again, and prints what happens: `IB_GUARD_SEED=4711 cargo test -p ib-guard simulation`.
const SEED: &str = "IB_GUARD_SEED";

/// Plays the schedules from this seed on, instead of the usual ones.
const FROM: &str = "IB_GUARD_FROM";

/// How many schedules to play.
const COUNT: &str = "IB_GUARD_SCHEDULES";

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

fn play(
    seed: u64,
    rules: Rules,
    habits: Habits,
    is_traced: bool,
) -> Result<ScheduleFigures, Broken> {
    let mut schedule = Schedule::new(seed, rules, habits);
    schedule.is_traced = is_traced;
    schedule.play()
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Plays schedules on all processors; the outcomes, or the first seed that breaks a promise.
fn play_all(seeds: std::ops::Range<u64>) -> Result<Vec<ScheduleFigures>, String> {
    let workers = workers() as u64;
    let is_traced = number(SEED).is_some();
    let share = |worker| {
        let seeds = seeds.clone().filter(move |seed| seed % workers == worker);
        let played = seeds.map(|seed| {
            play(seed, Rules::ALL, HABITS, is_traced)
                .map_err(|broken| format!("{broken} (replay it with {SEED}={seed})"))
        });
        played.collect::<Result<Vec<_>, _>>()
    };
    std::thread::scope(|scope| {
        let share = &share;
        let workers: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || share(worker)))
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().expect("a worker ends")?);
        }
        Ok(all)
    })
}

#[test]
fn no_schedule_of_faults_locks_the_username_or_breaks_a_promise() {
    let seeds = match (number(SEED), number(FROM)) {
        (Some(seed), _) => seed..seed + 1,
        (None, from) => {
            let from = from.unwrap_or_default();
            from..from + number(COUNT).unwrap_or(SCHEDULES)
        }
    };
    let began = Instant::now();
    let count = seeds.end - seeds.start;
    let outcomes = play_all(seeds).unwrap_or_else(|broken| panic!("{broken}"));
    let seconds = began.elapsed().as_secs_f64();
    let sum = |of: fn(&ScheduleFigures) -> u64| outcomes.iter().map(of).sum::<u64>();
    say(&format!(
        "{count} schedules of 30 days in {seconds:.1} s: {:.0} each second",
        count as f64 / seconds
    ));
    say(&format!(
        "{} submissions, {} holds, {} crashes",
        sum(|it| it.submissions),
        sum(|it| it.holds),
        sum(|it| it.crashes)
    ));
    let (lossy, whole): (Vec<_>, Vec<_>) = outcomes.iter().partition(|it| it.losses > 0);
    let most = |of: &[&ScheduleFigures]| of.iter().map(|it| it.most_failures).max();
    let is_locked = |it: &&&ScheduleFigures| it.most_failures >= LOCKING;
    assert_eq!(whole.iter().filter(is_locked).count(), 0);
    say(&format!(
        "failures in 24 hours: {} at the most, and none locked; {} where {} directories were lost, which locked in {} of {}",
        most(&whole).unwrap_or_default(),
        most(&lossy).unwrap_or_default(),
        sum(|it| it.losses),
        lossy.iter().filter(is_locked).count(),
        lossy.len(),
    ));
    let called = outcomes.iter().filter(|it| it.needed_a_person).count();
    say(&format!("in {called} only a person could log in again"));
    let times = outcomes.iter().flat_map(|it| {
        let seeded = |time: &u64| (*time, it.seed);
        it.until_ready.iter().map(seeded)
    });
    say(&format!("until ready again: {}", spread(times)));
    let alone = outcomes.iter().filter(|it| !it.needed_a_person);
    let after_calm = alone.map(|it| (it.after_calm, it.seed));
    say(&format!(
        "once the faults had ended: {}",
        spread(after_calm)
    ));
}

/// How long something took in which schedules.
fn spread(times: impl Iterator<Item = (u64, u64)>) -> String {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let at = |part: f64| {
        let place = (times.len() as f64 * part) as usize;
        let time = times.get(place.min(times.len().saturating_sub(1)));
        let seconds = time.map_or(0, |(time, _)| time / 1000);
        match seconds {
            0..120 => format!("{seconds} s"),
            120..7200 => format!("{} min", seconds / 60),
            _ => format!("{:.1} h", seconds as f64 / 3600.0),
        }
    };
    let (_, worst) = times.last().copied().unwrap_or_default();
    format!(
        "{} times; median {}, p90 {}, p99 {}, p99.9 {}, max {} ({SEED}={worst})",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    )
}

/// The first schedule that breaks the promise, in just these words.
#[track_caller]
fn shows(rules: Rules, habits: Habits, promise: &str) {
    let shown = (0..ENOUGH).find_map(|seed| {
        let broken = play(seed, rules, habits, false).err()?;
        (broken.promise() == promise).then(|| format!("schedule {seed}: {broken}"))
    });
    match shown {
        Some(shown) => say(&format!("{rules:?} {habits:?}: {shown}")),
        None => panic!("no schedule shows \"{promise}\" with {rules:?} {habits:?}"),
    }
}

#[test]
fn every_rule_is_missed_when_it_is_broken() {
    let rules = [
        (Rule::Budget, "more failures than are allowed"),
        (Rule::HardCap, "more failures than are allowed"),
        (Rule::Ceiling, "the username is locked"),
        (Rule::Unresolved, "more failures than are allowed"),
        (Rule::Refused, "a submission within a day of a refusal"),
        (Rule::Locked, "a submission within a day of a lock"),
        (Rule::AskedWait, "a submission while IBKR asks to wait"),
        (Rule::TakenBack, "a hold without an end"),
        (Rule::Unreadable, "more failures than are allowed"),
        (Rule::OneFailureAfterLostLedger, "the username is locked"),
        (
            Rule::LostLedgerNeedsAPerson,
            "a lost ledger forgiven without a person",
        ),
        (Rule::LostLedgerForgivenOnce, "the username is locked"),
        (Rule::Recorded, "a submission that is not on the disk"),
        (Rule::CodesPerLogin, "three codes in one login"),
        (Rule::CodeWindow, "two codes of one window"),
        (Rule::OnePush, "two notifications in one login"),
        (
            Rule::UnansweredPushes,
            "a submission that waits for a person",
        ),
        (Rule::PushPresumed, "a submission that waits for a person"),
        (Rule::OnlyPushes, "a hold without an end"),
        (Rule::PersonEnds, "a hold without an end"),
        (Rule::DayEnds, "a healthy system was not logged in"),
        (Rule::Kept, LOST),
        (Rule::Quiet, "an unattended submission in a quiet window"),
        (Rule::WallClock, LOST),
        (Rule::BootClock, LOST),
    ];
    let names = include_str!("../rules.rs").lines().map(str::trim);
    let names = names.filter_map(|line| line.strip_suffix(','));
    let names = names.filter(|name| name.chars().all(char::is_alphabetic));
    assert_eq!(names.count(), rules.len(), "a rule is not broken here");
    std::thread::scope(|scope| {
        for share in rules.chunks(rules.len().div_ceil(workers())) {
            scope.spawn(move || {
                for (rule, promise) in share {
                    shows(Rules::without(*rule), HABITS, promise);
                }
            });
        }
    });
}

#[test]
fn a_tool_that_does_not_lock_or_does_not_ask_again_is_noticed() {
    let never_locks = Habits {
        locks: false,
        ..HABITS
    };
    shows(Rules::ALL, never_locks, "two submissions at once");
    let asks_once = Habits {
        asks_again: false,
        ..HABITS
    };
    let promise = "a submission although the session is ready";
    shows(Rules::ALL, asks_once, promise);
}
