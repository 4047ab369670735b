//! One login, with or without a browser: what it needs, and what it must announce before it sends anything.

use crate::authenticator::Authenticator;
use crate::factor::{FactorMeans, WantedFactor};
use crate::known_page::KnownPage;

use ib_cli::{Mode, Reference, Result, SecretText};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a login announces: before the first byte of what it sends, and as soon as it shows for what IBKR sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    /// Username and password, or the proof of them.
    Credentials,
    /// A one-time code, by its 30-second window since 1970.
    Code(u64),
    /// What makes IBKR send a notification to the phone.
    Push,
    /// A notification that IBKR sent without being asked.
    Pushed,
}

/// Records what a login is about to send, and may forbid it.
pub(crate) type Recorder<'a> = dyn FnMut(Sending) -> Result<()> + 'a;

/// One login.
pub(crate) struct Task<'a> {
    /// The address of the Gateway, with the host name that the page's cookies need.
    pub url: &'a str,
    /// Where it listens on this machine: the tool accepts any certificate there; `None` when it runs elsewhere.
    pub local_address: Option<SocketAddr>,
    pub username: &'a str,
    pub password: &'a SecretText,
    /// Live or paper.
    pub mode: Mode,
    /// Whether a login to live becomes one to paper when IBKR says that the username is one for paper.
    pub may_switch_to_paper: bool,
    /// What the tool knows of the login page.
    pub page: &'a KnownPage,
    /// The app that makes codes; `None` when the record has no seed.
    pub authenticator: Option<Authenticator>,
    /// The 30-second windows since 1970 of which any login has sent a code.
    pub code_windows: Vec<u64>,
    /// The second factor to choose when IBKR offers several; `None` for the authenticator app.
    pub wanted: Option<WantedFactor>,
    /// Where to put screenshot and page; `None` for nowhere.
    pub evidence: Option<PathBuf>,
    /// Where the SMS, card or challenge code comes from; `None` for nowhere.
    pub code_from: Option<&'a Reference>,
    /// Where to write a challenge; `None` for nowhere but the terminal.
    pub challenge_out: Option<&'a Path>,
    /// How long to wait until the notification is approved.
    pub push_wait: Duration,
    /// Whether the tool may send a notification without a browser: only with `--method direct`.
    pub may_push_directly: bool,
    /// Whether the tool expects IBKR to send a notification once it has username and password.
    pub expects_push: bool,
    /// The command to run before a notification is sent; `None` for nothing.
    pub before_push: Option<&'a Reference>,
}

impl Task<'_> {
    /// What can satisfy a second factor without a browser.
    pub(crate) fn means(&self) -> FactorMeans {
        FactorMeans {
            has_seed: self.authenticator.is_some(),
            has_code_source: self.code_from.is_some(),
            may_push: self.may_push_directly,
        }
    }

    /// What can satisfy a second factor on the page, which sends notifications as it does for a person.
    pub(crate) fn means_on_the_page(&self) -> FactorMeans {
        FactorMeans {
            may_push: true,
            ..self.means()
        }
    }
}
