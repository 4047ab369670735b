//! Waiting for what another process does.

use ib_proc::Deadline;
use std::fmt::Display;
use std::time::Duration;

/// As long as a slow machine may need.
const PATIENCE: Duration = Duration::from_secs(30);

/// For what many processes do one after the other: a boot, a timer and the login that follows.
const LONG_PATIENCE: Duration = Duration::from_secs(150);

/// Waits until a look finds something.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, what, || look().ok_or("nothing"))
}

/// The same for what many processes do one after the other.
#[track_caller]
pub fn slowly<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    within(LONG_PATIENCE, what, || look().ok_or("nothing"))
}

/// Waits until what a look sees is as expected. A test that fails shows what was seen last.
#[track_caller]
pub fn eventually_sees<T: Display>(
    what: &str,
    mut look: impl FnMut() -> T,
    is_expected: impl Fn(&T) -> bool,
) -> T {
    within(PATIENCE, what, || {
        let seen = look();
        if is_expected(&seen) {
            Ok(seen)
        } else {
            Err(seen)
        }
    })
}

#[track_caller]
fn within<T, E: Display>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> Result<T, E>,
) -> T {
    let deadline = Deadline::after(patience);
    loop {
        let seen = match look() {
            Ok(found) => return found,
            Err(seen) => seen,
        };
        // Another process does not announce what it has done, so it is looked at again.
        assert!(
            deadline.pause(Duration::from_millis(5)),
            "not in {patience:?}: {what}; seen last: {seen}"
        );
    }
}
