//! The Web API at IBKR itself, with a bearer token.

use crate::address::{API, Address};
use crate::client::{Bearer, Client};
use ib_cli::{Error, Exit, Result, Secret};
use std::path::PathBuf;

/// The flags that say which Web API to talk to.
#[derive(clap::Args, Clone, Debug)]
pub struct ApiArgs {
    /// Talk to the Web API at this address
    ///
    /// Everything before /sso/validate. Plain http for a loopback host alone.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://api.ibkr.com/v1/api"
    )]
    pub api_url: String,
    /// Accept only a certificate in this file, or one issued by it
    ///
    /// PEM. Without the flag the system's roots decide; a loopback host may show any certificate.
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
}

/// The Web API, and the one client that talks to it with one token.
pub struct Api(Client);

impl Api {
    /// The Web API that the flags name, for the bearer of a token.
    ///
    /// # Errors
    /// `Usage` when the address cannot be used, `Config` when the token or the file of certificates cannot.
    pub fn new(args: &ApiArgs, token: &Secret) -> Result<Self> {
        let Some(bearer) = Bearer::of(token) else {
            let message = "the token cannot be sent: it is empty or holds a blank, a line break or a letter that is not ASCII";
            return Err(Error::new(Exit::Config, message));
        };
        let address = Address::parse(&args.api_url, API)?;
        let client = Client::new(address, args.cacert.as_deref())?;
        Ok(Self(client.with_bearer(bearer)))
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.address.url
    }
}
