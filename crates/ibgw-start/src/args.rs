//! The command line: its flags, and nothing that acts on them.
//!
//! Only `run` reads these fields. It hands each wing the values that the wing needs.

mod tws_args;

use crate::cp::AddressPattern;
use clap::builder::NonEmptyStringValueParser;
use ib_cli::{Arguments, Common, GatewayKind, Reference, StateArgs, duration};
use ib_webapi::{BringUp, GatewayArgs};
use std::path::PathBuf;
use std::time::Duration;
use tws_args::TwsArgs;

/// Bring up one gateway and return when it answers
///
/// The Client Portal Gateway, the Java program that Interactive Brokers calls clientportal.gw; or, with --kind tws, IB
/// Gateway or TWS, the desktop programs with the TWS API, whose login IBC types: then it returns when username and
/// password are being sent, and ibgw-login --kind tws follows. It goes on running when this program has ended; --stop
/// ends it. One port is one instance, with a record of its own in the state directory.
#[derive(clap::Parser)]
#[command(name = "ibgw-start", version)]
pub struct StartArgs {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
    /// Serve on this port, and name the instance by it [default: that of --url]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), conflicts_with = "url")]
    pub(crate) port: Option<u16>,
    /// Bring up a gateway of this kind
    ///
    /// cp is the Client Portal Gateway, tws is IB Gateway or TWS.
    #[arg(long, value_enum, default_value_t = GatewayKind::Cp)]
    pub(crate) kind: GatewayKind,
    /// Take the Gateway from this directory, the unzipped clientportal.gw
    ///
    /// It is only read: configuration, logs and working directory of the instance are in the state directory.
    #[arg(long, value_name = "DIR")]
    pub(crate) gateway_dir: Option<PathBuf>,
    /// Take the settings from this file [default: root/conf.yaml of the Gateway]
    ///
    /// The port in it is replaced by that of the instance. The keystore it names is looked for beside it, then in
    /// root/ of the Gateway.
    #[arg(long, value_name = "FILE")]
    pub(crate) conf: Option<PathBuf>,
    /// Take conf.yaml, cacert.jks and cacert.pem from this directory, as IBeam's users have it
    ///
    /// Whatever of the three is there. The Gateway shows cacert.jks, which conf.yaml has to name, and is held to
    /// cacert.pem unless --cacert says otherwise.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["conf", "tls_cert", "tls_key"])]
    pub(crate) inputs_dir: Option<PathBuf>,
    /// Let these addresses in, beside this machine, in place of ips.allow (repeatable, or with commas)
    ///
    /// An IPv4 address, or the beginning of one and a star, such as 172.17.0.*. ips.deny stays, and is added where the
    /// settings have none: without both lists the Gateway lets every address in.
    #[arg(long, value_name = "IP", value_delimiter = ',')]
    pub(crate) allow: Vec<AddressPattern>,
    /// Choose who opens the brokerage session after a login
    ///
    /// brokerage: ibgw-login opens it, and the Gateway neither takes it from another login nor logs out a session whose
    /// brokerage half was dropped. java: the Gateway opens it itself, as IBKR shipped it.
    #[arg(long, value_enum, default_value_t = BringUp::Brokerage)]
    pub(crate) bring_up: BringUp,
    /// Show the certificate in this file (PEM), with those that issued it
    #[arg(long, value_name = "PEM", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Where the key of --tls-cert is (PEM)
    #[arg(long, value_name = "REF", requires = "tls_cert")]
    pub(crate) tls_key: Option<Reference>,
    /// Take a private key from a file that others can read
    #[arg(long)]
    pub(crate) allow_readable_key: bool,
    /// Run this Java [default: $JAVA_HOME/bin/java, else java in PATH]
    #[arg(long, value_name = "PATH")]
    pub(crate) java: Option<PathBuf>,
    /// Give Java one more option, after our own (repeatable)
    #[arg(long = "java-option", value_name = "OPTION", allow_hyphen_values = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) java_options: Vec<String>,
    /// Start through the Gateway's own bin/run.sh, with its options for Java
    // Java is the script's child and not ours: only our own child can be made to end when this process is killed.
    #[arg(long, conflicts_with_all = ["java_options", "foreground"])]
    pub(crate) run_script: bool,
    /// Append what the Gateway prints to this file [default: gateway.log of the instance]
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Stay until the Gateway ends, and end it when told to end
    #[arg(long, group = "ends", conflicts_with_all = ["stop", "check"])]
    pub(crate) foreground: bool,
    /// Write a line feed to this descriptor when the Gateway answers
    #[arg(long, value_name = "N", requires = "foreground", conflicts_with_all = ["stop", "check"], value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) ready_fd: Option<u32>,
    /// End the Gateway of this instance
    #[arg(long, group = "ends", conflicts_with = "check")]
    pub(crate) stop: bool,
    /// Log the session out before the Gateway is ended
    #[arg(long, requires = "ends")]
    pub(crate) logout: bool,
    /// Look whether the Gateway could be started, and start nothing
    ///
    /// It decides as a start does: what it calls good starts, and both refuse in the same words.
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) tws: TwsArgs,
    /// Give up after this long [default: 60s; with --kind tws 100s to stop, 4m to pause]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
}

impl Arguments for StartArgs {
    fn common(&self) -> &Common {
        &self.common
    }

    fn of_another_kind(&self) -> &'static [&'static str] {
        match self.kind {
            GatewayKind::Cp => &TwsArgs::IDS,
            GatewayKind::Tws => &OF_CP,
        }
    }
}

/// The ids of the flags that mean nothing with `--kind tws`.
const OF_CP: [&str; 13] = [
    "url",
    "cacert",
    "port",
    "gateway_dir",
    "conf",
    "inputs_dir",
    "allow",
    "bring_up",
    "tls_cert",
    "tls_key",
    "java_options",
    "run_script",
    "logout",
];
