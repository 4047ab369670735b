//! The command line: its flags, and nothing that acts on them.
//!
//! Only `run` reads these fields. It hands each wing the values that the wing needs.

mod tws_args;

use crate::cp::AddressPattern;
use clap::builder::NonEmptyStringValueParser;
use ib_cli::flag_group::INSTEAD;
use ib_cli::{Arguments, Common, GatewayKind, Reference, StateArgs, duration};
use ib_webapi::{BringUp, GatewayArgs};
use std::path::PathBuf;
use std::time::Duration;
use tws_args::TwsArgs;

/// The group of the flags for `--kind cp` alone.
const GATEWAY: &str = "Client Portal Gateway (--kind cp)";

/// The group of the flags for `--kind tws` alone.
pub(crate) const IB_GATEWAY: &str = "IB Gateway and TWS (--kind tws)";

/// The group of the flags about the instance, of both kinds.
const INSTANCE: &str = "Instance";

// The other tools have these flags, too, and talk to any host. This one serves at an address of this machine.
const URL: &str = "Serve at this address of this machine (--kind cp)";
const URL_IN_FULL: &str = "Serve at this address of this machine (--kind cp)\n\nGive the same address to the other \
    tools. Plain http is for settings with `listenSsl: false`. Another machine's address is refused. The flag does not go \
    with --port.";
const CACERT: &str =
    "Take only a Gateway that shows a certificate in this file, or one issued by it (--kind cp)";
const CACERT_IN_FULL: &str = "Take only a Gateway that shows a certificate in this file, or one issued by it (--kind cp)\
    \n\nThe file is in PEM form. Without this flag, any certificate is accepted on this machine.";

