//! Waits until a Gateway that was started answers, or shows that it never will.

use crate::cp::gateway_log::GatewayLog;
use crate::cp::instance::GatewayInstance;
use crate::cp::running::RunningGateway;
use crate::service::listener;
use ib_cli::{Error, Exit};
use ib_proc::Deadline;
use ib_webapi::{Gateway, GatewayRoot};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// The pause between two tries, and between two looks at the process and its log.
const PAUSE: Duration = Duration::from_millis(20);

/// How long one try may take. A try that is given up early starts again from the beginning, and the first answer comes up
/// to 0.6 s after the first connection (seen with build a27ed42).
const PATIENCE: Duration = Duration::from_secs(10);

/// How long Java may take to end after it has refused its settings. It prints the reason in between.
const LAST_BREATH: Duration = Duration::from_secs(2);

/// Waits until the Gateway answers; the value is the time since its start.
///
/// Only an answer counts: the Gateway prints its banner before it tries the port.
pub(crate) fn wait(
    running: &RunningGateway,
    instance: &GatewayInstance,
    log: &GatewayLog,
    deadline: Deadline,
) -> Result<Duration, Error> {
    let (sender, fronts) = mpsc::channel();
    let gateway = Arc::clone(&instance.gateway);
    // A try may hang while the process dies, so both are watched at once.
    thread::spawn(move || ask_repeatedly(&gateway, deadline, &sender));
    let mut last: Option<String> = None;
    let mut refused_since: Option<Instant> = None;
    loop {
        let front = fronts.recv_timeout(PAUSE).ok();
        let exit = running.exit();
        let output = log.output();
        if let Some(line) = output.listen_failure() {
            return Err(cannot_listen(instance, &log.fit_to_show(line)));
        }
        if output.refuses_settings() {
            let since = *refused_since.get_or_insert_with(Instant::now);
            if exit.is_some() || since.elapsed() > LAST_BREATH {
                return Err(settings_refused(log));
            }
            continue;
        }
        if let Some(exit) = exit {
            return Err(died(log, exit));
        }
        // Another program may have taken the port after we looked, and answer now.
        let is_ours = || {
            let java = running.identity.as_ref();
            java.is_none_or(|java| listener::is_held_by(instance.port, java.pid))
        };
        let refused = |why| Err(Error::new(Exit::Config, why));
        match front {
            None | Some(GatewayRoot::Down(_) | GatewayRoot::TimedOut) => {}
            Some(_) if !is_ours() => {}
            Some(GatewayRoot::Login) => return Ok(running.since.elapsed()),
            Some(GatewayRoot::AccessDenied) => return refused(instance.refusal()),
            Some(GatewayRoot::Broken) => return refused(instance.breakage()),
            Some(GatewayRoot::Untrusted(cause)) => return refused(instance.distrust(&cause)),
            Some(GatewayRoot::Other(cause)) => last = Some(cause),
        }
        if deadline.has_passed() {
            let why = if is_ours() {
                last.unwrap_or_else(|| silence(instance.port).to_owned())
            } else {
                instance.held_by_another()
            };
            return Err(never_ready(instance, log, &why));
        }
    }
}

fn ask_repeatedly(gateway: &Gateway, deadline: Deadline, to: &Sender<GatewayRoot>) {
    while to.send(gateway.root(deadline.or_after(PATIENCE))).is_ok() && deadline.pause(PAUSE) {}
}

fn cannot_listen(instance: &GatewayInstance, line: &str) -> Error {
    let port = instance.port;
    let holder = listener::holder_of(port).map_or_else(String::new, |holder| {
        format!(", which {} (process {}) has", holder.name, holder.pid)
    });
    let message = format!(
        "the Gateway cannot have port {port}{holder}: {line} (end that process, or give another with --port N)"
    );
    Error::new(Exit::Config, message)
}

fn settings_refused(log: &GatewayLog) -> Error {
    let output = log.output();
    let reason = output.refusal().map_or_else(
        || "it does not say why".to_owned(),
        |reason| log.fit_to_show(reason),
    );
    let message = format!(
        "the Gateway refuses its settings: {reason} (correct conf.yaml; {} has all it said)",
        log.path()
    );
    Error::new(Exit::Config, message)
}

/// Why Java ended before the Gateway answered.
fn died(log: &GatewayLog, exit: i32) -> Error {
    let output = log.output();
    let has = |words| output.line_with(words).is_some();
    let (exit_code, why) = if has("UnsupportedClassVersionError") {
        (
            Exit::Missing,
            "this Java is too old for it (install Java 8 or newer, or give --java PATH)",
        )
    } else if has("Could not find or load main class") {
        (
            Exit::Missing,
            "its directory is not complete (unzip clientportal.gw.zip again)",
        )
    } else if has("Could not create the Java Virtual Machine") {
        (
            Exit::Config,
            "Java takes no such option (correct --java-option)",
        )
    } else {
        (Exit::Unexpected, "it died")
    };
    let message = format!(
        "the Gateway ended with status {exit} before it answered{}: {why}; {} ({} has all of them)",
        killed(exit),
        log.last_words(),
        log.path()
    );
    Error::new(exit_code, message)
}

/// What the exit status of a killed Java means, as a sentence goes on; empty for any other status.
pub(crate) fn killed(exit: i32) -> &'static str {
    /// 128 and SIGKILL. The kernel sends it when memory is short; containers do not report that.
    const KILLED: i32 = 137;
    if exit == KILLED {
        ", killed by SIGKILL, perhaps since memory was short (journalctl -k says so; give it more memory, or a smaller --java-option=-Xmx)"
    } else {
        ""
    }
}

/// Why no answer came at all.
fn silence(port: u16) -> &'static str {
    match listener::holder_of(port) {
        Some(_) => "it accepts connections and does not answer",
        // With a wrong password or a broken keystore the Gateway prints its banner and nothing else (build a27ed42).
        None => {
            "nothing listens, for which a wrong sslPwd in conf.yaml and a broken keystore are the usual reasons"
        }
    }
}

fn never_ready(instance: &GatewayInstance, log: &GatewayLog, why: &str) -> Error {
    let message = format!(
        "the Gateway did not answer at {} in time: {why}; {}; the Gateway was ended (give it longer with --timeout)",
        instance.url,
        log.last_words()
    );
    Error::new(Exit::TimedOut, message)
}
