//! The report of the Client Portal Gateway.

use crate::cp::instance::GatewayInstance;
use crate::cp::settings::StartSettings;
use crate::service::gateway_record::GatewayRecord;
use crate::service::listener;
use ib_cli::{GatewayKind, Report};
use serde::Serialize;
use std::path::Path;

/// The state of the instance at the end of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InstanceState {
    /// The Gateway answers.
    Ready,
    /// No Gateway runs, or we ended it.
    Stopped,
    /// The Gateway ended on its own.
    Exited,
}

/// The report of the Client Portal Gateway.
#[derive(Serialize)]
pub(crate) struct GatewayReport {
    /// `ready`, `stopped` or `exited`.
    pub(crate) state: InstanceState,
    /// The kind of gateway: `cp`.
    kind: GatewayKind,
    /// Where the Gateway answers, for `--url` of the other tools.
    url: String,
    /// The Gateway's process; with `--stop` the one that was ended; null when it is not known, or there is none.
    pub(crate) pid: Option<u32>,
    /// Whether this run started it.
    pub(crate) started: bool,
    /// Seconds from its start to its first answer; null when this run did not start it, or it never answered.
    pub(crate) ready_seconds: Option<f64>,
    /// The version that the Gateway prints; null when it is not known.
    pub(crate) build: Option<String>,
    /// The file with what the Gateway prints; null when it was not started by us.
    pub(crate) log: Option<String>,
    /// The conf.yaml that the settings were read from; null when this run read none, as with all of the next four.
    settings: Option<String>,
    /// The file that the Gateway's certificate comes from; null for plain HTTP, too.
    keystore: Option<String>,
    /// The file that the Gateway's certificate has to be in; null when any is accepted.
    cacert: Option<String>,
    /// The entries of `ips.allow` that let some address in, or may; `anyone` alone when every address is let in.
    ips_admitted: Option<Vec<String>>,
    /// The entries of `ips.deny` that keep an address out which `ips.allow` lets in, or may.
    ips_denied: Option<Vec<String>>,
    /// The entries of `ips.allow` and `ips.deny` that mean no address.
    ips_ignored: Option<Vec<String>>,
    /// The Gateway's exit status, 128 and the signal if it died by one; null while it runs, or when it is not known.
    pub(crate) child_exit: Option<i32>,
}

impl GatewayReport {
    /// The report of an instance of which nothing more is known.
    pub(crate) fn new(instance: &GatewayInstance, state: InstanceState) -> Self {
        Self {
            state,
            kind: GatewayKind::Cp,
            url: instance.url.clone(),
            pid: None,
            started: false,
            ready_seconds: None,
            build: None,
            log: None,
            settings: None,
            keystore: None,
            cacert: None,
            ips_admitted: None,
            ips_denied: None,
            ips_ignored: None,
            child_exit: None,
        }
    }

    /// The same with the settings that were read.
    pub(crate) fn with(self, settings: &StartSettings) -> Self {
        let path = |path: &Path| {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            whole.to_string_lossy().into_owned()
        };
        Self {
            settings: Some(path(settings.path())),
            keystore: settings.keystore().map(path),
            cacert: settings.cacert().map(path),
            ips_admitted: Some(settings.admission.admitted()),
            ips_denied: Some(settings.admission.denied()),
            ips_ignored: Some(settings.admission.ignored()),
            ..self
        }
    }

    /// The report of a Gateway that was up already; `record` is null when we did not start it.
    pub(crate) fn of_running(instance: &GatewayInstance, record: Option<&GatewayRecord>) -> Self {
        // Another Gateway may have the port that ours once had.
        let record = record.filter(|record| listener::is_held_by(instance.port, record.pid));
        Self {
            pid: record.map(|record| record.pid),
            build: record.and_then(|record| record.build.clone()),
            log: record.map(|record| record.log.clone()),
            ..Self::new(instance, InstanceState::Ready)
        }
    }
}

impl Report for GatewayReport {
    fn schema(&self) -> &'static str {
        "ibgw-start/1"
    }
}
