//! The simulated IBKR. It is stricter than the real one: every submission without a session counts as failed, and a success
//! does not reset the count, although IBKR counts only failures in a row.

use super::MINUTE;
use crate::limits::DAY;
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// The failures that lock a username. Stated again: the model of IBKR must not follow the guard.
pub(crate) const LOCKING: usize = 10;

/// After `HASTY` failures within `HASTE` milliseconds IBKR asks to wait. It names minutes (IbcAlpha/IBC,
/// `TooManyFailedLoginAttemptsDialogHandler`); after how many failures is not published.
const HASTY: usize = 3;
const HASTE: u64 = 30 * MINUTE;
const ASKED: u64 = 40 * MINUTE;

/// What comes after the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    Nothing,
    Code,
    /// A notification.
    Push {
        /// IBKR sends it as soon as the password is right; else the tool chooses it.
        is_unasked: bool,
    },
}

impl Factor {
    pub(crate) fn any(rng: &mut Rng) -> Self {
        match rng.u8(0..5) {
            0 => Self::Nothing,
            1 | 2 => Self::Code,
            3 => Self::Push { is_unasked: true },
            _ => Self::Push { is_unasked: false },
        }
    }
}

/// What a submission is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginReply {
    /// No usable answer: a wedged gateway, an outage, an unknown page.
    NoReaction,
    Refused,
    Locked,
    /// Not before this many milliseconds.
    AsksToWait(u64),
    SecondFactor,
    Accepted,
}

pub(crate) struct Ibkr {
    factors: BTreeMap<&'static str, Factor>,
    /// The modes that have ever sent a notification.
    pub(crate) pushing: BTreeSet<&'static str>,
    pub(crate) password_is_right: bool,
    pub(crate) seed_is_right: bool,
    /// The username was locked from elsewhere.
    pub(crate) locked_until: u64,
    pub(crate) out_until: u64,
    pub(crate) strange_until: u64,
    /// Whether a try prolongs a lock by a day, as at IBKR. Two ledgers that each try once a day, or a script that forgives,
    /// would keep the username locked for ever, so with these it does not.
    pub(crate) is_prolonged: bool,
    failures: Vec<u64>,
    codes: BTreeSet<u64>,
}

impl Ibkr {
    pub(crate) fn new(live: Factor, paper: Factor) -> Self {
        let mut ibkr = Self {
            factors: BTreeMap::new(),
            pushing: BTreeSet::new(),
            password_is_right: true,
            seed_is_right: true,
            locked_until: 0,
            out_until: 0,
            strange_until: 0,
            is_prolonged: false,
            failures: Vec::new(),
            codes: BTreeSet::new(),
        };
        ibkr.change("live", live);
        ibkr.change("paper", paper);
        ibkr
    }

    /// The user chooses another second factor.
    pub(crate) fn change(&mut self, mode: &'static str, factor: Factor) {
        self.factors.insert(mode, factor);
        if matches!(factor, Factor::Push { .. }) {
            self.pushing.insert(mode);
        }
    }

    pub(crate) fn factor(&self, mode: &str) -> Factor {
        self.factors.get(mode).copied().unwrap_or(Factor::Nothing)
    }

    pub(crate) fn submit(&mut self, now: u64, mode: &str, is_wedged: bool) -> LoginReply {
        self.failures.retain(|at| now - at < DAY);
        self.failures.push(now);
        let is_locked = now < self.locked_until && self.is_prolonged;
        if is_locked || self.failures.len() >= LOCKING {
            self.locked_until = now + DAY;
        }
        if is_wedged || now < self.out_until || now < self.strange_until {
            LoginReply::NoReaction
        } else if now < self.locked_until {
            LoginReply::Locked
        } else if self.failures.iter().filter(|at| now - **at < HASTE).count() >= HASTY {
            LoginReply::AsksToWait(ASKED)
        } else if !self.password_is_right {
            LoginReply::Refused
        } else if self.factor(mode) == Factor::Nothing {
            LoginReply::Accepted
        } else {
            LoginReply::SecondFactor
        }
    }

    /// How many of the last day's submissions made no session.
    pub(crate) fn failures(&self) -> usize {
        self.failures.len()
    }

    /// The submission of that moment made a session.
    pub(crate) fn succeed(&mut self, submitted: u64) {
        self.failures.retain(|at| *at != submitted);
    }

    /// Whether a code is right; each window is taken once.
    pub(crate) fn takes(&mut self, window: u64, now: u64) -> bool {
        self.codes.insert(window) && self.seed_is_right && window.abs_diff(now / 30_000) <= 1
    }
}

/// What a gateway has of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GatewaySession {
    Gone,
    Ready,
    BrokerageDown,
    Competing,
}

/// What a gateway answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GatewayLook {
    Ready,
    LoggedOut,
    /// Another login has the session, or the gateway did not answer.
    Stop,
}

pub(crate) struct SimulatedGateway {
    pub(crate) session: GatewaySession,
    pub(crate) wedged_until: u64,
}

impl SimulatedGateway {
    pub(crate) fn new() -> Self {
        Self {
            session: GatewaySession::Gone,
            wedged_until: 0,
        }
    }

    /// Asks, and opens the brokerage session again if that suffices.
    pub(crate) fn ask(&mut self, ibkr: &Ibkr, now: u64, gets_through: bool) -> GatewayLook {
        if now < ibkr.out_until || !gets_through {
            return GatewayLook::Stop;
        }
        match self.session {
            GatewaySession::Ready => GatewayLook::Ready,
            GatewaySession::Gone => GatewayLook::LoggedOut,
            GatewaySession::Competing => GatewayLook::Stop,
            GatewaySession::BrokerageDown => {
                self.session = GatewaySession::Ready;
                GatewayLook::Ready
            }
        }
    }
}
