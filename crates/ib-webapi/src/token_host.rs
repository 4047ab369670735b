//! The host that gives out DAM SSO tokens.

use crate::address::{TOKEN_HOST, UrlAddress};
use crate::certificate::CertificateArgs;
use crate::client::{Client, Request};
use crate::token_answer::TokenAnswer;
use ib_cli::{Exit, OrExit, Result};
use ib_proc::Deadline;
use serde::Serialize;
use std::time::SystemTime;

/// The flags that say whom to ask for a token.
#[derive(clap::Args, Clone, Debug)]
pub struct TokenHostArgs {
    /// Ask for the token at this address
    ///
    /// Plain http is for a loopback host alone.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://www.clientam.com/sso/dam/token",
        help_heading = ib_cli::flag_group::PLACES
    )]
    pub token_url: String,
    #[command(flatten)]
    certificates: CertificateArgs,
}

/// The token host, and the one client that talks to it.
pub struct TokenHost(Client);

impl TokenHost {
    /// The token host that the flags name.
    ///
    /// # Errors
    /// `Usage` when the address cannot be used, `Config` when the file of certificates cannot.
    pub fn new(args: &TokenHostArgs) -> Result<Self> {
        let address = UrlAddress::parse(&args.token_url, TOKEN_HOST)?;
        Ok(Self(Client::new(address, args.certificates.file())?))
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.address.url
    }

    /// Asks for a token, once; who asks and for whom is in the payload.
    ///
    /// # Errors
    /// `Unexpected` when the request cannot be written.
    pub fn ask(&self, csid: &str, payload: &str, deadline: Deadline) -> Result<TokenAnswer> {
        let body = serde_json::to_string(&Body { csid, payload }).or_exit(Exit::Unexpected)?;
        let request = Request::PostJson("", &body);
        let asking = self.0.asking(request);
        Ok(match self.0.ask(request, deadline) {
            Ok(answer) => TokenAnswer::read(&asking, &answer, &[csid, payload], SystemTime::now()),
            Err(failure) => TokenAnswer::failed(&asking, &failure),
        })
    }
}

/// The body of the request, as IBKR's "DAM SSO Authentication Guide v3" has it.
#[derive(Serialize)]
struct Body<'a> {
    csid: &'a str,
    payload: &'a str,
}