/// Bring up one gateway and return when it answers
///
/// Starts the Client Portal Gateway, IBKR's Java program clientportal.gw, and returns when it answers. With --kind tws it
/// starts IB Gateway or TWS, the desktop programs with the TWS API. IBC types their login; the tool returns when username
/// and password are being sent, and ibgw-login --kind tws follows. The gateway goes on running; --stop ends it. One port
/// is one instance, with a record of its own in the state directory.
#[derive(clap::Parser)]
#[command(
    name = "ibgw-start",
    version,
    mut_arg("url", |arg| arg.help(URL).long_help(URL_IN_FULL)),
    mut_arg("cacert", |arg| arg.help(CACERT).long_help(CACERT_IN_FULL))
)]
pub struct StartArgs {
    /// Bring up a gateway of this kind
    #[arg(long, value_enum, default_value_t = GatewayKind::Cp, help_heading = INSTANCE)]
    pub(crate) kind: GatewayKind,
    /// Serve on this port, and name the instance by it (--kind cp) [default: that of --url]
    ///
    /// It replaces `listenPort` of the settings.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), conflicts_with = "url", help_heading = INSTANCE)]
    pub(crate) port: Option<u16>,
    /// Stay until the gateway ends, and end it on SIGTERM
    ///
    /// A gateway that is up already cannot be held: exit 6.
    #[arg(long, group = "ends", conflicts_with_all = ["stop", "check"], help_heading = INSTANCE)]
    pub(crate) foreground: bool,
    /// Write a line feed to this descriptor when the gateway answers, and close it (--foreground)
    #[arg(long, value_name = "N", requires = "foreground", conflicts_with_all = ["stop", "check"], value_parser = clap::value_parser!(u32).range(1..), help_heading = INSTANCE)]
    pub(crate) ready_fd: Option<u32>,
    /// Give up after this time [default: 60s; with --kind tws 100s to stop, 4m to pause]
    ///
    /// With `--foreground` it does not limit the time after the gateway is up.
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = INSTANCE)]
    pub(crate) timeout: Option<Duration>,
    /// Take the Gateway from this directory, the unzipped clientportal.gw
    ///
    /// The tool only reads it. To start and to check it is required, to stop it is not.
    #[arg(long, value_name = "DIR", help_heading = GATEWAY)]
    pub(crate) gateway_dir: Option<PathBuf>,
    /// Take the settings from this file [default: root/conf.yaml of the Gateway]
    ///
    /// The tool looks for the keystore that `sslCert` names beside this file, then in `root` of the Gateway.
    #[arg(long, value_name = "FILE", help_heading = GATEWAY)]
    pub(crate) conf: Option<PathBuf>,
    /// Take conf.yaml, cacert.jks and cacert.pem from this directory, as IBeam's users have it
    ///
    /// The tool takes each of the three that is there; without any it is exit 6. `conf.yaml` takes the place of
    /// `root/conf.yaml` of the Gateway. `cacert.jks` is the keystore: `conf.yaml` must name it (`sslCert`, `sslPwd`), else
    /// exit 6. `cacert.pem` is its certificate, which the Gateway must show, as with `--cacert`, which wins. Without
    /// `cacert.jks` it is not used.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["conf", "tls_cert", "tls_key"], help_heading = GATEWAY)]
    pub(crate) inputs_dir: Option<PathBuf>,
    /// Let these addresses in, beside this machine, in place of ips.allow
    ///
    /// An address is IPv4, or its beginning and a star, such as `172.17.0.*`. One value may hold several, with commas
    /// between them. The tool refuses one that would let in more addresses than it says, or no client. `ips.deny` stays. If
    /// the settings have no `ips.deny`, the tool adds an empty one, because the filter is off without it.
    #[arg(long, value_name = "IP", value_delimiter = ',', help_heading = GATEWAY)]
    pub(crate) allow: Vec<AddressPattern>,
    /// Choose who opens the brokerage session after a login
    ///
    /// See BROKERAGE SESSION. The setting takes effect at the start of the Gateway.
    #[arg(long, value_enum, value_name = "WHO", default_value_t = BringUp::Brokerage, help_heading = GATEWAY)]
    pub(crate) bring_up: BringUp,
    /// Show the certificate in this file (PEM), followed by those of its issuers
    ///
    /// The tool makes a keystore of it at each start, with a new random password, in place of the one in the settings.
    #[arg(long, value_name = "PEM", requires = "tls_key", help_heading = GATEWAY)]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Read the key of --tls-cert from here (PEM)
    ///
    /// The key is not encrypted. It is RSA of 2048 bits or more, or on P-256 or P-384. A key on a curve may lack its public
    /// part, as keys of Java's keytool do. The tool reads it when it starts the Gateway, not when the Gateway is up.
    #[arg(long, value_name = "REF", requires = "tls_cert", help_heading = GATEWAY)]
    pub(crate) tls_key: Option<Reference>,
    /// Take the key from a file that other users can read, with a warning
    #[arg(long, help_heading = GATEWAY)]
    pub(crate) allow_readable_key: bool,
    /// Run this Java [default: $JAVA_HOME/bin/java, else java in PATH; with --kind tws IB Gateway's own]
    ///
    /// The Gateway needs Java 8 or newer. With `--kind tws` the path must end in `/java`.
    #[arg(long, value_name = "PATH", help_heading = INSTANCE)]
    pub(crate) java: Option<PathBuf>,
    /// Give Java one more option
    ///
    /// It comes after the tool's own and wins: `-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx96m -Xss512k
    /// -XX:-UsePerfData`. Its variable holds one option.
    #[arg(long = "java-option", value_name = "OPTION", allow_hyphen_values = true, value_parser = NonEmptyStringValueParser::new(), help_heading = GATEWAY)]
    pub(crate) java_options: Vec<String>,
    /// Start through the Gateway's own bin/run.sh, with its options for Java
    ///
    /// The tool runs it by `bash`, so it need not be executable. The script stands between the tool and Java, which would
    /// outlive a SIGKILL of the tool. So the flag does not go with `--foreground`.
    // Java is the script's child and not ours: only our own child can be made to end when this process is killed.
    #[arg(long, conflicts_with_all = ["java_options", "foreground"], help_heading = GATEWAY)]
    pub(crate) run_script: bool,
    /// Append what the Gateway prints to this file [default: gateway.log of the instance]
    ///
    /// Only its owner can read it. If it is larger than 1 MiB at a start, the tool moves it aside; it keeps four old ones,
    /// the youngest as `FILE.1`.
    #[arg(long, value_name = "FILE", help_heading = GATEWAY)]
    pub(crate) log: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tws: TwsArgs,
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    /// End the gateway of this instance
    #[arg(long, group = "ends", conflicts_with = "check", help_heading = INSTEAD)]
    pub(crate) stop: bool,
    /// Log the session out before the Gateway ends, for at most 10 seconds (--kind cp)
    ///
    /// It goes with `--stop` or `--foreground`.
    #[arg(long, requires = "ends", help_heading = INSTEAD)]
    pub(crate) logout: bool,
    /// Check whether the gateway could be started, and start nothing
    ///
    /// For the Gateway it looks at Java, the Gateway's files, its settings and the port. It decides as a start does: what it
    /// accepts starts, and both refuse in the same words. The state is `stopped` when the gateway could be started, and
    /// `ready` when it is up. If the settings keep this machine out, that is exit 6.
    #[arg(long, help_heading = INSTEAD)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) common: Common,
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
const OF_CP: [&str; 15] = [
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
    "allow_readable_key",
    "log",
    "java_options",
    "run_script",
    "logout",
];
