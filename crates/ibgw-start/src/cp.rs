//! The Client Portal Gateway.

mod address_pattern;
mod admission;
mod check;
mod conf;
mod distribution;
mod filter;
mod gateway_log;
mod hold;
mod inputs;
mod instance;
mod java;
mod keystore;
mod launch;
mod plan;
mod ready;
mod report;
mod running;
mod settings;
mod start;
mod stop;

pub(crate) use address_pattern::AddressPattern;
pub(crate) use keystore::own_certificate::CertificateSource;
pub(crate) use report::GatewayReport;
pub(crate) use settings::SettingsSource;

use crate::service::foreground::Foreground;
use crate::service::manager;
use ib_cli::{Answer, Result};
use ib_proc::Deadline;
use instance::GatewayInstance;
use std::path::PathBuf;
use std::time::Duration;

/// How long a run may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Which Gateway is meant, and where its record is kept.
pub(crate) struct GatewayTarget {
    pub(crate) url: String,
    /// The file that the Gateway's certificate has to be in, if one was named.
    pub(crate) cacert: Option<PathBuf>,
    /// The directory of `--inputs-dir`, which may have such a file too.
    pub(crate) inputs_dir: Option<PathBuf>,
    pub(crate) state_dir: Option<PathBuf>,
}

/// What is done with the Gateway.
pub(crate) enum GatewayAction {
    Start(Box<GatewayStart>),
    Check(Box<GatewayStart>),
    Stop { logs_out: bool },
}

/// How the Gateway is started.
pub(crate) struct GatewayStart {
    pub(crate) gateway_dir: Option<PathBuf>,
    pub(crate) settings: SettingsSource,
    pub(crate) java: Option<PathBuf>,
    pub(crate) java_options: Vec<String>,
    /// Whether the Gateway's own script starts it.
    pub(crate) runs_script: bool,
    pub(crate) log: Option<PathBuf>,
    /// `None` when the Gateway outlives this process.
    pub(crate) foreground: Option<Foreground>,
    /// Whether the session is logged out before the Gateway is ended.
    pub(crate) logs_out: bool,
}

/// Starts the Gateway, ends it, or checks whether it could be started.
///
/// # Errors
/// As the table of the manual page has it.
pub(crate) fn run(
    target: &GatewayTarget,
    action: &GatewayAction,
    deadline: Deadline,
) -> Result<Answer<GatewayReport>> {
    let instance = GatewayInstance::open(target)?;
    match action {
        GatewayAction::Stop { logs_out } => stop::stop(&instance, *logs_out, deadline),
        GatewayAction::Check(start) => check::check(start, &instance, deadline),
        GatewayAction::Start(start) => {
            let answer = start::start(start, &instance, deadline);
            if start.foreground.is_some()
                && let Err(error) = &answer
            {
                manager::notify_failed(error);
            }
            answer
        }
    }
}
