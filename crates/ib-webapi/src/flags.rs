//! The flags of the brokerage session, and the state that they make together.

use crate::session::SessionState;
use serde_json::{Map, Value};

/// The flags; `None` is one that is not there.
pub(crate) struct Flags {
    pub(crate) authenticated: Option<bool>,
    pub(crate) connected: Option<bool>,
    pub(crate) established: Option<bool>,
    pub(crate) competing: Option<bool>,
}

impl Flags {
    /// The flags, or the name of the one that is no flag.
    pub(crate) fn read(status: &Map<String, Value>) -> Result<Self, &'static str> {
        let flag = |name| match status.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(name),
        };
        Ok(Self {
            authenticated: flag("authenticated")?,
            connected: flag("connected")?,
            established: flag("established")?,
            competing: flag("competing")?,
        })
    }

    /// The state that they make, and the words for it.
    pub(crate) fn state(&self, has_server: bool) -> (SessionState, &'static str) {
        match self {
            Self {
                competing: Some(true),
                ..
            } => (
                SessionState::Competing,
                "another login holds the brokerage session (ibgw-login --compete takes it)",
            ),
            Self {
                authenticated: Some(false),
                ..
            } => (
                SessionState::NotAuthenticated,
                "the brokerage session is not authenticated",
            ),
            Self {
                connected: Some(false),
                ..
            } => (
                SessionState::NotEstablished,
                "the brokerage session is not connected",
            ),
            Self {
                established: Some(false),
                ..
            } => (
                SessionState::NotEstablished,
                "the brokerage session is not established",
            ),
            // A flag that is missing is not taken for the one we hope for.
            Self {
                authenticated: None,
                ..
            }
            | Self {
                connected: None, ..
            }
            | Self {
                competing: None, ..
            } => (
                SessionState::Unknown,
                "200 with flags missing (of authenticated, connected, competing)",
            ),
            // Since April 2026 there is a flag (Voyz/ibeam#281); before, a session without a server was not usable.
            Self {
                established: None, ..
            } if !has_server => (
                SessionState::NotEstablished,
                "the brokerage session has no server",
            ),
            _ => (SessionState::Ready, "the session is ready"),
        }
    }
}
