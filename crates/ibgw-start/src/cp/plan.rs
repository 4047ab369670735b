//! Everything that a Gateway is started with, found and not yet used.

use crate::StartArgs;
use crate::cp::distribution::Distribution;
use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::{GatewayInstance, Port};
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
pub struct StartPlan {
    pub launch: Launch,
    pub settings: StartSettings,
    /// The file for what the Gateway prints.
    pub log: PathBuf,
    /// A process that was started here and never answered, to be ended first.
    pub unready: Option<Identity>,
}

/// Decides what a start comes to: first who has the port, then what is there.
pub fn decide(
    args: &StartArgs,
    instance: &GatewayInstance,
    deadline: Deadline,
) -> Result<StartDecision<GatewayReport, Box<StartPlan>>> {
    let port = instance.port(deadline)?;
    let record = instance.running()?;
    match port {
        Port::Gateway => Ok(StartDecision::Up(GatewayReport::of_running(
            instance,
            record.as_ref(),
        ))),
        Port::Taken(why) => {
            let ours = record.map_or_else(String::new, |record| {
                format!(
                    "; process {} was started here (end it with --stop)",
                    record.pid
                )
            });
            Err(Error::new(Exit::Config, why + &ours))
        }
        Port::Free => look(
            args,
            instance,
            record.map(|record| record.identity()),
            deadline,
        ),
    }
}

/// Looks whether everything is there; nothing of it depends on what runs.
pub fn look(
    args: &StartArgs,
    instance: &GatewayInstance,
    unready: Option<Identity>,
    deadline: Deadline,
) -> Result<StartDecision<GatewayReport, Box<StartPlan>>> {
    let distribution = Distribution::find(args.gateway_dir.as_deref())?;
    let java = Java::find(args.java.as_deref())?;
    java.is_new_enough(deadline)?;
    let settings = StartSettings::gather(args, &distribution, instance, deadline)?;
    let launch = Launch::of(args, &distribution, &java, instance)?;
    let log = log(args, instance)?;
    if let Some(why) = settings.admission.keeps_us_out() {
        let message = format!("{}: {why}", settings.path().display());
        let outcome = GatewayReport::new(instance, InstanceState::Stopped).with(&settings);
        return Ok(StartDecision::Refused(
            outcome,
            Error::new(Exit::Config, message),
        ));
    }
    Ok(StartDecision::Start(Box::new(StartPlan {
        launch,
        settings,
        log,
        unready,
    })))
}

impl StartPlan {
    /// Ends what a start that broke off has left, and writes the instance's files.
    pub fn prepare(&self, instance: &GatewayInstance) -> Result<()> {
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
            .write_to(&instance.create("conf")?, instance.port)?;
        self.launch.prepare(instance)
    }
}

/// The log's whole path, where one can be opened.
fn log(args: &StartArgs, instance: &GatewayInstance) -> Result<PathBuf> {
    let path = args
        .log
        .clone()
        .unwrap_or_else(|| instance.path("gateway.log"));
    let path = std::path::absolute(&path)
        .with_context(|| format!("finding the log {}", path.display()))
        .or_exit(Exit::Config)?;
    if args.log.is_some() {
        GatewayLog::look(&path)?;
    }
    Ok(path)
}
