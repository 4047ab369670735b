//! Get a DAM SSO bearer token for a client's username.

mod address;
mod args;
mod ask;
mod client;
mod dry_run;
mod flag_group;
mod format;
mod gpg;
mod keys;
mod networks;
mod report;
mod retry;
mod self_test;
mod token_file;

pub use args::TokenArgs;

use crate::args::{TokenAction, TokenRequest};
use crate::client::TokenClient;
use crate::keys::Keys;
use crate::report::TokenReport;
use crate::token_file::TokenFile;
use ib_cli::{Answer, Exit, OrExit, Readable, Report, Result, keep_off_terminal};
use ib_proc::Deadline;
use ib_webapi::TokenHost;
use serde::Serialize;

/// What the tool prints: one report for each action.
#[derive(Serialize)]
#[serde(untagged)]
pub enum TokenOutput {
    /// What the token host answered.
    Token(report::TokenReport),
    /// What would have been sent.
    DryRun(dry_run::DryRun),
    /// What gpg made of a payload.
    SelfTest(self_test::SelfTest),
}

impl Report for TokenOutput {
    fn schema(&self) -> &'static str {
        match self {
            Self::Token(report) => report.schema(),
            Self::DryRun(report) => report.schema(),
            Self::SelfTest(report) => report.schema(),
        }
    }
}

/// Runs the tool.
///
/// # Errors
/// `Usage` for an address, a username or a token host that cannot be meant, `Config` for keys and files that cannot be
/// used, `Missing` and `Unexpected` for a gpg that is not installed or that dies. With `--format` other than json also
/// the exit that belongs to the token host's answer.
pub fn run(args: TokenArgs) -> Result<Answer<TokenOutput>> {
    let client = TokenClient::new(&args.client)?;
    match args.action()? {
        TokenAction::Ask(request) => Ok(ask(&args, &request, &client)?.map(TokenOutput::Token)),
        TokenAction::DryRun(request) => {
            Ok(dry_run::run(&args, &request, &client)?.map(TokenOutput::DryRun))
        }
        TokenAction::SelfTest => Ok(self_test::run(&args, &client)?.map(TokenOutput::SelfTest)),
    }
}

fn ask(
    args: &TokenArgs,
    request: &TokenRequest,
    client: &TokenClient,
) -> Result<Answer<TokenReport>> {
    let deadline = Deadline::after(args.timeout);
    // A signal removes the file that is prepared for --out. This comes before any thread starts.
    ib_proc::undo::on_signals().or_exit(Exit::Unexpected)?;
    let out = args.out.as_deref().map(TokenFile::at).transpose()?;
    if out.is_none() {
        keep_off_terminal(args.show)?;
    }
    let host = TokenHost::new(&args.host)?;
    let keys = Keys::read(&args.signer, &request.recipient, deadline)?;
    let from = &request.csid;
    let csid = from.read("the CSID", Readable::Warned, deadline)?;
    let answer = ask::ask(
        &host,
        csid.word(&format!("the CSID from {from}"))?,
        || keys.seal(client),
        deadline,
    )?;
    format::answer(args.format, client, answer, out)
}
