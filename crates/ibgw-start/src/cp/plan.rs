//! Everything that a Gateway is started with, found but not used yet.

use crate::cp::GatewayStart;
use crate::cp::distribution::Distribution;
use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::{GatewayInstance, PortUse};
use crate::cp::java::Java;
use crate::cp::launch::Launch;
use crate::cp::report::{GatewayReport, InstanceState};
use crate::cp::running;
use crate::cp::settings::StartSettings;
use crate::service::decision::StartDecision;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, warn};
use ib_proc::{Deadline, Identity};
use std::path::PathBuf;

/// What a start needs.
pub(crate) struct StartPlan {
    pub(crate) launch: Launch,
    pub(crate) settings: StartSettings,
    /// The file for what the Gateway prints.
    pub(crate) log: PathBuf,
    /// A process that was started here and never answered. It is ended first.
    pub(crate) unready: Option<Identity>,
}

/// Decides what a start would do: first by who has the port, then by what is installed.
pub(crate) fn decide(
    start: &GatewayStart,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<StartDecision<GatewayReport, Box<StartPlan>>> {
    let port_use = instance.port_use(deadline)?;
    let record = instance.running()?;
    match port_use {
        PortUse::Gateway => {
            let report = GatewayReport::of_running(instance, record.as_ref());
            Ok(StartDecision::Up(report))
        }
        PortUse::Taken(why) => {
            let ours = record.map_or_else(String::new, |record| {
                format!(
                    "; process {} was started here (end it with --stop)",
                    record.pid
                )
            });
            Err(Error::new(Exit::Config, why + &ours))
        }
        PortUse::Free => {
            let unready = record.map(|record| record.identity());
            find(start, instance, unready, deadline)
        }
    }
}

/// Finds everything that a start needs. What runs does not matter here.
pub(crate) fn find(
    start: &GatewayStart,
    instance: &GatewayInstance,
    unready: Option<Identity>,
    deadline: Deadline,
) -> Result<StartDecision<GatewayReport, Box<StartPlan>>> {
    let distribution = Distribution::find(start.gateway_dir.as_deref())?;
    let java = Java::find(start.java.as_deref())?;
    java.check_version(deadline)?;
    let settings = StartSettings::gather(&start.settings, &distribution, instance, deadline)?;
    let launch = Launch::of(start, &distribution, &java, instance)?;
    let log = log(start, instance)?;
    if let Some(why) = settings.admission.keeps_us_out() {
        let message = format!("{}: {why}", settings.path().display());
        let report = GatewayReport::new(instance, InstanceState::Stopped).with(&settings);
        let error = Error::new(Exit::Config, message);
        return Ok(StartDecision::Refused(report, error));
    }
    Ok(StartDecision::Start(Box::new(StartPlan {
        launch,
        settings,
        log,
        unready,
    })))
}

impl StartPlan {
    /// Ends what an interrupted start has left, and writes the instance's files.
    pub(crate) fn prepare(&self, instance: &GatewayInstance) -> Result<()> {
        if let Some(process) = &self.unready {
            let pid = process.pid;
            let message = format!("process {pid} was started and never answered: it is ended");
            warn("unready_ended", &message);
            let _ = process.end_with_all_below(running::GRACE);
            instance.forget();
        }
        instance.forget_leftovers();
        instance.forget_announced();
        self.settings
            .write_to(&instance.dir.create("conf")?, instance.port)?;
        self.launch.prepare(instance)
    }
}

/// The log's absolute path. A log that was named must be one that can be opened.
fn log(start: &GatewayStart, instance: &GatewayInstance) -> Result<PathBuf> {
    let named = start.log.clone();
    let path = named.unwrap_or_else(|| instance.dir.path("gateway.log"));
    let path = std::path::absolute(&path)
        .with_context(|| format!("finding the log {}", path.display()))
        .or_exit(Exit::Config)?;
    if start.log.is_some() {
        GatewayLog::check(&path)?;
    }
    Ok(path)
}
