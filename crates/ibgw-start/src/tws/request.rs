//! What a run asks for of an IB Gateway.

use crate::tws::ibc_values::{ClockTime, DayMinute, YesNo};
use crate::tws::instance::TwsInstance;
use ib_cli::{Login, Mode, ModeFlag, Reference, Result};
use ib_guard::GuardArgs;
use ib_guard::policy::Terms;
use ib_tws::named_mode;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What a run asks for of an IB Gateway. `None` is what the run leaves open.
pub(crate) struct TwsRequest {
    pub(crate) state_dir: Option<PathBuf>,
    pub(crate) login: LoginSource,
    pub(crate) mode: Option<ModeFlag>,
    pub(crate) java: Option<PathBuf>,
    pub(crate) tws_dir: Option<PathBuf>,
    pub(crate) tws_version: Option<String>,
    pub(crate) ibc_dir: Option<PathBuf>,
    pub(crate) settings_dir: Option<PathBuf>,
    pub(crate) api_port: Option<u16>,
    pub(crate) command_port: Option<u16>,
    pub(crate) forward: Option<SocketAddr>,
    pub(crate) auto_restart: Option<ClockTime>,
    pub(crate) cold_restart: Option<DayMinute>,
    pub(crate) read_only_api: Option<YesNo>,
    pub(crate) vnc: Option<VncRequest>,
    pub(crate) guard: GuardArgs,
}

/// Who logs in.
pub(crate) enum LoginSource {
    /// IBC, with the login record from here.
    Record(Reference),
    /// A person, in the window.
    Person,
}

/// Where the window is shown by VNC, and to whom.
pub(crate) struct VncRequest {
    pub(crate) address: SocketAddr,
    pub(crate) password: Reference,
    /// Whether a viewer may use the window; a person who logs in always may.
    pub(crate) may_control: bool,
}

impl TwsRequest {
    /// Whether a person logs in.
    pub(crate) fn is_manual(&self) -> bool {
        match self.login {
            LoginSource::Person => true,
            LoginSource::Record(_) => false,
        }
    }

    /// Whether a viewer may use the window.
    pub(crate) fn may_control(&self) -> bool {
        self.is_manual() || self.vnc.as_ref().is_some_and(|vnc| vnc.may_control)
    }

    /// The mode, where the flag, a variable or the login says which.
    pub(crate) fn mode(&self, login: Option<&Login>) -> Result<Option<Mode>> {
        let named = named_mode(self.mode.and_then(ModeFlag::mode))?;
        Ok(named.or_else(|| login?.mode))
    }

    /// What the guard may allow.
    pub(crate) fn terms(&self, login: &Login, mode: Mode) -> Terms {
        // A paper username has no second factor of its own, and a token of an earlier login may be refused.
        let is_without_push = mode == Mode::Paper && login.second_factor.is_none();
        self.guard.terms(mode, is_without_push)
    }

    /// The instance of this mode; paper when nothing says which.
    pub(crate) fn instance(&self, mode: Option<Mode>) -> Result<TwsInstance> {
        let api_port = self
            .api_port
            .unwrap_or_else(|| ib_tws::api_port(mode.unwrap_or_default()));
        TwsInstance::open(self.state_dir.as_deref(), api_port)
    }

    /// Where IBC takes commands.
    pub(crate) fn command_port(&self, mode: Mode) -> u16 {
        self.command_port.unwrap_or(match mode {
            // IBC's own convention, and the next number.
            Mode::Live => 7462,
            Mode::Paper => 7463,
        })
    }
}
