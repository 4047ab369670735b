//! Development only: an upstream (IBKR), a gateway front, the two hosts of DAM SSO and IB Gateway,
//! none of them real.
//!
//! Faithful to what was seen of the real ones, and able to lie: late, wrong, half or no answers
//! on demand, over a control port, with a record of everything that was asked.

mod args;
mod control;
mod front;
mod hex;
mod http;
mod ibc;
mod java;
mod keystore;
mod layout;
mod random;
mod rsa;
mod serve;
pub mod srp;
mod sso;
mod totp;
mod tws;
mod upstream;
mod world;

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command line: as Java when started under that name, as the gateway directory made by
/// `layout` does.
pub fn run() -> ExitCode {
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_default();
    if std::path::Path::new(&name)
        .file_name()
        .is_some_and(|name| name == "java")
    {
        return java::run(
            words
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        );
    }
    let done = match args::StandinArgs::parse().command {
        args::StandinCommand::IbcPlay(start) => return ibc::run(start),
        args::StandinCommand::IbcLayout { directory } => ibc::write(&directory),
        args::StandinCommand::Upstream(listen) => serve::upstream(&listen),
        args::StandinCommand::Serve(listen) => serve::gateway(&listen),
        args::StandinCommand::Sso(flags) => serve::sso(&flags),
        args::StandinCommand::Tws(listen) => serve::tws(&listen),
        args::StandinCommand::Layout {
            directory,
            upstream,
            port,
        } => layout::write(&directory, &upstream, port),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "ib-standin: {error:#}");
            ExitCode::FAILURE
        }
    }
}
