//! Starts one gateway, and returns when it answers.
//!
//! [`run`] turns the command line into one action of one wing: `cp` for the Client Portal Gateway, `tws` for IB Gateway.
//! Both stand on `service`.

mod args;
mod cp;
mod service;
mod tws;

pub use args::StartArgs;

use cp::{CertificateSource, GatewayAction, GatewayReport, GatewayStart, GatewayTarget};
use cp::{PATIENCE, SettingsSource};
use ib_cli::{Answer, Exit, GatewayKind, OrExit, Readable, Report, Result};
use ib_proc::Deadline;
use ib_tws::PendingCommand;
use serde::Serialize;
use service::foreground::Foreground;
use std::time::Duration;
use tws::{LoginSource, TwsAction, TwsReport, TwsRequest, VncRequest};

/// Starts a gateway, ends it, or checks whether it could be started.
///
/// # Errors
/// `Usage`, `Missing`, `Config`, `TimedOut` or `Unexpected`, as the table of the manual page has it.
pub fn run(args: StartArgs) -> Result<Answer<StartReport>> {
    ib_proc::undo::on_signals().or_exit(Exit::Unexpected)?;
    let timeout = args.timeout;
    let action = StartAction::of(args);
    let deadline = Deadline::after(action.patience(timeout));
    match action {
        StartAction::Cp(target, action) => {
            let answer = cp::run(&target, &action, deadline)?;
            Ok(answer.map(|report| StartReport(KindReport::Cp(Box::new(report)))))
        }
        StartAction::Tws(request, action) => {
            let answer = tws::run(&request, &action, deadline)?;
            Ok(answer.map(|report| StartReport(KindReport::Tws(Box::new(report)))))
        }
    }
}

/// What the command line asks for.
enum StartAction {
    /// Something of the Client Portal Gateway.
    Cp(GatewayTarget, GatewayAction),
    /// Something of IB Gateway or TWS.
    Tws(Box<TwsRequest>, TwsAction),
}

impl StartAction {
    fn of(args: StartArgs) -> Self {
        match args.kind {
            GatewayKind::Cp => Self::Cp(target(&args), gateway_action(args)),
            GatewayKind::Tws => {
                let action = tws_action(&args);
                Self::Tws(Box::new(tws_request(args)), action)
            }
        }
    }

    /// How long the run may take; `timeout` is that of `--timeout`.
    fn patience(&self, timeout: Option<Duration>) -> Duration {
        timeout.unwrap_or(match self {
            Self::Cp(..) => PATIENCE,
            Self::Tws(_, action) => action.patience(),
        })
    }
}

fn target(args: &StartArgs) -> GatewayTarget {
    let url = match args.port {
        Some(port) => format!("https://localhost:{port}"),
        None => args.gateway.url.clone(),
    };
    GatewayTarget {
        url,
        cacert: args.gateway.cacert.clone(),
        inputs_dir: args.inputs_dir.clone(),
        state_dir: args.state.state_dir.clone(),
    }
}

fn gateway_action(args: StartArgs) -> GatewayAction {
    if args.stop {
        return GatewayAction::Stop {
            logs_out: args.logout,
        };
    }
    let is_check = args.check;
    let start = Box::new(gateway_start(args));
    if is_check {
        GatewayAction::Check(start)
    } else {
        GatewayAction::Start(start)
    }
}

fn gateway_start(args: StartArgs) -> GatewayStart {
    let readable = Readable::of_key(args.allow_readable_key);
    let certificate = args.tls_cert.zip(args.tls_key);
    let settings = SettingsSource {
        conf: args.conf,
        inputs_dir: args.inputs_dir,
        allow: args.allow,
        bring_up: args.bring_up,
        certificate: certificate.map(|(path, key)| CertificateSource {
            path,
            key,
            readable,
        }),
        is_port_named: args.port.is_some(),
    };
    GatewayStart {
        gateway_dir: args.gateway_dir,
        settings,
        java: args.java,
        java_options: args.java_options,
        runs_script: args.run_script,
        log: args.log,
        foreground: foreground(args.foreground, args.ready_fd),
        logs_out: args.logout,
    }
}

fn tws_action(args: &StartArgs) -> TwsAction {
    if args.tws.supervisor {
        TwsAction::Supervise
    } else if args.stop {
        TwsAction::Stop
    } else if args.tws.pause {
        TwsAction::Order(PendingCommand::Pause)
    } else if args.tws.restart {
        TwsAction::Order(PendingCommand::Restart)
    } else if args.check {
        TwsAction::Check
    } else {
        TwsAction::Start(foreground(args.foreground, args.ready_fd))
    }
}

fn tws_request(args: StartArgs) -> TwsRequest {
    let tws = args.tws;
    let vnc = tws.vnc.zip(tws.vnc_password);
    let login = if tws.manual {
        LoginSource::Person
    } else {
        LoginSource::Record(tws.login)
    };
    TwsRequest {
        state_dir: args.state.state_dir,
        login,
        mode: tws.mode,
        java: args.java,
        tws_dir: tws.tws_dir,
        tws_version: tws.tws_version,
        ibc_dir: tws.ibc_dir,
        settings_dir: tws.settings_dir,
        api_port: tws.api_port,
        command_port: tws.command_port,
        forward: tws.forward,
        auto_restart: tws.auto_restart,
        cold_restart: tws.cold_restart,
        read_only_api: tws.read_only_api,
        vnc: vnc.map(|(address, password)| VncRequest {
            address,
            password,
            may_control: tws.vnc_control,
        }),
        guard: tws.guard,
    }
}

fn foreground(is_asked: bool, ready_fd: Option<u32>) -> Option<Foreground> {
    is_asked.then_some(Foreground { ready_fd })
}

/// What this tool prints, by the kind of gateway.
#[derive(Serialize)]
#[serde(transparent)]
pub struct StartReport(KindReport);

#[derive(Serialize)]
#[serde(untagged)]
enum KindReport {
    Cp(Box<GatewayReport>),
    Tws(Box<TwsReport>),
}

impl Report for StartReport {
    fn schema(&self) -> &'static str {
        match &self.0 {
            KindReport::Cp(report) => report.schema(),
            KindReport::Tws(report) => report.schema(),
        }
    }
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
            let timeout = args.timeout;
            let patience = StartAction::of(args).patience(timeout);
            assert_eq!(patience, Duration::from_secs(seconds));
        }
    }
}
