//! The command line, parsed into the one action that it asks for.

use crate::client::ClientArgs;
use crate::keys::{PinnedFile, RecipientArgs, SignerArgs};
use ib_cli::{Arguments, Common, Error, Exit, Reference, Result};
use ib_webapi::TokenHostArgs;
use std::path::PathBuf;
use std::time::Duration;

/// Get a DAM SSO bearer token for a client's username
///
/// For advisors and brokers whom IBKR has set up for it (dam@ibkr.com). Signs and seals the username and its device's
/// address, asks the token host, and prints the token: for that username, from that address, until it expires.
#[derive(clap::Parser)]
#[command(name = "ibsso-token", version)]
pub struct TokenArgs {
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// Ask with this CSID, which IBKR issued
    #[arg(long, value_name = "REF", required_unless_present = "self_test")]
    csid: Option<Reference>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    recipient: RecipientArgs,
    #[command(flatten)]
    pub(crate) host: TokenHostArgs,
    /// End after this time, whatever is still awaited
    ///
    /// One attempt takes half of what is left at most, the last one all of it.
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = ib_cli::duration)]
    pub(crate) timeout: Duration,
    /// Print the token in this form
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "json")]
    pub(crate) format: TokenFormat,
    /// Put the token into this file, and the report without it on stdout
    ///
    /// The file is private and written whole or not at all. What is there already must be private too, and no link.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "self_test"])]
    pub(crate) out: Option<PathBuf>,
    /// Print the token even to a terminal
    #[arg(long)]
    pub(crate) show: bool,
    /// Sign and seal, say how, and send nothing
    #[arg(long, conflicts_with = "self_test")]
    dry_run: bool,
    /// Seal to your own key, let gpg open that, and send nothing
    ///
    /// gpg decrypts with your own keyring, in which the signing key must be.
    #[arg(long)]
    self_test: bool,
    #[command(flatten)]
    common: Common,
}

/// How a token is printed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFormat {
    /// The report, with the token in it
    Json,
    /// The token alone
    Bare,
    /// The header that carries the token, for curl -H; validate the token first
    Header,
    /// IBKR's own answer, on one line
    Upstream,
}

/// What the command line asks for, with what only that action needs.
pub(crate) enum TokenAction {
    /// Ask the token host for a token.
    Ask(TokenRequest),
    /// Sign and seal, and send nothing.
    DryRun(TokenRequest),
    /// Seal to the signing key, and let gpg open that.
    SelfTest,
}

/// What a request for a token needs beside the client and the key that signs.
pub(crate) struct TokenRequest {
    /// Where the CSID is.
    pub(crate) csid: Reference,
    /// Where IBKR's key is, and its fingerprint.
    pub(crate) recipient: PinnedFile,
}

impl Arguments for TokenArgs {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl TokenArgs {
    /// What the command line asks for.
    ///
    /// # Errors
    /// `Usage` when the CSID or IBKR's key is missing.
    pub(crate) fn action(&self) -> Result<TokenAction> {
        if self.self_test {
            return Ok(TokenAction::SelfTest);
        }
        let missing = || Error::new(Exit::Usage, "the CSID is missing (give --csid REF)");
        let request = TokenRequest {
            csid: self.csid.clone().ok_or_else(missing)?,
            recipient: self.recipient.pinned_file()?,
        };
        if self.dry_run {
            Ok(TokenAction::DryRun(request))
        } else {
            Ok(TokenAction::Ask(request))
        }
    }
}
