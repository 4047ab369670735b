//! The command line.

use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// Plays Interactive Brokers and its Client Portal Gateway for tests
#[derive(Parser)]
#[command(version)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Play IBKR: the login, the Web API, and the control port
    Upstream(Listen),
    /// Play IBKR and a gateway in front of it
    Serve(Listen),
    /// Write a directory like the unzipped Client Portal Gateway's
    Layout {
        /// Directory to write
        directory: PathBuf,
        /// URL the gateway shall forward to
        #[arg(long)]
        upstream: String,
        /// Port the gateway shall listen on
        #[arg(long, default_value_t = 5000)]
        port: u16,
    },
}

#[derive(ClapArgs)]
pub struct Listen {
    /// Port of the gateway (serve) or of IBKR (upstream); 0 takes any
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the control; 0 takes any
    #[arg(long, default_value_t = 0)]
    pub control_port: u16,
    /// End when stdin is closed
    #[arg(long)]
    pub until_eof: bool,
}
