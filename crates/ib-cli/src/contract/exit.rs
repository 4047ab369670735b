//! What the caller does next, as a number.

/// The exit codes that every tool shares; 3 is unused, 101 is a bug, 128 and more a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Yes, done, ready: go on.
    Done = 0,
    /// Asked and answered: no. Log in, or get another.
    No = 1,
    /// A wrong command line: fix the call.
    Usage = 2,
    /// IBKR refused the login, code, token, key or address: never retry.
    Refused = 4,
    /// A gateway, Java, browser, driver or helper program is not installed.
    Missing = 5,
    /// A setting, key, secret or file cannot be used: fix it.
    Config = 6,
    /// Nothing listens, no route, TLS failed: start it, then again.
    Down = 7,
    /// `--timeout` is over, or a second factor was not approved: later, not at once.
    TimedOut = 8,
    /// An answer or page we do not know, a program that died, our own output failed: a person looks.
    Unexpected = 9,
    /// Another login holds the brokerage session: decide about `--compete`.
    Competing = 10,
    /// Our own guard; nothing was sent: wait.
    Held = 11,
    /// IBKR answers 429 or 5xx, or is in maintenance: wait.
    Unavailable = 12,
    /// A batch with failed records: read the records.
    Partial = 13,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Done,
        Self::No,
        Self::Usage,
        Self::Refused,
        Self::Missing,
        Self::Config,
        Self::Down,
        Self::TimedOut,
        Self::Unexpected,
        Self::Competing,
        Self::Held,
        Self::Unavailable,
        Self::Partial,
    ];

    /// The number the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The exit of a number; `None` when none of ours has it.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| exit.code() == code)
    }

    /// The name used in `ib-error/1`, man pages and tests; `None` for 0.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Done => return None,
            Self::No => "no",
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::Missing => "missing",
            Self::Config => "config",
            Self::Down => "down",
            Self::TimedOut => "timed_out",
            Self::Unexpected => "unexpected",
            Self::Competing => "competing",
            Self::Held => "held",
            Self::Unavailable => "unavailable",
            Self::Partial => "partial",
        })
    }

    /// Whether the same call may simply be made again.
    #[must_use]
    pub fn is_worth_a_retry(self) -> bool {
        matches!(self, Self::Down | Self::TimedOut | Self::Unavailable)
    }
}
