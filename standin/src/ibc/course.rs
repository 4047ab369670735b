//! From the first line to a Gateway that serves, or as far as the script lets it come.

use super::end::{self, IbcEnd};
use super::running::RunningIbGateway;
use super::script::{AfterLoginEvent, IbcLie, LoginAnswer};
use super::settings::ConfigIni;
use super::stage::Stage;
use super::start::IbcArguments;
use super::window::JavaWindow;
use super::{api, commands, nonsense, preamble, record};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

/// A course under way.
pub(crate) struct IbcCourse<'a> {
    pub running: &'a Arc<RunningIbGateway>,
    pub settings: ConfigIni,
    /// `live` or `paper`, as it was given.
    pub mode: String,
    /// The real window, where one was wanted and came.
    pub window: Option<JavaWindow>,
}

/// Runs it as far as it goes.
pub(crate) fn run(running: &Arc<RunningIbGateway>) -> IbcEnd {
    let done = IbcCourse::begin(running).and_then(|mut course| {
        let done = course.go_on();
        // It stays on the screen until this process ends.
        std::mem::forget(course.window.take());
        done
    });
    done.err().unwrap_or(IbcEnd::Never)
}

impl<'a> IbcCourse<'a> {
    fn begin(running: &'a Arc<RunningIbGateway>) -> Result<Self, IbcEnd> {
        let IbcArguments { ini, mode, .. } = running.start.arguments();
        let settings = ConfigIni::read(Path::new(ini));
        let mut about = record::surroundings();
        about["restart"] = json!(running.start.restart);
        about["has_password"] = json!(
            settings
                .as_ref()
                .is_some_and(|settings| !settings.text("IbPassword").is_empty())
        );
        about["settings"] = json!(settings.as_ref().map(ConfigIni::shown));
        running.record.add("start", about);
        let log = &running.log;
        let fail = |status: u8, why: &str| {
            log.say_end(status, why);
            Err(IbcEnd::Exit(status))
        };
        if let Some(status) = running.script.exit_at_start {
            return fail(status, "scripted");
        }
        let Some(settings) = settings else {
            return fail(end::NO_INI, &format!("Properties file {ini} not found"));
        };
        preamble::print(running, &settings);
        let mode = mode.unwrap_or_else(|| match settings.text("TradingMode") {
            "" => "live",
            mode => mode,
        });
        if !["live", "paper"].contains(&mode.to_lowercase().as_str()) {
            return fail(
                end::BAD_MODE,
                &format!("Invalid Trading Mode argument or .ini file setting: {mode}"),
            );
        }
        let mode = mode.to_owned();
        Ok(Self {
            running,
            settings,
            mode,
            window: None,
        })
    }

    fn go_on(&mut self) -> Result<(), IbcEnd> {
        self.start_up()?;
        self.show_window()?;
        match self.running.start.restart {
            Some(_) => self.use_token()?,
            None => self.log_in()?,
        }
        self.configure();
        self.load()?;
        self.serve();
        self.go_by_itself()
    }

    fn start_up(&self) -> Result<(), IbcEnd> {
        let running = Arc::clone(self.running);
        let handler = Arc::new(move |command: &str| running.command(command));
        commands::serve(&self.settings, &self.running.log, handler);
        let timeout = self.settings.number("LoginDialogDisplayTimeout", 60);
        self.say(&match self.running.start.restart {
            Some(_) => "Re-starting session".to_owned(),
            None => format!(
                "Starting session: will exit if login dialog is not displayed within {timeout} seconds"
            ),
        });
        self.say("Starting Gateway");
        nonsense::print(&self.running.script, &self.settings, &self.running.log);
        self.stay_at(Stage::Start)
    }

    fn show_window(&mut self) -> Result<(), IbcEnd> {
        self.step();
        if self.running.script.login == LoginAnswer::NoWindow {
            let why = "IBC closing after TWS/Gateway failed to display login dialog";
            self.running.log.say_end(end::NO_WINDOW, why);
            return Err(IbcEnd::Exit(end::NO_WINDOW));
        }
        if let Some(with) = &self.running.script.window {
            self.window = JavaWindow::open(with, &self.running.start.layout, "IBKR Gateway");
            let about = json!({"title": "IBKR Gateway", "shown": self.window.is_some()});
            self.running.record.add("window", about);
        }
        self.running.log.window("frame", "IBKR Gateway", "Opened");
        self.say("Found Gateway main window");
        self.say("Login dialog WINDOW_OPENED: LoginState is LOGGED_OUT");
        self.stay_at(Stage::Window)
    }

