//! Bring up one gateway and return when it answers.

mod args;
mod cp;
mod service;
mod tws;

use args::tws::TwsArgs;
use clap::builder::NonEmptyStringValueParser;
use cp::address_pattern::Pattern;
use cp::inputs::Inputs;
use cp::instance::GatewayInstance;
use cp::{check, start, stop};
use ib_cli::{Answer, Arguments, Common, Exit, OrExit, Reference, Result, StateArgs, duration};
use ib_proc::Deadline;
use ib_webapi::{BringUp, GatewayArgs};
use service::manager;
use std::path::PathBuf;
use std::time::Duration;

pub use cp::report::Printed;

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
    common: Common,
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    gateway: GatewayArgs,
    /// Serve on this port, and name the instance by it [default: that of --url]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), conflicts_with = "url")]
    port: Option<u16>,
    /// Bring up a gateway of this kind
    ///
    /// cp is the Client Portal Gateway, tws is IB Gateway or TWS.
    #[arg(long, value_enum, default_value_t = Kind::Cp)]
    kind: Kind,
    /// Take the Gateway from this directory, the unzipped clientportal.gw
    ///
    /// It is only read: configuration, logs and working directory of the instance are in the state directory.
    #[arg(long, value_name = "DIR")]
    gateway_dir: Option<PathBuf>,
    /// Take the settings from this file [default: root/conf.yaml of the Gateway]
    ///
    /// The port in it is replaced by that of the instance. The keystore it names is looked for beside it, then in
    /// root/ of the Gateway.
    #[arg(long, value_name = "FILE")]
    conf: Option<PathBuf>,
    /// Take conf.yaml, cacert.jks and cacert.pem from this directory, as IBeam's users have it
    ///
    /// Whatever of the three is there. The Gateway shows cacert.jks, which conf.yaml has to name, and is held to
    /// cacert.pem unless --cacert says otherwise.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["conf", "tls_cert", "tls_key"])]
    inputs_dir: Option<PathBuf>,
    /// Let these addresses in, beside this machine, in place of ips.allow (repeatable, or with commas)
    ///
    /// An IPv4 address, or the beginning of one and a star, such as 172.17.0.*. ips.deny stays, and is added where the
    /// settings have none: without both lists the Gateway lets every address in.
    #[arg(long, value_name = "IP", value_delimiter = ',')]
    allow: Vec<Pattern>,
    /// Choose who opens the brokerage session after a login
    ///
    /// brokerage: ibgw-login opens it, and the Gateway neither takes it from another login nor logs out a session whose
    /// brokerage half was dropped. java: the Gateway opens it itself, as IBKR shipped it.
    #[arg(long, value_enum, default_value_t = BringUp::Brokerage)]
    bring_up: BringUp,
    /// Show the certificate in this file (PEM), with those that issued it
    #[arg(long, value_name = "PEM", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Where the key of --tls-cert is (PEM)
    #[arg(long, value_name = "REF", requires = "tls_cert")]
    tls_key: Option<Reference>,
    /// Take a private key from a file that others can read
    #[arg(long)]
    allow_readable_key: bool,
    /// Run this Java [default: $JAVA_HOME/bin/java, else java in PATH]
    #[arg(long, value_name = "PATH")]
    java: Option<PathBuf>,
    /// Give Java one more option, after our own (repeatable)
    #[arg(long = "java-option", value_name = "OPTION", allow_hyphen_values = true, value_parser = NonEmptyStringValueParser::new())]
    java_options: Vec<String>,
    /// Start through the Gateway's own bin/run.sh, with its options for Java
    // The script is our child and Java is the script's: only a child can be made to end when we are killed.
    #[arg(long, conflicts_with_all = ["java_options", "foreground"])]
    run_script: bool,
    /// Append what the Gateway prints to this file [default: gateway.log of the instance]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Stay until the Gateway ends, and end it when told to end
    #[arg(long, group = "ends", conflicts_with_all = ["stop", "check"])]
    foreground: bool,
    /// Write a line feed to this descriptor when the Gateway answers
    #[arg(long, value_name = "N", requires = "foreground", conflicts_with_all = ["stop", "check"], value_parser = clap::value_parser!(u32).range(1..))]
    ready_fd: Option<u32>,
    /// End the Gateway of this instance
    #[arg(long, group = "ends", conflicts_with = "check")]
    stop: bool,
    /// Log the session out before the Gateway is ended
    #[arg(long, requires = "ends")]
    logout: bool,
    /// Look whether the Gateway could be started, and start nothing
    ///
    /// It decides as a start does: what it calls good starts, and both refuse in the same words.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    tws: TwsArgs,
    /// Give up after this long [default: 60s; with --kind tws 100s to stop, 4m to pause]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    timeout: Option<Duration>,
}

/// The kinds of gateway.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The Client Portal Gateway.
    Cp,
    /// IB Gateway or TWS.
    Tws,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Cp => "cp",
            Self::Tws => "tws",
        }
    }
}

impl StartArgs {
    /// How long this run may take.
    fn patience(&self) -> Duration {
        self.timeout.unwrap_or(match self.kind {
            Kind::Tws if self.stop => tws::STOPPING,
            Kind::Tws if self.tws.pause => tws::PAUSING,
            _ => Duration::from_secs(60),
        })
    }

    /// The file that the Gateway's certificate has to be in; `None` when any is accepted.
    fn cacert(&self) -> Option<PathBuf> {
        let named = self.gateway.cacert.clone();
        named.or_else(|| self.inputs_dir.as_deref().and_then(Inputs::cacert_in))
    }
}

impl Arguments for StartArgs {
    fn common(&self) -> &Common {
        &self.common
    }

    fn of_another_kind(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Cp => &TwsArgs::IDS,
            Kind::Tws => &OF_CP,
        }
    }
}

/// The flags that mean nothing to IB Gateway.
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

/// Brings a gateway up, ends it, or looks whether it could be brought up.
///
/// # Errors
/// `Usage`, `Missing`, `Config`, `TimedOut` or `Unexpected`, as the table of the manual page has it.
pub fn run(args: StartArgs) -> Result<Answer<Printed>> {
    ib_proc::undo::on_signals().or_exit(Exit::Unexpected)?;
    let deadline = Deadline::after(args.patience());
    if args.kind == Kind::Tws {
        return tws::run(&args, deadline);
    }
    let instance = GatewayInstance::open(&args)?;
    let answer = if args.stop {
        stop::stop(&instance, args.logout, deadline)
    } else if args.check {
        check::check(&args, &instance, deadline)
    } else {
        start::start(&args, &instance, deadline)
    };
    if let (true, Err(error)) = (args.foreground, &answer) {
        manager::say_failed(error);
    }
    answer.map(|answer| answer.map(|outcome| Printed::Cp(Box::new(outcome))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    /// IBC takes up to two minutes to begin a pause, and a minute is IB Gateway's to close: IbcAlpha/IBC, `RestartTask.java`.
    #[test]
    fn waits_as_long_as_ibc_takes_unless_told_otherwise() {
        for (words, seconds) in [
            (&["--kind", "tws"][..], 60),
            (&["--kind", "tws", "--pause"], 240),
            (&["--kind", "tws", "--stop"], 100),
            (&["--kind", "tws", "--pause", "--timeout", "5s"], 5),
            (&["--stop"], 60),
        ] {
            let words = ["ibgw-start"].iter().chain(words);
            let args = StartArgs::try_parse_from(words).expect("it is a command line");
            assert_eq!(args.patience(), Duration::from_secs(seconds));
        }
    }
}
