//! The command line.

use crate::ibc;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Plays Interactive Brokers, its gateways and its DAM SSO hosts for tests
#[derive(Parser)]
#[command(version)]
pub(crate) struct StandinArgs {
    #[command(subcommand)]
    pub command: StandinCommand,
}

#[derive(Subcommand)]
pub(crate) enum StandinCommand {
    /// Play IBKR: the login, the Web API, and the control port
    Upstream(Listen),
    /// Play IBKR and a gateway in front of it
    Serve(Listen),
    /// Play the two hosts of DAM SSO: the one that gives out tokens and the Web API
    Sso(SsoArgs),
    /// Play IB Gateway: the socket of the TWS API
    Tws(Listen),
    /// Write a directory like the unzipped Client Portal Gateway's
    Layout {
        /// Directory to write
        directory: PathBuf,
        /// URL that the gateway forwards to
        #[arg(long)]
        upstream: String,
        /// Port that the gateway listens on
        #[arg(long, default_value_t = 5000)]
        port: u16,
    },
    /// Write directories like those of IB Gateway and IBC
    IbcLayout {
        /// Directory to write
        directory: PathBuf,
    },
    /// Play IBC and IB Gateway, as the layout's ibcstart.sh wants it
    #[command(hide = true)]
    IbcPlay(ibc::IbcStart),
}

#[derive(ClapArgs)]
pub(crate) struct Listen {
    /// Port of the gateway (serve, tws) or of IBKR (upstream); 0 takes any
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the control; 0 takes any
    #[arg(long, default_value_t = 0)]
    pub control_port: u16,
    /// End when stdin is closed
    #[arg(long)]
    pub until_eof: bool,
}

#[derive(ClapArgs)]
pub(crate) struct SsoArgs {
    /// Home of GnuPG with IBKR's secret key and the firms' public ones
    #[arg(long)]
    pub gnupg_home: PathBuf,
    /// The firm's CSID
    #[arg(long, default_value = CSID)]
    pub csid: String,
    /// File to write the authority's certificate to, in PEM
    #[arg(long)]
    pub cacert_out: Option<PathBuf>,
    /// What is wrong with the hosts' TLS
    #[arg(long)]
    pub tls: Option<TlsLie>,
    /// Port of the control; 0 takes any
    #[arg(long, default_value_t = 0)]
    pub control_port: u16,
    /// End when stdin is closed
    #[arg(long)]
    pub until_eof: bool,
}

/// As long and of the same digits as those in public scripts; begins and ends as the one in the
/// DAM SSO guide.
const CSID: &str = "F86B00112233445566778899AABBCCDDEEFF00112233445566778899AABB129F";

/// What is wrong with the hosts' TLS.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TlsLie {
    /// The certificate has expired
    Expired,
    /// The certificate is another host's
    WrongName,
    /// The connection is closed instead of a handshake
    Closes,
}
