//! The conversation with the API, step by step, and what it finds out.

use crate::address::ApiAddress;
use crate::connection::{ApiConnection, ProbeFailure};
use crate::message::{Accounts, ClientId, Message, VERSIONS, ask_for_time, hello, start_api};
use crate::system_message::{Farm, FarmState, SystemMessage, SystemMessageKind};
use ib_proc::Deadline;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant, SystemTime};

/// How long the probe still listens after the last answer to a gateway that has said nothing of its connection to IBKR,
/// or that the connection is lost.
///
/// A gateway names its farms to each client as soon as the API starts, together with the next valid id
/// (<https://github.com/manhinhang/ib-gateway-docker/issues/65>). So a healthy one costs no wait.
const SETTLING: Duration = Duration::from_millis(300);

/// The most codes and farms that are kept: more than exist.
const KEPT: usize = 100;

/// A step of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeStage {
    /// The connection.
    Connect,
    /// The version of the API. Silence here: IB Gateway hangs, or its window asks whether to accept the connection. A
    /// closed connection: a forwarder has no IB Gateway behind it, or IB Gateway does not trust your address.
    Handshake,
    /// The next valid id. Silence here: IB Gateway is not logged in.
    StartApi,
    /// The time.
    Time,
}

/// What a conversation found out, complete or not.
pub(crate) struct ProbeFindings {
    /// The step that is under way.
    pub(crate) stage: ProbeStage,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) server_version: Option<i64>,
    pub(crate) accounts: Option<Accounts>,
    pub(crate) time: Option<Time>,
    pub(crate) link: Link,
    pub(crate) farms: Vec<Farm>,
    pub(crate) codes: Vec<i32>,
    pub(crate) is_given_an_id: bool,
}

/// What time it is.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    /// By the gateway's clock.
    pub(crate) theirs: SystemTime,
    /// By ours, when it arrived.
    pub(crate) ours: SystemTime,
    pub(crate) received: Instant,
}

/// What the gateway has said of its connection to IBKR.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Unsaid,
    Up,
    /// With the code that said so.
    Lost(i32),
}

impl ProbeFindings {
    pub(crate) fn nothing() -> Self {
        Self {
            stage: ProbeStage::Connect,
            client_id: None,
            server_version: None,
            accounts: None,
            time: None,
            link: Link::Unsaid,
            farms: Vec::new(),
            codes: Vec::new(),
            is_given_an_id: false,
        }
    }

    /// Goes through all steps: connects, shakes hands, starts the API, and asks for the time.
    pub(crate) fn converse(
        &mut self,
        address: &ApiAddress,
        id: ClientId,
        deadline: Deadline,
    ) -> Result<(), ProbeFailure> {
        let mut connection = ApiConnection::open(address, deadline)?;
        self.stage = ProbeStage::Handshake;
        connection.send(&hello(), deadline)?;
        self.until(&mut connection, deadline, |found| {
            found.server_version.is_some()
        })?;
        self.stage = ProbeStage::StartApi;
        self.client_id = Some(id);
        connection.send(&start_api(id), deadline)?;
        self.until(&mut connection, deadline, |found| found.is_given_an_id)?;
        self.stage = ProbeStage::Time;
        connection.send(&ask_for_time(), deadline)?;
        self.until(&mut connection, deadline, |found| found.time.is_some())?;
        self.settle(&mut connection, deadline)
    }

    fn until(
        &mut self,
        connection: &mut ApiConnection,
        deadline: Deadline,
        is_enough: fn(&Self) -> bool,
    ) -> Result<(), ProbeFailure> {
        while !is_enough(self) {
            let message = connection.next(deadline)?;
            self.take(&message)?;
        }
        Ok(())
    }

    /// Reads what has arrived meanwhile, and waits longer for a gateway whose connection to IBKR is not known to be up.
    fn settle(
        &mut self,
        connection: &mut ApiConnection,
        deadline: Deadline,
    ) -> Result<(), ProbeFailure> {
        let deadline = deadline.or_after(SETTLING);
        loop {
            while let Some(message) = connection.next_arrived()? {
                self.take(&message)?;
                if deadline.has_passed() {
                    return Ok(());
                }
            }
            if self.link == Link::Up {
                return Ok(());
            }
            match connection.next(deadline) {
                Ok(message) => self.take(&message)?,
                Err(ProbeFailure::TimedOut) => return Ok(()),
                Err(failure) => return Err(failure),
            }
        }
    }

    fn take(&mut self, body: &[u8]) -> Result<(), ProbeFailure> {
        let message = Message::read(body, self.server_version.is_none());
        match message.map_err(|why| ProbeFailure::Garbled(why.to_owned()))? {
            Message::Version(version) if VERSIONS.contains(&version) => {
                self.server_version = Some(version);
            }
            Message::Version(version) => {
                return Err(ProbeFailure::Garbled(format!(
                    "it wants version {version} of the API, and this program speaks {} to {}",
                    VERSIONS.start(),
                    VERSIONS.end()
                )));
            }
            Message::ManagedAccounts(accounts) => self.accounts = Some(accounts),
            Message::NextValidId if self.stage == ProbeStage::StartApi => {
                self.is_given_an_id = true
            }
            Message::CurrentTime(theirs) if self.stage == ProbeStage::Time => {
                self.time = Some(Time {
                    theirs,
                    ours: SystemTime::now(),
                    received: Instant::now(),
                });
            }
            Message::System(message) => self.note(message)?,
            // An answer to a request that was not sent yet does not count.
            Message::NextValidId | Message::CurrentTime(_) | Message::Other => {}
        }
        Ok(())
    }

    fn note(&mut self, SystemMessage { code, kind }: SystemMessage) -> Result<(), ProbeFailure> {
        if !self.codes.contains(&code) && self.codes.len() < KEPT {
            self.codes.push(code);
        }
        match kind {
            SystemMessageKind::IdTaken => return Err(ProbeFailure::IdTaken),
            SystemMessageKind::LinkLost => self.link = Link::Lost(code),
            SystemMessageKind::LinkRestored => self.link = Link::Up,
            SystemMessageKind::Farm(farm) => {
                // A broken farm may be the first sign that the connection is lost.
                let is_within_reach =
                    matches!(farm.state, FarmState::Connected | FarmState::Inactive);
                if self.link == Link::Unsaid && is_within_reach {
                    self.link = Link::Up;
                }
                self.note_farm(farm);
            }
            SystemMessageKind::Other => {}
        }
        Ok(())
    }

    fn note_farm(&mut self, farm: Farm) {
        let is_same = |known: &Farm| known.name == farm.name && known.service == farm.service;
        match self.farms.iter().position(is_same) {
            Some(place) => self.farms[place] = farm,
            None if self.farms.len() < KEPT => self.farms.push(farm),
            None => {}
        }
    }
}
