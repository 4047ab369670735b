//! The command line, parsed into the one action that it asks for.

use crate::client::ClientArgs;
use crate::flag_group::{CLIENT, KEYS};
use crate::keys::{PinnedFile, RecipientArgs, SignerArgs};
use ib_cli::flag_group::{INSTEAD, OUTPUT};
use ib_cli::{Arguments, Common, Error, Exit, Reference, Result};
use ib_webapi::TokenHostArgs;
use std::path::PathBuf;
use std::time::Duration;

/// Get a DAM SSO bearer token for a client's username
///
/// For advisors and brokers that IBKR has set up for it (dam@ibkr.com). Signs and seals the username and the address of
/// its device, asks the token host, and prints the token. The token is good for that username, from that address, until
/// it expires.
#[derive(clap::Parser)]
#[command(name = "ibsso-token", version)]
pub struct TokenArgs {
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// Ask with this CSID, which IBKR issued
    ///
    /// It is one line without a blank at either end. The tool refuses anything else. It handles the CSID as a secret.
    #[arg(long, value_name = "REF", required_unless_present = "self_test", help_heading = KEYS)]
    csid: Option<Reference>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    #[command(flatten)]
    recipient: RecipientArgs,
    #[command(flatten)]
    pub(crate) host: TokenHostArgs,
    /// End after this time
    ///
    /// One attempt takes at most half of what is left, the last one all of it. A connection takes at most ten seconds.
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = ib_cli::duration, help_heading = CLIENT)]
    pub(crate) timeout: Duration,
    /// Sign and seal, say how, and send nothing
    ///
    /// It reads all keys and secrets. It prints everything that would be sent, except the payload.
    #[arg(long, conflicts_with = "self_test", help_heading = INSTEAD)]
    dry_run: bool,
    /// Seal to your own key, let gpg open that, and send nothing
    ///
    /// IBKR advises this when it answers "Encryption Error". gpg decrypts with the keyring of the user who runs it. The
    /// signing key must be in it, with a part to encrypt to. The tool needs neither a CSID nor IBKR's key for it.
    #[arg(long, help_heading = INSTEAD)]
    self_test: bool,
    /// Print the token in this form
    ///
    /// Without a token only `json` prints a report, because a script would take any other line for a token.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "json", help_heading = OUTPUT)]
    pub(crate) format: TokenFormat,
    /// Put the token into this file, and the report without it on stdout
    ///
    /// The token is in the chosen form. Only its owner can read the file, with any umask. It is written whole or not at
    /// all. Before it sends anything, the tool refuses a symbolic link, a file that other users can read, and a folder
    /// where it cannot write.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "self_test"], help_heading = OUTPUT)]
    pub(crate) out: Option<PathBuf>,
    /// Print the token even to a terminal
    ///
    /// Without this flag the tool refuses a terminal.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) show: bool,
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
    /// The header that carries the token, for `curl -H @-`, or `curl -H @FILE` with `--out FILE`. Each run gets another
    /// token. The Web API answers a token with 401 until it has been validated once.
    Header,
    /// IBKR's own answer on one line, for scripts that read that of curl(1)
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
