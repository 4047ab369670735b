//! How much time has passed: by the wall clock, which a user may set, and by the clock that counts since the boot.

use crate::rules::{Rule, Rules};
use ib_cli::{Exit, OrExit, Result};
use ib_proc::Boot;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// How many boots are remembered: machines that share a directory take turns, each with its own boot.
const BOOTS: usize = 8;

/// One moment, by both clocks; in milliseconds, so that many short intervals lose nothing to rounding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    /// Since 1970, by the wall clock.
    pub(crate) wall: u64,
    /// Which boot of which machine; `None` when the kernel does not say.
    pub(crate) boot: Option<String>,
    /// Since that boot.
    pub(crate) uptime: u64,
}

impl Now {
    /// This moment.
    ///
    /// # Errors
    /// `Held` when the machine has no clock that counts since its boot.
    pub(crate) fn read() -> Result<Self> {
        let boot = Boot::now().or_exit(Exit::Held)?;
        // A clock before 1970 is taken for 1970.
        let wall = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Ok(Self {
            wall: millis(wall),
            boot: boot.id,
            uptime: millis(boot.uptime),
        })
    }

    /// The wall clock's time once this has passed.
    #[must_use]
    pub(crate) fn wall_after(&self, wait: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.wall.saturating_add(wait))
    }
}

/// The moments at which a ledger was used, the last of each boot, the latest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock(Vec<Seen>);

/// One such moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    wall: u64,
    boot: Option<String>,
    uptime: u64,
    /// The ledger's own time then.
    elapsed: u64,
    /// A shorter boot was seen since: unless that was another machine, this boot is over.
    #[serde(default)]
    is_over: bool,
}

impl Clock {
    /// The ledger's own time: milliseconds that have passed for certain since it was begun.
    ///
    /// Within a boot, the clock since the boot counts, and no step of the wall clock matters. After another boot, or on
    /// another machine, the wall clock counts, because the ledger has no other; but never more than this machine has been
    /// up (since this boot was last seen, if it was), because the wall clock may have been set meanwhile. An unknown boot
    /// may be any of the known ones under another name: some containers get a new name for the machine's boot at each
    /// start, or none. So a wrong clock makes holds longer, never shorter.
    #[must_use]
    pub(crate) fn elapsed(&self, now: &Now, rules: Rules) -> u64 {
        let Some(latest) = self.0.last() else {
            return 0;
        };
        // The numbers come from a file, and an overflow would end every hold.
        let since = |seen: &Seen| {
            let passed = now.uptime.saturating_sub(seen.uptime);
            seen.elapsed.saturating_add(passed)
        };
        let may_be_this = |seen: &&Seen| !seen.is_over && seen.uptime <= now.uptime;
        let passed = now.wall.saturating_sub(latest.wall);
        let by_wall = latest.elapsed.saturating_add(passed);
        let by_uptime = match self.of_boot(now) {
            Some(seen) => since(seen),
            None => {
                let unnamed = self.0.iter().filter(may_be_this).map(since);
                unnamed.fold(latest.elapsed.saturating_add(now.uptime), u64::min)
            }
        };
        let is_latest = latest.boot.is_some() && latest.boot == now.boot;
        let passed = if !rules.hold(Rule::BootClock) {
            by_wall
        } else if rules.hold(Rule::WallClock) && !is_latest {
            by_wall.min(by_uptime)
        } else {
            by_uptime
        };
        passed.max(latest.elapsed)
    }

    /// Notes that the ledger is in use.
    pub(crate) fn see(&mut self, now: &Now, rules: Rules) {
        let elapsed = self.elapsed(now, rules);
        self.0
            .retain(|seen| seen.boot.is_none() || seen.boot != now.boot);
        for seen in &mut self.0 {
            seen.is_over |= seen.uptime > now.uptime;
        }
        self.0.push(Seen {
            wall: now.wall,
            boot: now.boot.clone(),
            uptime: now.uptime,
            elapsed,
            is_over: false,
        });
        if self.0.len() > BOOTS {
            self.0.remove(0);
        }
    }

    /// How long ago this boot was last noted; `None` when it never was.
    #[must_use]
    pub(crate) fn since_seen(&self, now: &Now) -> Option<u64> {
        let seen = self.of_boot(now)?;
        Some(now.uptime.saturating_sub(seen.uptime))
    }

    fn of_boot(&self, now: &Now) -> Option<&Seen> {
        let is_same = |seen: &&Seen| seen.boot.is_some() && seen.boot == now.boot;
        self.0.iter().find(is_same)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn at(wall: u64, boot: &str, uptime: u64) -> Now {
        Now {
            wall: wall * HOUR,
            boot: Some(boot.to_owned()),
            uptime: uptime * HOUR,
        }
    }

    /// The hours that have passed for certain after these moments.
    fn hours(moments: &[Now]) -> u64 {
        let mut clock = Clock::default();
        for now in moments {
            clock.see(now, Rules::ALL);
        }
        let last = moments.last().unwrap_or_else(|| panic!("no moments"));
        clock.elapsed(last, Rules::ALL) / HOUR
    }

    #[test]
    fn a_wall_clock_put_on_or_back_changes_nothing_within_a_boot() {
        assert_eq!(hours(&[at(100, "a", 5), at(900, "a", 7)]), 2);
        assert_eq!(hours(&[at(100, "a", 5), at(10, "a", 7)]), 2);
    }

    #[test]
    fn after_a_boot_no_more_has_passed_than_the_machine_was_up() {
        assert_eq!(hours(&[at(100, "a", 5), at(900, "b", 2)]), 2);
        assert_eq!(hours(&[at(100, "a", 5), at(101, "b", 2)]), 1);
        assert_eq!(hours(&[at(100, "a", 5), at(1, "b", 2)]), 0);
    }

    #[test]
    fn machines_that_take_turns_do_not_add_up_what_their_clocks_differ_by() {
        let turns = [
            at(100, "a", 50),
            at(90, "b", 70),
            at(101, "a", 51),
            at(91, "b", 71),
            at(102, "a", 52),
        ];
        assert_eq!(hours(&turns), 2);
    }

    #[test]
    fn a_kernel_that_does_not_name_its_boot_makes_holds_no_shorter() {
        let unnamed = |wall, uptime| Now {
            boot: None,
            ..at(wall, "", uptime)
        };
        assert_eq!(hours(&[unnamed(100, 1), unnamed(900, 2)]), 1);
        assert_eq!(hours(&[unnamed(100, 500), unnamed(900, 501)]), 1);
    }

    #[test]
    fn a_boot_under_another_name_adds_nothing_to_what_has_passed() {
        assert_eq!(hours(&[at(100, "a", 500), at(900, "b", 501)]), 1);
        let names = [
            at(100, "a", 500),
            at(101, "b", 501),
            at(900, "c", 502),
            at(900, "d", 2),
        ];
        assert_eq!(hours(&names), 2);
    }

    #[test]
    fn what_an_earlier_boot_has_seen_keeps_no_time_from_passing() {
        let unnamed = |wall, uptime| Now {
            boot: None,
            ..at(wall, "", uptime)
        };
        let short = [at(100, "a", 20), at(102, "b", 1), unnamed(142, 41)];
        assert_eq!(hours(&short), 41);
        let long = [at(100, "a", 500), at(200, "b", 90), unnamed(210, 5)];
        assert_eq!(hours(&long), 95);
    }
}
