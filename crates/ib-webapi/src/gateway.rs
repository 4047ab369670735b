//! The Gateway's endpoints.

use crate::address::{GATEWAY, GatewayArgs, UrlAddress};
use crate::client::{Answered, Client, Request};
use crate::failure::Failure;
use crate::session::{Session, SessionState};
use crate::session_answer::{Endpoint, is_access_denied, json, session};
use crate::validation::Validation;
use ib_cli::{Error, Exit, Result};
use ib_proc::Deadline;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::time::SystemTime;

/// One Gateway, and the one client that talks to it.
pub struct Gateway(Client);

/// What answers at the Gateway's root; the Gateway answers there in every state, without IBKR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayRoot {
    /// The redirect to the login page: a Gateway, and it lets us in.
    Login,
    /// The Gateway's address filter refuses us (`ips.allow`).
    AccessDenied,
    /// 500 on every request: `ips.allow` or `ips.deny` holds `"*"`, seen with build a27ed42.
    Broken,
    /// It shows a certificate that is not accepted; the sentence says why.
    Untrusted(String),
    /// Something listens that is no Gateway, or is not one yet; the sentence says what it did.
    Other(String),
    /// Nothing listens, or there is no route to it; the sentence says why.
    Down(String),
    /// No answer before the deadline.
    TimedOut,
}

impl Gateway {
    /// The Gateway that the flags name.
    ///
    /// # Errors
    /// As [`Gateway::at`].
    pub fn new(args: &GatewayArgs) -> Result<Self> {
        Self::at(&args.url, args.cacert.as_deref())
    }

    /// The Gateway at an address, with the certificates to accept.
    ///
    /// # Errors
    /// `Usage` when the address cannot be used, `Config` when the file of certificates cannot.
    pub fn at(url: &str, cacert: Option<&Path>) -> Result<Self> {
        Ok(Self(Client::new(UrlAddress::parse(url, GATEWAY)?, cacert)?))
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.address.url
    }

    /// Whether it is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.address.is_loopback()
    }

    /// Where it listens on this machine; `None` when it is elsewhere.
    #[must_use]
    pub fn local_address(&self) -> Option<SocketAddr> {
        let UrlAddress { loopback, port, .. } = &self.0.address;
        loopback.map(|ip| SocketAddr::new(ip, *port))
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.address.port
    }

    /// Asks for the root: whether this is a Gateway that lets us in. Says nothing about the session.
    #[must_use]
    pub fn root(&self, deadline: Deadline) -> GatewayRoot {
        match self.0.ask(Request::Get("/"), deadline) {
            Ok(answer) => GatewayRoot::read(&answer),
            Err(Failure::Down(cause)) => GatewayRoot::Down(cause),
            Err(Failure::TimedOut { .. }) => GatewayRoot::TimedOut,
            Err(Failure::Untrusted(cause)) => GatewayRoot::Untrusted(cause),
            Err(Failure::Tls(cause) | Failure::Cut(cause) | Failure::Garbled(cause)) => {
                GatewayRoot::Other(cause)
            }
        }
    }

    /// Keeps the session alive, and asks for its state.
    #[must_use]
    pub fn tickle(&self, deadline: Deadline) -> Session {
        self.ask_session(Endpoint::Tickle, Request::Post("/v1/api/tickle"), deadline)
    }

    /// Asks for the brokerage session's state.
    #[must_use]
    pub fn auth_status(&self, deadline: Deadline) -> Session {
        let request = Request::Get("/v1/api/iserver/auth/status");
        self.ask_session(Endpoint::Status, request, deadline)
    }

    /// Asks whether the read-only session is valid, which extends it.
    #[must_use]
    pub fn validate(&self, deadline: Deadline) -> Validation {
        let request = Request::Get("/v1/api/sso/validate");
        let asking = self.0.asking(request);
        match self.0.ask(request, deadline) {
            Ok(answer) => Validation::read(&asking, &answer, SystemTime::now()),
            Err(failure) => Validation::failed(&asking, &failure),
        }
    }

    /// Opens the brokerage session of the read-only session; with `compete`, takes it from another login.
    ///
    /// `NotEstablished` may mean that it is being opened: ask for the state again.
    #[must_use]
    pub fn open_brokerage_session(&self, compete: bool, deadline: Deadline) -> Session {
        let body = if compete {
            r#"{"publish":true,"compete":true}"#
        } else {
            r#"{"publish":true,"compete":false}"#
        };
        let request = Request::PostJson("/v1/api/iserver/auth/ssodh/init", body);
        self.ask_session(Endpoint::Open, request, deadline)
    }

    /// Asks for the accounts, as the Gateway itself does once it has opened a brokerage session: IBKR answers questions
    /// about orders only after this one ("Please query /accounts first"). The answer itself is not read.
    pub fn ask_for_accounts(&self, deadline: Deadline) {
        // A session that has no accounts to show is open all the same.
        let _ = self
            .0
            .ask(Request::Get("/v1/api/iserver/accounts"), deadline);
    }

    /// Ends the session; false when there was none to end.
    ///
    /// # Errors
    /// The exit of what came in place of a yes or a no.
    pub fn logout(&self, deadline: Deadline) -> Result<bool> {
        let request = Request::Post("/v1/api/logout");
        let asking = self.0.asking(request);
        let answer = match self.0.ask(request, deadline) {
            Ok(answer) => answer,
            Err(failure) => return Err(Session::failed(&asking, &failure).as_error()),
        };
        let is_yes = |name| {
            let object = json(&answer.body).filter(|_| answer.status == 200);
            object.is_some_and(|object| object.get(name) == Some(&Value::Bool(true)))
        };
        if is_yes("status") || is_yes("confirmed") {
            return Ok(true);
        }
        let session = session(Endpoint::Status, &asking, &answer, SystemTime::now());
        if session.state == SessionState::NoSession {
            return Ok(false);
        }
        if answer.status == 200 {
            let message = format!("{asking}: 200 that does not say the session has ended");
            return Err(Error::new(Exit::Unexpected, message));
        }
        // Only a 200 can say that the session is ready.
        Err(session.as_error())
    }

    fn ask_session(&self, endpoint: Endpoint, request: Request, deadline: Deadline) -> Session {
        let asking = self.0.asking(request);
        match self.0.ask(request, deadline) {
            Ok(answer) => session(endpoint, &asking, &answer, SystemTime::now()),
            Err(failure) => Session::failed(&asking, &failure),
        }
    }
}

impl GatewayRoot {
    fn read(answer: &Answered) -> Self {
        match answer.status {
            302 if is_login(answer) => Self::Login,
            _ if is_access_denied(answer) => Self::AccessDenied,
            500 => Self::Broken,
            status => Self::Other(format!(
                "it answers {status}, which is not a Gateway's answer"
            )),
        }
    }
}

fn is_login(answer: &Answered) -> bool {
    answer
        .location
        .as_deref()
        .is_some_and(|place| place.starts_with("/sso/Login"))
}
