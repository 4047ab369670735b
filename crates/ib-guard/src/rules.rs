//! The rules of the policy, each by its name.

/// One rule of the policy: the simulation shows of each that an account would be lost, or a promise broken, without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// So many failures as `--max-failures` says, in any 24 hours, hold the next submission.
    Budget,
    /// Whatever `--max-failures` says, it is never more than the hard cap.
    HardCap,
    /// However often a person forgives: never so many failures in 24 hours that IBKR's lock is near.
    Ceiling,
    /// A submission that nobody lived to resolve counts as failed.
    Unresolved,
    /// A refusal holds for 24 hours.
    Refused,
    /// A lock holds for 24 hours, whatever a caller forces.
    Locked,
    /// When IBKR asks to wait, nothing is sent for so long.
    AskedWait,
    /// What was not sent after all is taken back.
    TakenBack,
    /// A ledger that cannot be understood is a spent budget.
    Unreadable,
    /// Who forgives such a ledger may try once: nobody can know how near the ceiling it was.
    Vouched,
    /// Nobody but a person who is there forgives such a ledger.
    VouchedByAPerson,
    /// Nobody forgives a second one while the copy of the first is there.
    VouchedOnce,
    /// What cannot be recorded is not sent.
    Recorded,
    /// Two codes in one login, no more.
    CodesPerLogin,
    /// No two codes of one window, whichever login sends them.
    CodeWindow,
    /// One notification in one login.
    OnePush,
    /// Two notifications in a row that nobody approved hold the next unattended login.
    UnansweredPushes,
    /// A login that died has sent one, unless it is known to send none.
    PushPresumed,
    /// They hold no login that sends none.
    OnlyPushes,
    /// They hold nobody who is there.
    PersonEnds,
    /// Every other hold ends by itself, a day after what began it.
    DayEnds,
    /// A submission is kept for a week, unless there are too many and it counts no more.
    Kept,
    /// Nothing unattended in a quiet window.
    Quiet,
    /// Time has passed only if the wall clock says so too.
    WallClock,
    /// Time has passed only if the machine was seen to be up for so long.
    BootClock,
}

/// Which rules hold: all of them, except in the simulation that breaks one to see what happens.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    broken: Option<Rule>,
}

impl Rules {
    /// All of them.
    pub const ALL: Self = Self { broken: None };

    pub(crate) fn hold(self, rule: Rule) -> bool {
        self.broken != Some(rule)
    }

    #[cfg(test)]
    pub(crate) fn without(rule: Rule) -> Self {
        Self { broken: Some(rule) }
    }
}
