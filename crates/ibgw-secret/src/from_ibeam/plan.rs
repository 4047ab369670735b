//! What IBeam's settings come to with our programs.

use super::secrets::{IbeamSecret, SecretSource, secrets};
use super::settings::IbeamSettings;
use super::translated::CODE;
use super::value;

/// Where the Gateway is in IBeam's image.
pub(super) const GATEWAY: &str = "/srv/clientportal.gw";

/// The variable that says which account IBeam logs in to.
pub(super) const PAPER: &str = "IBEAM_USE_PAPER_ACCOUNT";

/// What stands in place of a mode that nothing says: ibgw-login refuses it, and sends nothing.
const UNDECIDED: &str = "LIVE-OR-PAPER";

/// The same setup by our programs.
#[derive(Clone)]
pub(super) struct MigrationPlan {
    /// The file that the settings are from; `None` for the environment.
    pub(super) file: Option<String>,
    pub(super) start: Vec<String>,
    pub(super) tickle: Vec<String>,
    pub(super) login: Vec<String>,
    /// Where the Gateway listens, if not where it always does.
    pub(super) url: Option<String>,
    pub(super) secrets: Vec<IbeamSecret>,
    /// How many seconds there are between two questions.
    pub(super) interval: u32,
    /// Where IBeam puts screenshots and logs.
    pub(super) outputs: Option<String>,
    lines: Vec<String>,
}

const NOT_THERE: &str =
    "has its value in the environment, and is not there (run this where IBeam's variables are set)";
const NOTHING: &str = "is set to nothing, so it counts as not set";

impl MigrationPlan {
    pub(super) fn of(settings: &IbeamSettings) -> Self {
        let mut plan = Self {
            file: settings.file.clone(),
            start: Vec::new(),
            tickle: Vec::new(),
            login: Vec::new(),
            url: None,
            secrets: secrets(settings),
            interval: 60,
            outputs: settings.get("IBEAM_OUTPUTS_DIR").and_then(value::path),
            lines: Vec::new(),
        };
        if settings.get("IBEAM_GATEWAY_DIR").is_none() {
            plan.start.push(format!("--gateway-dir {GATEWAY}"));
        }
        // Where nothing is set IBeam logs in live. A setting that was lost on the way looks the same, so a person chooses.
        let mode = match settings.get(PAPER).and_then(value::flag) {
            Some(true) => "paper",
            Some(false) => "live",
            None => UNDECIDED,
        };
        plan.login.push(format!("--mode {mode}"));
        for name in settings.names() {
            let mut became = match settings.get(name) {
                Some(value) => plan.take(name, value),
                None if settings.is_in_environment(name) => NOT_THERE.to_owned(),
                None => NOTHING.to_owned(),
            };
            if settings.is_repeated(name) {
                became += "; it is set more than once, and the last value counts";
            }
            plan.lines.push(format!("{name}: {became}"));
        }
        if settings.names().all(|name| name != PAPER) {
            plan.lines.push(format!("{PAPER}: is not set"));
        }
        if plan
            .login
            .iter()
            .any(|flag| flag.starts_with("--code-from"))
        {
            // IBeam's default device is the phone, whatever brings the code.
            plan.login.retain(|flag| flag != "--second-factor push");
        }
        plan
    }

    /// The same for a service, which has a folder for its secrets and can write to few others.
    pub(super) fn of_service(&self, secrets: &str) -> Self {
        let mut plan = self.clone();
        let is_own = |flag: &String| {
            !["--log ", "--screenshot-dir "]
                .iter()
                .any(|place| flag.starts_with(place))
        };
        plan.start.retain(is_own);
        plan.login.retain(is_own);
        for flag in &mut plan.login {
            *flag = flag.replace(CODE, &format!("{secrets}/{CODE}"));
        }
        plan
    }

    /// What to do first where nothing says which account is meant; nothing where something does.
    pub(super) fn choice(&self) -> String {
        match self.login.iter().any(|flag| flag.ends_with(UNDECIDED)) {
            true => format!(
                "# First write live or paper in place of {UNDECIDED}. {PAPER} does not say which; where it is not set, \
                 IBeam logs in live\n"
            ),
            false => String::new(),
        }
    }

    /// Whether a file says where a code is to be had.
    pub(super) fn has_code(&self) -> bool {
        self.login.iter().any(|flag| flag.contains(CODE))
    }

    /// What became of each variable, a line each.
    pub(super) fn variables(&self) -> String {
        let from = match self.file.as_deref() {
            None => "the environment".to_owned(),
            Some("-") => "stdin".to_owned(),
            Some(path) => path.to_owned(),
        };
        let mut text = format!("# What became of IBeam's variables in {from}\n");
        for line in &self.lines {
            text += &format!("# {line}\n");
        }
        text + &self.choice()
    }

    /// The command that prints the login, some of whose secrets are in this directory.
    pub(super) fn secret(&self, folder: &str, is_there: fn(&SecretSource) -> bool) -> String {
        let mut words = vec!["ibgw-secret".to_owned()];
        let mut is_in_folder = self.secrets.is_empty();
        for IbeamSecret { flag, place, .. } in &self.secrets {
            match place {
                place if is_there(place) => is_in_folder = true,
                SecretSource::File(path) => words.push(format!("{flag} file:{path}")),
                SecretSource::Gcp(name) => words.push(format!("{flag} gcp:{name}")),
                SecretSource::Value | SecretSource::Unclear => is_in_folder = true,
            }
        }
        if is_in_folder {
            words.push(format!("--dir {folder}"));
        }
        words.join(" ")
    }
}
