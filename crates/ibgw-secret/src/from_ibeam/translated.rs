//! What became of each of IBeam's variables.

use super::plan::{GATEWAY, MigrationPlan, PAPER};
use super::{dropped, value};

/// The most failures that the guard allows before it stops.
const MOST_FAILURES: u32 = 4;

/// The file that says where a code is to be had.
pub(super) const CODE: &str = "code.curl";

impl MigrationPlan {
    /// Takes one variable into the plan, and says what became of it.
    pub(super) fn take(&mut self, name: &str, value: &str) -> String {
        if let Some(why) = dropped::why(name) {
            return format!("has no meaning any more: {why}");
        }
        let seconds = || {
            let number = value::number(value).filter(|number| *number > 0)?;
            Some(format!("{number}s"))
        };
        match name {
            "IBEAM_GATEWAY_DIR" => {
                let path = value::path(value);
                let known = path.clone().unwrap_or_else(|| GATEWAY.to_owned());
                self.start.push(format!("--gateway-dir {known}"));
                said(path.is_some(), "--gateway-dir of ibgw-start")
            }
            "IBEAM_INPUTS_DIR" => {
                let folder = value::path(value);
                let became = give(&mut self.start, "--inputs-dir", folder, "ibgw-start");
                format!("{became}; its cacert.pem is for --cacert of the other programs")
            }
            "IBEAM_OUTPUTS_DIR" => {
                let log = value::path(value).map(|path| format!("{path}/gateway.log"));
                give(&mut self.start, "--log", log, "ibgw-start")
            }
            "IBEAM_GATEWAY_STARTUP" => {
                give(&mut self.start, "--timeout", seconds(), "ibgw-start")
            }
            "IBEAM_REQUEST_TIMEOUT" => {
                give(&mut self.tickle, "--timeout", seconds(), "ibgw-tickle")
            }
            "IBEAM_CHROME_DRIVER_PATH" => {
                give(&mut self.login, "--driver", value::path(value), "ibgw-login")
            }
            "IBEAM_CHROME_BINARY_PATH" => {
                give(&mut self.login, "--browser", value::path(value), "ibgw-login")
            }
            "IBEAM_DISABLE_DEV_SHM_USAGE" => {
                if value::flag(value) == Some(true) {
                    let flag = "--browser-arg=--disable-dev-shm-usage";
                    self.login.push(flag.to_owned());
                }
                "--browser-arg of ibgw-login".to_owned()
            }
            "IBEAM_GATEWAY_BASE_URL" => {
                self.url = value::url(value);
                said(self.url.is_some(), "--url of every program, as IBGW_URL")
            }
            "IBEAM_MAINTENANCE_INTERVAL" => {
                let number = value::number(value).filter(|number| *number > 0);
                self.interval = number.unwrap_or(self.interval);
                said(number.is_some(), "the time between two calls of ibgw-tickle")
            }
            "IBEAM_MAX_FAILED_AUTH" => {
                let number = value::number(value).map(|number| number.clamp(1, MOST_FAILURES));
                let number = number.map(|number| number.to_string());
                let became = give(&mut self.login, "--max-failures", number, "ibgw-login");
                format!("{became}, which counts over 24 hours, on disk, {MOST_FAILURES} at most")
            }
            PAPER => match value::flag(value) {
                Some(_) => "--mode of ibgw-login".to_owned(),
                None => "--mode of ibgw-login; its value is neither yes nor no".to_owned(),
            },
            "IBEAM_ERROR_SCREENSHOTS" => {
                if value::flag(value) == Some(true) {
                    let folder = self.outputs.clone();
                    let folder = folder.unwrap_or_else(|| "./screenshots".to_owned());
                    self.login.push(format!("--screenshot-dir {folder}"));
                }
                "--screenshot-dir of ibgw-login".to_owned()
            }
            "IBEAM_LOG_LEVEL" => "-v of every program, which logs to stderr".to_owned(),
            "IBEAM_TWO_FA_HANDLER" => self.take_handler(value),
            "IBEAM_TWO_FA_SELECT_TARGET" => self.take_device(value),
            "IBEAM_CUSTOM_TWO_FA_HANDLER" => {
                "a program of its own, whatever it is written in: --code-from cmd:PROGRAM of ibgw-login"
                    .to_owned()
            }
            "IBEAM_SECRETS_SOURCE" | "IBEAM_GCP_SECRETS_URL" => {
                "the references that ibgw-secret takes".to_owned()
            }
            _ => match self.secrets.iter().find(|kept| kept.variable == name) {
                Some(kept) => kept.became(),
                None => "is not known; IBeam does not read it either (is it misspelt?)".to_owned(),
            },
        }
    }

    fn take_handler(&mut self, value: &str) -> String {
        match value::plain(value) {
            "PYOTP" => "the seed in the login: ibgw-login makes the code".to_owned(),
            "NOTIFICATION_RESEND" => {
                self.choose("push");
                "--second-factor push of ibgw-login, which never sends a second one".to_owned()
            }
            "EXTERNAL_REQUEST" => {
                self.login
                    .push(format!(r#"--code-from "cmd:curl -fsS --config {CODE}""#));
                "--code-from of ibgw-login; write its address and headers into code.curl".to_owned()
            }
            _ => {
                "--code-from file:PATH or cmd:PROGRAM of ibgw-login: have something bring the code"
                    .to_owned()
            }
        }
    }

    fn take_device(&mut self, value: &str) -> String {
        let known = match value::plain(value) {
            "IB Key" => Some("push"),
            "One Time Passcode" => Some("sms"),
            "Mobile Authenticator App" => Some("totp"),
            _ => None,
        };
        if let Some(known) = known {
            self.choose(known);
        }
        said(known.is_some(), "--second-factor of ibgw-login")
    }

    /// The handler and the device may both say which second factor it is.
    fn choose(&mut self, factor: &str) {
        let flag = "--second-factor";
        if !self.login.iter().any(|word| word.starts_with(flag)) {
            self.login.push(format!("{flag} {factor}"));
        }
    }
}

/// Gives a program a flag, if the value may be repeated.
fn give(flags: &mut Vec<String>, flag: &str, value: Option<String>, program: &str) -> String {
    let is_known = value.is_some();
    flags.extend(value.map(|value| format!("{flag} {value}")));
    said(is_known, &format!("{flag} of {program}"))
}

fn said(is_known: bool, became: &str) -> String {
    match is_known {
        true => became.to_owned(),
        false => format!("{became}; its value is not of the kind, so give it by hand"),
    }
}
