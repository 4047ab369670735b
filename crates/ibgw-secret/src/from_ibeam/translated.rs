//! IBeam's variables that our programs have something for: how each changes the plan, and what stands for it.

use super::plan::{CODE, GATEWAY, MigrationPlan, Program, successor_text};
use super::value;

/// The guard allows at most this many failures before it stops.
const MOST_FAILURES: u32 = 4;

/// What stands for the variables that say where IBeam finds secrets.
pub(super) const REFERENCES: &str = "the references that ibgw-secret takes";

/// What stands for a handler of the user's own.
pub(super) const OWN_HANDLER: &str =
    "a program of its own, whatever it is written in: --code-from cmd:PROGRAM of ibgw-login";

/// What stands for IBeam's log level.
pub(super) const VERBOSE: &str = "-v of every program, which logs to stderr";

pub(super) fn gateway_dir(plan: &mut MigrationPlan, value: &str) -> String {
    let path = value::path(value);
    let is_usable = path.is_some();
    let folder = path.unwrap_or_else(|| GATEWAY.to_owned());
    plan.start.push(format!("--gateway-dir {folder}"));
    successor_text(is_usable, "--gateway-dir of ibgw-start")
}

pub(super) fn inputs_dir(plan: &mut MigrationPlan, value: &str) -> String {
    let successor = plan.give(Program::Start, "--inputs-dir", value::path(value));
    format!("{successor}; its cacert.pem is for --cacert of the other programs")
}

/// The file in IBeam's folder of outputs that gets the Gateway's log.
pub(super) fn log_file(value: &str) -> Option<String> {
    value::path(value).map(|path| format!("{path}/gateway.log"))
}

pub(super) fn url(plan: &mut MigrationPlan, value: &str) -> String {
    plan.url = value::url(value);
    successor_text(plan.url.is_some(), "--url of every program, as IBGW_URL")
}

/// The plan has the mode already: it needs one even if this variable is not set.
pub(super) fn mode(_: &mut MigrationPlan, value: &str) -> String {
    match value::flag(value) {
        Some(_) => "--mode of ibgw-login".to_owned(),
        None => "--mode of ibgw-login; its value is neither yes nor no".to_owned(),
    }
}

pub(super) fn max_failures(plan: &mut MigrationPlan, value: &str) -> String {
    let number = value::number(value).map(|number| number.clamp(1, MOST_FAILURES).to_string());
    let successor = plan.give(Program::Login, "--max-failures", number);
    format!("{successor}, which counts over 24 hours, on disk, {MOST_FAILURES} at most")
}

pub(super) fn browser_memory(plan: &mut MigrationPlan, value: &str) -> String {
    if value::flag(value) == Some(true) {
        plan.login
            .push("--browser-arg=--disable-dev-shm-usage".to_owned());
    }
    "--browser-arg of ibgw-login".to_owned()
}

pub(super) fn screenshots(plan: &mut MigrationPlan, value: &str) -> String {
    if value::flag(value) == Some(true) {
        let folder = plan.outputs.as_deref().unwrap_or("./screenshots");
        plan.login.push(format!("--screenshot-dir {folder}"));
    }
    "--screenshot-dir of ibgw-login".to_owned()
}

pub(super) fn interval(plan: &mut MigrationPlan, value: &str) -> String {
    let number = value::number(value).filter(|number| *number > 0);
    plan.interval = number.unwrap_or(plan.interval);
    successor_text(
        number.is_some(),
        "the time between two calls of ibgw-tickle",
    )
}

/// What brings the code of the second factor.
pub(super) fn handler(plan: &mut MigrationPlan, value: &str) -> String {
    match value::plain(value) {
        "PYOTP" => "the seed in the login: ibgw-login makes the code".to_owned(),
        "NOTIFICATION_RESEND" => {
            choose(plan, "push");
            "--second-factor push of ibgw-login, which never sends a second one".to_owned()
        }
        "EXTERNAL_REQUEST" => {
            plan.login
                .push(format!(r#"--code-from "cmd:curl -fsS --config {CODE}""#));
            "--code-from of ibgw-login; write its address and headers into code.curl".to_owned()
        }
        _ => "--code-from file:PATH or cmd:PROGRAM of ibgw-login: have something bring the code"
            .to_owned(),
    }
}

/// The device of the second factor, by the name that the page shows.
pub(super) fn device(plan: &mut MigrationPlan, value: &str) -> String {
    let factor = match value::plain(value) {
        "IB Key" => Some("push"),
        "One Time Passcode" => Some("sms"),
        "Mobile Authenticator App" => Some("totp"),
        _ => None,
    };
    if let Some(factor) = factor {
        choose(plan, factor);
    }
    successor_text(factor.is_some(), "--second-factor of ibgw-login")
}

/// Chooses a second factor, unless the plan has one: both the handler and the device may name it.
fn choose(plan: &mut MigrationPlan, factor: &str) {
    let flag = "--second-factor";
    if !plan.login.iter().any(|word| word.starts_with(flag)) {
        plan.login.push(format!("{flag} {factor}"));
    }
}