    fn use_token(&mut self) -> Result<(), IbcEnd> {
        self.step();
        let is_refused = self.running.script.token_refused;
        self.running
            .record
            .add("token", json!({ "refused": is_refused }));
        if is_refused {
            // The file stays (gnzsnz/ib-gateway-docker#252, IbcAlpha/IBC#235).
            return self.stay_with(WRONG_PASSWORD);
        }
        match self.running.script.login {
            // The file stays here, too (IbcAlpha/IBC#290).
            LoginAnswer::BrokenOff => return self.break_off(),
            LoginAnswer::TooManyAttempts => return self.ask_to_wait(),
            LoginAnswer::Ok
            | LoginAnswer::WrongPassword
            | LoginAnswer::Passkey
            | LoginAnswer::ExistingSession(_)
            | LoginAnswer::NoWindow
            | LoginAnswer::HangAt(_)
            | LoginAnswer::UnknownDialog(_) => {}
        }
        let used = self.running.token().map(fs::remove_file);
        used.and_then(Result::ok).ok_or(IbcEnd::Never)?;
        match self.running.script.token_relogin.clone() {
            Some(answer) => self.log_in_again(&answer),
            None => Ok(()),
        }
    }

    pub(crate) fn load(&self) -> Result<(), IbcEnd> {
        let title = "Starting application...";
        self.running.log.window("frame", title, "Opened");
        self.stay_at(Stage::Loading)?;
        thread::sleep(Duration::from_millis(self.running.script.loading_ms));
        self.running.log.window("frame", title, "Closed");
        self.running.is_logged_in.store(true, Ordering::Relaxed);
        self.say("Login has completed");
        Ok(())
    }

    fn serve(&self) {
        let script = &self.running.script;
        if script.lies(IbcLie::CompletedBeforeApi) {
            return;
        }
        thread::sleep(Duration::from_millis(script.api_delay_ms));
        while !self.running.has_api.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(20));
        }
        let is_live = self.mode.eq_ignore_ascii_case("live");
        let usual = if is_live { 4001 } else { 4002 };
        let port = self.settings.number("OverrideTwsApiPort", usual);
        api::open(port, is_live, self.running);
    }

    fn go_by_itself(&mut self) -> Result<(), IbcEnd> {
        let Some(then) = self.running.script.then.clone() else {
            return Ok(());
        };
        thread::sleep(Duration::from_millis(then.after_ms));
        match then.what.clone() {
            AfterLoginEvent::Restart => self.running.leave_token(),
            AfterLoginEvent::ColdRestart => self.cold_restart(),
            AfterLoginEvent::Relogin(answer) => return self.log_in_again(&answer),
            AfterLoginEvent::Exit(status) => {
                if end::number(status).is_some() {
                    self.running.log.say_end(status, "scripted");
                }
                return Err(IbcEnd::Exit(status));
            }
        }
        Err(IbcEnd::Exit(0))
    }

    pub(crate) fn cold_restart(&self) {
        self.say("Cold restart in progress");
        self.running.leave("COLDRESTART");
    }

    pub(crate) fn say(&self, text: &str) {
        self.running.log.say(text);
    }

    /// Opens a dialog.
    pub(crate) fn ask(&mut self, title: &str) {
        if let Some(window) = &mut self.window {
            let about = json!({"title": title, "shown": window.ask(title)});
            self.running.record.add("window", about);
        }
        self.running.log.window("dialog", title, "Opened");
    }

    /// Opens a dialog that IBC does not know, and waits for ever.
    pub(crate) fn stay_with(&mut self, title: &str) -> Result<(), IbcEnd> {
        self.ask(title);
        Err(IbcEnd::Never)
    }

    pub(crate) fn stay_at(&self, stage: Stage) -> Result<(), IbcEnd> {
        if self.running.script.login == LoginAnswer::HangAt(stage) {
            return Err(IbcEnd::Never);
        }
        Ok(())
    }

    pub(crate) fn step(&self) {
        thread::sleep(Duration::from_millis(self.running.script.pace_ms));
    }
}

/// The title of the dialog that IBC does not know.
pub(crate) const WRONG_PASSWORD: &str = "Unrecognized Username or Password";
