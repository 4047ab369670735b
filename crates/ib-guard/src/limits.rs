//! The numbers that the guard counts by.

/// IBKR locks a username after ten failed logins in a row within 24 hours, until 24 hours after the last try, even for the
/// right password ("Account security", ibkr.info).
///
/// The guard is stricter: it counts every failure of the last 24 hours, also where a login succeeded in between.
pub(crate) const IBKR_LOCKS_AT: usize = 10;

/// How many failures `--max-failures` allows in 24 hours by default.
pub(crate) const DEFAULT_FAILURES: u8 = 3;

/// The most failures that `--max-failures` may allow in 24 hours: less than half of what locks.
pub const HARD_CAP: u8 = 4;

/// The most failures in 24 hours, whatever was forgiven: two less than lock, for a person who tries by hand.
pub(crate) const CEILING: usize = IBKR_LOCKS_AT - 2;

/// How long a failure counts, and a latch holds, in milliseconds: as long as IBKR counts a failure and keeps a lock.
pub(crate) const DAY: u64 = 24 * 3600 * 1000;

/// How many codes one login sends, each of a window of its own.
pub const CODES_PER_LOGIN: u8 = 2;

/// How many notifications in a row may be sent unattended and not be approved.
pub(crate) const UNANSWERED_PUSHES: u8 = 2;

/// How long a submission that counts no more is kept in the ledger, for a person to look at.
pub(crate) const WEEK: u64 = 7 * DAY;

/// The most submissions that a ledger keeps. Those that count are never more than the ceiling, so none of them is dropped.
pub(crate) const KEPT: usize = 32;

const _: () = assert!((HARD_CAP as usize) < CEILING && CEILING < KEPT);
