//! Logins under way, and the lock.

use super::{AccountMode, User};
use crate::http::HttpRequest;
use crate::srp::{ServerExchange, Shared};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// IBKR locks a username after ten failed logins in a row within 24 hours, until 24 hours after the last
/// try, and refuses it then with the right password too (IBKR's account-security page at ibkr.info).
const FAILURES: usize = 10;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One login between its first request and the Dispatcher.
pub(crate) struct PendingLogin {
    /// The user; `None` when IBKR does not know the username.
    pub user: Option<User>,
    /// The name as typed.
    pub username: String,
    /// The mode asked for.
    pub mode: AccountMode,
    /// The running exchange.
    pub exchange: ServerExchange,
    /// What a right proof gave.
    pub shared: Option<Shared>,
    /// The factors still to be satisfied by one of them.
    pub factors: Vec<String>,
    /// The factor chosen.
    pub chosen: Option<String>,
    /// The code that satisfied it; empty when none was given.
    pub code: String,
    /// It is asked for in the XML of the page before.
    pub is_xml: bool,
    /// When the last push of this login was sent; `None` when none was.
    pub pushed: Option<Instant>,
    /// A push of this login was approved.
    pub approved: bool,
    /// The page that praises IB Key was shown.
    pub promoted: bool,
    /// Nothing is missing any more.
    pub complete: bool,
}

impl PendingLogin {
    /// Whether a request brings both cookies of the session, which the page sets once the server is proven.
    pub(crate) fn is_carried_by(&self, request: &HttpRequest) -> bool {
        let Some(shared) = &self.shared else {
            return false;
        };
        ["XYZAB", "XYZAB_AM.LOGIN"]
            .into_iter()
            .all(|name| request.cookie(name) == Some(&shared.cookie))
    }
}

/// Every login under way by its `JSESSIONID`, and every failure by username.
#[derive(Default)]
pub(crate) struct Attempts {
    running: HashMap<String, PendingLogin>,
    failed: BTreeMap<String, Vec<Duration>>,
    used_codes: Vec<(String, u64)>,
}

impl Attempts {
    /// The login a `JSESSIONID` stands for.
    pub(crate) fn get(&mut self, id: &str) -> Option<&mut PendingLogin> {
        self.running.get_mut(id)
    }

    /// Keeps a login; an earlier one of the same page is lost.
    pub(crate) fn put(&mut self, id: &str, attempt: PendingLogin) {
        self.running.insert(id.to_owned(), attempt);
    }

    /// Ends a login.
    pub(crate) fn take(&mut self, id: &str) -> Option<PendingLogin> {
        self.running.remove(id)
    }

    /// Whether a username is locked at a moment.
    pub(crate) fn locked(&self, username: &str, now: Duration) -> bool {
        self.failed.get(username).is_some_and(|times| {
            let last = times.iter().max().copied().unwrap_or_default();
            times
                .iter()
                .filter(|at| last.saturating_sub(**at) < DAY)
                .count()
                >= FAILURES
                && now.saturating_sub(last) < DAY
        })
    }

    /// Notes a failed login; each one, also while locked, prolongs the lock.
    pub(crate) fn fail(&mut self, username: &str, now: Duration) {
        self.failed
            .entry(username.to_owned())
            .or_default()
            .push(now);
    }

    /// Forgets the failures of a username: only consecutive ones count.
    pub(crate) fn succeed(&mut self, username: &str) {
        self.failed.remove(username);
    }

    /// Locks a username as ten failures do.
    pub(crate) fn lock(&mut self, username: &str, now: Duration) {
        self.failed.insert(username.to_owned(), vec![now; FAILURES]);
    }

    /// The number of failures by username.
    pub(crate) fn failures(&self) -> BTreeMap<&str, usize> {
        self.failed
            .iter()
            .map(|(user, times)| (user.as_str(), times.len()))
            .collect()
    }

    /// Uses up the code of one window; false when it was used before.
    pub(crate) fn use_code(&mut self, username: &str, window: u64) -> bool {
        let code = (username.to_owned(), window);
        let fresh = !self.used_codes.contains(&code);
        self.used_codes.push(code);
        fresh
    }

    /// Approves the pushes on the way, as a person with the phone does.
    pub(crate) fn approve_pushes(&mut self) {
        self.running
            .values_mut()
            .for_each(|attempt| attempt.approved = true);
    }
}
