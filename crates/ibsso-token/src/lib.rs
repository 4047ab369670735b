//! Get a DAM SSO bearer token for a client's username.

mod address;
mod args;
mod ask;
mod client;
mod dry_run;
mod format;
mod gpg;
mod keys;
mod networks;
mod report;
mod retry;
mod self_test;
mod token_file;

pub use args::TokenArgs;
pub use report::TokenOutput;

use crate::args::TokenAction;
use crate::client::TokenClient;
use crate::keys::Keys;
use crate::token_file::TokenFile;
use ib_cli::{Answer, Exit, OrExit, Readable, Result, keep_off_terminal};
use ib_proc::Deadline;
use ib_webapi::TokenHost;

/// Runs the tool.
///
/// # Errors
/// `Usage` for an address, a username or a token host that cannot be meant, `Config` for keys and files that cannot be
/// used, `Missing` and `Unexpected` for a gpg that is not there or that dies; with `--format` other than json also the
/// exit of what the token host answers.
pub fn run(args: TokenArgs) -> Result<Answer<TokenOutput>> {
    let client = TokenClient::new(&args.client)?;
    match args.action() {
        TokenAction::Ask => token(&args, &client),
        TokenAction::DryRun => dry_run::run(&args, &client),
        TokenAction::SelfTest => self_test::run(&args, &client),
    }
}

fn token(args: &TokenArgs, client: &TokenClient) -> Result<Answer<TokenOutput>> {
    let deadline = Deadline::after(args.timeout);
    // What is made for --out goes when a signal comes; with no thread started yet.
    ib_proc::undo::on_signals().or_exit(Exit::Unexpected)?;
    let out = args.out.as_deref().map(TokenFile::at).transpose()?;
    if out.is_none() {
        keep_off_terminal(args.show)?;
    }
    let host = TokenHost::new(&args.host)?;
    let keys = Keys::read(args, deadline)?;
    let from = args.csid()?;
    let csid = from.read("the CSID", Readable::Warned, deadline)?;
    let answer = ask::ask(
        &host,
        csid.word(&format!("the CSID from {from}"))?,
        || keys.seal(client),
        deadline,
    )?;
    format::answer(args.format, client, answer, out)
}
