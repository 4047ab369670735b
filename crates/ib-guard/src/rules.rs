//! The rules of the policy, each by its name. The numbers in them are in `limits.rs`.

/// One rule of the policy: the simulation proves of each that the username would be locked, or a promise broken, without
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// As many failures in 24 hours as `--max-failures` allows hold the next submission.
    Budget,
    /// `--max-failures` never allows more than the hard cap.
    HardCap,
    /// However often a person forgives, the failures in 24 hours stay below the ceiling.
    Ceiling,
    /// A submission whose end is not recorded, as after a crash, counts as failed.
    Unresolved,
    /// A refusal holds for 24 hours.
    Refused,
    /// A lock holds for 24 hours, whatever a caller forces.
    Locked,
    /// When IBKR asks to wait, nothing is sent for that long.
    AskedWait,
    /// A submission that was recorded and not sent is taken back.
    TakenBack,
    /// A ledger that cannot be read holds for a day.
    Unreadable,
    /// After such a ledger was forgiven, one failure is allowed: how near the ceiling it was is not known.
    OneFailureAfterLostLedger,
    /// Only a person at the terminal forgives such a ledger.
    LostLedgerNeedsAPerson,
    /// A second one cannot be forgiven while the copy of the first is there.
    LostLedgerForgivenOnce,
    /// What cannot be recorded is not sent.
    Recorded,
    /// One login sends two codes at the most.
    CodesPerLogin,
    /// Each window's code is sent once, by whichever login.
    CodeWindow,
    /// One login sends one notification.
    OnePush,
    /// Two notifications in a row without an approval hold the next unattended login.
    UnansweredPushes,
    /// A login that died counts as one that sent a notification, unless it is known to send none.
    PushPresumed,
    /// Notifications without an approval hold only logins that send one.
    OnlyPushes,
    /// They do not hold a person at the terminal.
    PersonEnds,
    /// Every other hold ends a day after its cause, without a person.
    DayEnds,
    /// A submission stays in the ledger for a week, unless there are too many and it counts no more.
    Kept,
    /// Nothing is sent unattended in a quiet window.
    Quiet,
    /// Time has passed only if the wall clock says so too.
    WallClock,
    /// Time has passed only if the machine was up for that long.
    BootClock,
}

/// Which rules hold: all of them, except in the simulation that breaks one to see what happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    broken: Option<Rule>,
}

impl Rules {
    /// All rules.
    pub(crate) const ALL: Self = Self { broken: None };

    pub(crate) fn hold(self, rule: Rule) -> bool {
        self.broken != Some(rule)
    }

    #[cfg(test)]
    pub(crate) fn without(rule: Rule) -> Self {
        Self { broken: Some(rule) }
    }
}
