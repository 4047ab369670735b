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
    /// No Gateway of this instance runs, or this run ended it.
    Stopped,
    /// The Gateway ended without a stop.
    Exited,
}

/// The report of the Client Portal Gateway.
#[derive(Serialize)]
pub(crate) struct GatewayReport {
    /// The state of the instance at the end of this run.
    pub(crate) state: InstanceState,
    /// The kind of gateway.
    kind: GatewayKind,
    /// Where the Gateway answers, for `--url` of the other tools.
    url: String,
    /// The Gateway's process, or the one that was ended; null without one, and when another program started it.
    pub(crate) pid: Option<u32>,
    /// Whether this run started it.
    pub(crate) started: bool,
    /// How many seconds it took from the start to the first answer; null when this run did not start it, or it never
    /// answered.
    pub(crate) ready_seconds: Option<f64>,
    /// The version in the Gateway's banner, a commit and a date; null when it is not known.
    pub(crate) build: Option<String>,
    /// The file with what the Gateway prints; null when another program started it.
    pub(crate) log: Option<String>,
    /// The file that the settings were read from; null when this run read none.
    settings: Option<String>,
    /// The file that the Gateway's certificate comes from; null for plain HTTP, and when this run read no settings.
    keystore: Option<String>,
    /// The file for `--cacert` of the other tools, which has the Gateway's certificate. It is null when any is accepted, and
    /// when this run read no settings.
    cacert: Option<String>,
    /// The entries of `ips.allow` that let an address in, or may; null when this run read no settings. `anyone` alone means
    /// every address.
    ips_admitted: Option<Vec<String>>,
    /// The entries of `ips.deny` that refuse an address which `ips.allow` lets in, or may; null when this run read no
    /// settings.
    ips_denied: Option<Vec<String>>,
    /// The entries of both lists that mean no address; null when this run read no settings.
    ips_ignored: Option<Vec<String>>,
    /// The Gateway's exit status, 128 and the number of the signal if it died by one; null while it runs, and with
    /// `--stop`.
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
