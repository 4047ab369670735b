//! IBeam's setup as one of our programs.

use super::secrets::{IbeamSecret, SecretSource};

/// Where the Gateway is in IBeam's image.
pub(super) const GATEWAY: &str = "/srv/clientportal.gw";

/// The variable that says which account IBeam logs in to.
pub(super) const PAPER: &str = "IBEAM_USE_PAPER_ACCOUNT";

/// The file for curl that says where to get a code.
pub(super) const CODE: &str = "code.curl";

/// Stands for the mode if IBeam's settings do not name one: ibgw-login refuses it, and sends nothing.
pub(super) const UNDECIDED: &str = "LIVE-OR-PAPER";

/// The same setup by our programs.
#[derive(Clone)]
pub(super) struct MigrationPlan {
    /// The file that the settings are from; `None` for the environment.
    pub(super) file: Option<String>,
    /// The flags of ibgw-start.
    pub(super) start: Vec<String>,
    /// The flags of ibgw-tickle.
    pub(super) tickle: Vec<String>,
    /// The flags of ibgw-login.
    pub(super) login: Vec<String>,
    /// The Gateway's address, if it is not the usual one.
    pub(super) url: Option<String>,
    pub(super) secrets: Vec<IbeamSecret>,
    /// How many seconds there are between two calls of ibgw-tickle.
    pub(super) interval: u32,
    /// Where IBeam puts screenshots and logs.
    pub(super) outputs: Option<String>,
    /// What becomes of each variable, a line each.
    pub(super) lines: Vec<String>,
}

/// One of our programs that the plan gives flags to.
#[derive(Clone, Copy)]
pub(super) enum Program {
    Start,
    Login,
    Tickle,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "ibgw-start",
            Self::Login => "ibgw-login",
            Self::Tickle => "ibgw-tickle",
        }
    }
}

impl MigrationPlan {
    /// Gives a program a flag, if the value may be shown, and says what stands for the variable.
    pub(super) fn give(&mut self, program: Program, flag: &str, value: Option<String>) -> String {
        let is_usable = value.is_some();
        let flags = match program {
            Program::Start => &mut self.start,
            Program::Login => &mut self.login,
            Program::Tickle => &mut self.tickle,
        };
        flags.extend(value.map(|value| format!("{flag} {value}")));
        successor_text(is_usable, &format!("{flag} of {}", program.name()))
    }

    /// The plan for a service, which has a folder for its secrets and can write to few others.
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

    /// Asks the user to choose live or paper; empty when IBeam's settings say which.
    pub(super) fn choice(&self) -> String {
        if !self.login.iter().any(|flag| flag.ends_with(UNDECIDED)) {
            return String::new();
        }
        format!(
            "# First write live or paper in place of {UNDECIDED}. {PAPER} does not say which; where it is not set, \
             IBeam logs in live\n"
        )
    }

    /// Whether the plan needs the file [`CODE`].
    pub(super) fn has_code(&self) -> bool {
        self.login.iter().any(|flag| flag.contains(CODE))
    }

    /// What becomes of each variable, a line each.
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

    /// The command that prints the login; `is_there` says which of its secrets are in this directory.
    pub(super) fn secret(&self, folder: &str, is_there: fn(&SecretSource) -> bool) -> String {
        let mut words = vec!["ibgw-secret".to_owned()];
        let mut is_in_folder = self.secrets.is_empty();
        for IbeamSecret { flag, source, .. } in &self.secrets {
            match source {
                source if is_there(source) => is_in_folder = true,
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

/// What stands for a variable, with a note when its value cannot be used.
pub(super) fn successor_text(is_usable: bool, successor: &str) -> String {
    if is_usable {
        successor.to_owned()
    } else {
        format!("{successor}; its value is not of the kind, so give it by hand")
    }
}
