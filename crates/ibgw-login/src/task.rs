//! One login, whichever way it is made: what is known before it, and what is told before anything is sent.

use crate::authenticator::Authenticator;
use crate::factor::{FactorMeans, WantedFactor};
use crate::known_page::KnownPage;
use crate::password::Password;
use ib_cli::{Mode, Reference, Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is sent, told before a byte of it is; what IBKR sends by itself, as soon as that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Username and password, or the proof of them.
    Credentials,
    /// A one-time code of these 30 seconds since 1970.
    Code(u64),
    /// What makes a notification appear on a phone.
    Push,
    /// A notification that IBKR has sent by itself.
    Pushed,
}

/// Is told what is about to be sent, and may forbid it.
pub type Recorder<'a> = dyn FnMut(Sending) -> Result<()> + 'a;

/// One login.
pub struct Task<'a> {
    /// The Gateway, by the name that the page's cookies need.
    pub url: &'a str,
    /// Where it listens on this machine, where any certificate is accepted; `None` when it is elsewhere.
    pub local_address: Option<SocketAddr>,
    /// Who logs in.
    pub username: &'a str,
    pub password: Password,
    /// Which of the two worlds.
    pub mode: Mode,
    /// Whether a login to live becomes one to paper when IBKR says that the username is one for it.
    pub may_switch_to_paper: bool,
    /// What is known of the page.
    pub page: &'a KnownPage,
    /// Makes codes; `None` when the record has no seed.
    pub authenticator: Option<Authenticator>,
    /// Those 30 seconds since 1970 of which a code was sent, by whichever login.
    pub code_windows: Vec<u64>,
    /// The second factor to choose when there are several; `None` for the authenticator app.
    pub wanted: Option<WantedFactor>,
    /// Where to put screenshot and page; `None` for nowhere.
    pub evidence: Option<PathBuf>,
    /// Where codes come from that no seed makes; `None` for nowhere.
    pub code_from: Option<&'a Reference>,
    /// Where to write a challenge; `None` for nowhere but the terminal.
    pub challenge_out: Option<&'a Path>,
    /// How long to wait for a tap on the phone.
    pub push_wait: Duration,
    /// Whether a notification may be sent without a browser, which is done only when this way was asked for by name.
    pub may_push_directly: bool,
    /// Whether IBKR is expected to send a notification once it has username and password.
    pub expects_push: bool,
    /// What to run before a notification is sent; `None` for nothing.
    pub before_push: Option<&'a Reference>,
}

impl Task<'_> {
    /// What there is to satisfy a second factor with, without a browser.
    pub fn means(&self) -> FactorMeans {
        FactorMeans {
            has_seed: self.authenticator.is_some(),
            has_code_source: self.code_from.is_some(),
            may_push: self.may_push_directly,
        }
    }

    /// The same on the page, which sends notifications as it does for a person.
    pub fn means_on_the_page(&self) -> FactorMeans {
        FactorMeans {
            may_push: true,
            ..self.means()
        }
    }
}
