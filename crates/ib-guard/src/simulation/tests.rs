use super::world::{Habits, Outcome, World};
use super::{Broken, say};
use crate::rules::{Rule, Rules};
use std::time::Instant;

/// How many schedules the ordinary test plays.
const SCHEDULES: u64 = 10_000;

/// In how many schedules a broken rule must show.
const ENOUGH: u64 = 4000;

const HABITS: Habits = Habits {
    locks: true,
    asks_again: true,
};

/// Plays one schedule again, and says what came of it: `IB_GUARD_SEED=4711 cargo test -p ib-guard simulation`.
const SEED: &str = "IB_GUARD_SEED";

/// Plays other schedules than those of every day, from this seed on.
const FROM: &str = "IB_GUARD_FROM";

/// Plays so many.
const COUNT: &str = "IB_GUARD_SCHEDULES";

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

fn play(seed: u64, rules: Rules, habits: Habits) -> Result<Outcome, Broken> {
    let mut world = World::new(seed, rules, habits);
    world.is_told = number(SEED).is_some();
    world.play()
}

/// Plays schedules on all processors; the outcomes, or the first seed that breaks a promise.
fn play_all(seeds: std::ops::Range<u64>) -> Result<Vec<Outcome>, String> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    let share = |worker| {
        let seeds = seeds.clone().filter(move |seed| seed % workers == worker);
        let played = seeds.map(|seed| {
            play(seed, Rules::ALL, HABITS)
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
    let (began, count) = (Instant::now(), seeds.end - seeds.start);
    let outcomes = play_all(seeds).unwrap_or_else(|broken| panic!("{broken}"));
    let seconds = began.elapsed().as_secs_f64();
    let sum = |of: fn(&Outcome) -> u64| outcomes.iter().map(of).sum::<u64>();
    say(&format!(
        "{count} schedules of 30 days in {seconds:.1} s: {:.0} each second",
        count as f64 / seconds
    ));
    say(&format!(
        "{} submissions, {} holds, {} crashes; none locked",
        sum(|it| it.submissions),
        sum(|it| it.holds),
        sum(|it| it.crashes)
    ));
    let until_ready = outcomes.iter().flat_map(|it| &it.until_ready).copied();
    say(&format!(
        "until the session was ready again: {}",
        spread(until_ready)
    ));
    let after_calm = outcomes.iter().map(|it| it.after_calm);
    say(&format!(
        "the same once all was well: {}",
        spread(after_calm)
    ));
}

fn spread(times: impl Iterator<Item = u64>) -> String {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let at = |part: f64| {
        let place = (times.len() as f64 * part) as usize;
        let time = times.get(place.min(times.len().saturating_sub(1)));
        let seconds = time.copied().unwrap_or_default() / 1000;
        match seconds {
            0..120 => format!("{seconds} s"),
            120..7200 => format!("{} min", seconds / 60),
            _ => format!("{:.1} h", seconds as f64 / 3600.0),
        }
    };
    format!(
        "{} times; half within {}, 90 % {}, 99 % {}, 99.9 % {}, the worst {}",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    )
}

/// The first schedule that shows what is missing.
#[track_caller]
fn shows(rules: Rules, habits: Habits, promise: &str) {
    let broken = (0..ENOUGH).find_map(|seed| {
        let broken = play(seed, rules, habits).err()?;
        Some((seed, broken.to_string()))
    });
    let (seed, broken) =
        broken.unwrap_or_else(|| panic!("nothing shows that {rules:?} {habits:?}"));
    say(&format!("schedule {seed}: {broken}"));
    assert!(broken.contains(promise), "{broken}, not {promise}");
}

#[test]
fn every_rule_is_missed_when_it_is_broken() {
    for (rule, promise) in [
        (Rule::Budget, "more failures"),
        (Rule::HardCap, "more failures"),
        (Rule::Ceiling, "locked"),
        (Rule::Unresolved, "more failures"),
        (Rule::Refused, "refusal"),
        (Rule::Locked, "lock"),
        (Rule::Unreadable, "more failures"),
        (Rule::Vouched, "locked"),
        (Rule::Recorded, "not on the disk"),
        (Rule::CodesPerLogin, "three codes"),
        (Rule::CodeWindow, "one window"),
        (Rule::OnePush, "two notifications"),
        (Rule::UnansweredPushes, "three notifications"),
        (Rule::Quiet, "quiet"),
        (Rule::WallClock, "a record"),
        (Rule::BootClock, "a record"),
    ] {
        say(&format!("without {rule:?}"));
        shows(Rules::without(rule), HABITS, promise);
    }
}

#[test]
fn a_tool_that_does_not_lock_or_does_not_ask_again_is_noticed() {
    let never_locks = Habits {
        locks: false,
        ..HABITS
    };
    shows(Rules::ALL, never_locks, "");
    let asks_once = Habits {
        asks_again: false,
        ..HABITS
    };
    shows(Rules::ALL, asks_once, "although the session is ready");
}
