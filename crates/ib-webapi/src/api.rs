//! The Web API at IBKR itself, with a bearer token.

use crate::address::{API, UrlAddress};
use crate::attempts::while_unsent;
use crate::brokerage::BrokerageAnswer;
use crate::certificate::CertificateArgs;
use crate::client::{Bearer, Client, Request};
use crate::failure::Failure;
use crate::reply::Reply;
use crate::session_answer::Endpoint;
use crate::token_outcome::{SsoState, TokenOutcome};
use crate::token_validation::TokenValidation;
use ib_cli::{Error, Exit, Result, Secret};
use ib_proc::Deadline;
use serde_json::Value;
use std::time::SystemTime;

/// The flags that say which Web API to talk to.
#[derive(clap::Args, Clone, Debug)]
pub struct ApiArgs {
    /// Talk to the Web API at this address
    ///
    /// Give everything that stands before `/sso/validate`. Plain http is for a loopback host alone.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://api.ibkr.com/v1/api",
        help_heading = ib_cli::flag_group::PLACES
    )]
    pub api_url: String,
    #[command(flatten)]
    certificates: CertificateArgs,
}

/// The Web API, and the one client that talks to it.
pub struct ApiHost(Client);

/// The Web API, and the one client that talks to it with one token.
pub struct Api {
    client: Client,
    token: Secret,
}

/// A call without a whole answer.
pub struct Unanswered {
    /// Why.
    pub outcome: TokenOutcome,
    /// Whether any of it may have been sent.
    pub may_have_been_sent: bool,
}

const VALIDATE: Request = Request::Get("/sso/validate");

impl ApiHost {
    /// The Web API that the flags name.
    ///
    /// # Errors
    /// `Usage` when the address cannot be used, `Config` when the file of certificates cannot.
    pub fn new(args: &ApiArgs) -> Result<Self> {
        let address = UrlAddress::parse(&args.api_url, API)?;
        Ok(Self(Client::with_cookies(
            address,
            args.certificates.file(),
        )?))
    }

    /// The same for the bearer of a token.
    ///
    /// # Errors
    /// `Config` when the token cannot be sent.
    pub fn with_token(self, token: Secret) -> Result<Api> {
        let Some(bearer) = Bearer::of(&token) else {
            let message = "the token cannot be sent: it is empty or holds a blank, a line break or a letter that is not ASCII \
                           (give the token alone, or the line that ibsso-token prints)";
            return Err(Error::new(Exit::Config, message));
        };
        Ok(Api {
            client: self.0.with_bearer(bearer),
            token,
        })
    }
}

impl Api {
    /// The token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The address of the Web API, without a `/` at its end.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.client.address.url
    }

    /// Asks whether the token is valid, which extends it; IBKR takes one such call a minute.
    ///
    /// # Errors
    /// When no whole answer came.
    pub fn validate(&self, deadline: Deadline) -> std::result::Result<Reply, Unanswered> {
        self.ask(VALIDATE, deadline).map_err(|failure| Unanswered {
            outcome: TokenOutcome::failed(&self.client.asking(VALIDATE), &failure),
            may_have_been_sent: failure.may_have_been_sent(),
        })
    }

    /// What an answer to `validate` means, which came at `at`.
    #[must_use]
    pub fn meaning(&self, reply: &Reply, at: SystemTime) -> TokenValidation {
        TokenValidation::read(&self.client.asking(VALIDATE), reply, at)
    }

    /// Opens the brokerage session and takes it from whatever other login has it.
    ///
    /// The guide to DAM SSO puts both words into the query and calls them required, IBKR's reference puts them into the
    /// body, and a session opened with the query alone had no bridge to orders: so both are sent.
    #[must_use]
    pub fn open_brokerage_session(&self, path: &str, deadline: Deadline) -> BrokerageAnswer {
        let path = format!("{path}?compete=true&publish=true");
        let request = Request::PostJson(&path, r#"{"publish":true,"compete":true}"#);
        self.ask_brokerage(Endpoint::Open, request, deadline)
    }

    /// Asks for the brokerage session's state.
    #[must_use]
    pub fn auth_status(&self, deadline: Deadline) -> BrokerageAnswer {
        let request = Request::Post("/iserver/auth/status");
        self.ask_brokerage(Endpoint::Status, request, deadline)
    }

    /// Keeps the brokerage session alive, and asks for its state.
    #[must_use]
    pub fn tickle(&self, deadline: Deadline) -> BrokerageAnswer {
        self.ask_brokerage(Endpoint::Tickle, Request::Post("/tickle"), deadline)
    }

    /// Ends the read-only session, and the brokerage session with it.
    #[must_use]
    pub fn logout(&self, deadline: Deadline) -> TokenOutcome {
        let request = Request::Post("/logout");
        let asking = self.client.asking(request);
        let reply = match self.ask(request, deadline) {
            Ok(reply) => reply,
            Err(failure) => return TokenOutcome::failed(&asking, &failure),
        };
        // Older documents and clients have "confirmed".
        let is_yes = |name| {
            let object = reply.object.as_ref();
            object.is_some_and(|object| object.get(name) == Some(&Value::Bool(true)))
        };
        match reply.status {
            200..=299 if is_yes("status") || is_yes("confirmed") => TokenOutcome::new(
                SsoState::LoggedOut,
                format!("{asking}: the read-only session has ended"),
            ),
            200..=299 => TokenOutcome::new(
                SsoState::Unknown,
                format!(
                    "{asking}: {} that does not say the read-only session has ended (it may have)",
                    reply.status
                ),
            ),
            _ => TokenOutcome::of_status(&asking, &reply),
        }
    }

    fn ask_brokerage(
        &self,
        endpoint: Endpoint,
        request: Request,
        deadline: Deadline,
    ) -> BrokerageAnswer {
        let asking = self.client.asking(request);
        match self.ask(request, deadline) {
            Ok(reply) => BrokerageAnswer::read(endpoint, &asking, &reply, SystemTime::now()),
            Err(failure) => BrokerageAnswer::ended(TokenOutcome::failed(&asking, &failure)),
        }
    }

    fn ask(&self, request: Request, deadline: Deadline) -> std::result::Result<Reply, Failure> {
        let answer = while_unsent(deadline, || self.client.ask(request, deadline))?;
        Ok(Reply::of(answer, &self.token, SystemTime::now()))
    }
}
