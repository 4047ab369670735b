//! The login: what is typed, and what IBKR answers.

use super::course::{IbcCourse, WRONG_PASSWORD};
use super::end::IbcEnd;
use super::script::{LoginAnswer, Relogin};
use super::stage::Stage;
use crate::hex;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

impl IbcCourse<'_> {
    /// Logs in, as often as IBC does, until the login is accepted.
    pub(crate) fn log_in(&mut self) -> Result<(), IbcEnd> {
        self.step();
        self.say(&format!("Setting Trading mode = {}", self.mode));
        self.say("Setting user name");
        self.say("Setting password");
        let typed = match self.running.start.arguments().credentials {
            Some((user, password)) => (user.to_owned(), password.to_owned()),
            None => {
                let of = |key| self.settings.text(key).to_owned();
                (of("IbLoginId"), of("IbPassword"))
            }
        };
        if typed.0.is_empty() || typed.1.is_empty() {
            let after = self.running.script.by_hand_after_ms.ok_or(IbcEnd::Never)?;
            thread::sleep(Duration::from_millis(after));
            self.running.record.add("by_hand", json!({}));
            self.answer()?;
            return self.second_factor().map(drop);
        }
        for attempt in 1.. {
            self.submit(attempt, &typed);
            self.answer()?;
            if self.second_factor()? {
                break;
            }
        }
        Ok(())
    }

    fn submit(&self, attempt: u32, (user, password): &(String, String)) {
        self.say(&format!("Login attempt: {attempt}"));
        self.say(if self.mode.eq_ignore_ascii_case("paper") {
            "Click button: Paper Log In"
        } else {
            "Click button: Log In"
        });
        let about = json!({
            "attempt": attempt,
            "mode": self.mode,
            "username": user,
            "password_sha256": hex::encode(&Sha256::digest(password)),
            "second_factor_device": self.settings.text("SecondFactorDevice"),
        });
        self.running.record.add("submission", about);
    }

    /// What IBKR answers to the login.
    fn answer(&mut self) -> Result<(), IbcEnd> {
        self.stay_at(Stage::Credentials)?;
        self.step();
        match self.running.script.login.clone() {
            LoginAnswer::Ok | LoginAnswer::NoWindow | LoginAnswer::HangAt(_) => Ok(()),
            LoginAnswer::WrongPassword => self.stay_with(WRONG_PASSWORD),
            LoginAnswer::UnknownDialog(title) => self.stay_with(&title),
            LoginAnswer::Passkey => {
                self.ask("Gateway");
                self.tell_structure(
                    "Gateway",
                    "Connection to server failed: Required PassKey is not supported, please upgrade to latest version GATEWAY",
                );
                Err(IbcEnd::Never)
            }
            LoginAnswer::TooManyAttempts => self.ask_to_wait(),
            LoginAnswer::BrokenOff => self.break_off(),
            LoginAnswer::ExistingSession(scenario) => self.meet_other_session(scenario),
        }
    }

    /// The two sentences of IBC's own handler, and one that names no time. Without the setting that lets it log in again,
    /// IBC does nothing more (`TooManyFailedLoginAttemptsDialogHandler`).
    pub(crate) fn ask_to_wait(&mut self) -> Result<(), IbcEnd> {
        self.ask("Login");
        let wait = &self.running.script.asks_to_wait;
        self.say(&format!("Too many failed login attempts.{wait}"));
        Err(IbcEnd::Never)
    }

    /// IBC's answer to a login that IBKR breaks off, by a token or without.
    pub(crate) fn break_off(&mut self) -> Result<(), IbcEnd> {
        self.ask("Login failed");
        self.say("Login failed");
        self.cold_restart();
        self.say("Login has not completed: exiting immediately");
        Err(IbcEnd::Exit(0))
    }

    /// IBKR wants the session renewed. IBC presses the button, which no setting prevents: the Gateway itself logs in
    /// again (IbcAlpha/IBC 3.24, `ReloginDialogHandler`; IBC#267, #235, #63).
    pub(crate) fn log_in_again(&mut self, answer: &Relogin) -> Result<(), IbcEnd> {
        const TITLE: &str = "Re-login is required";
        self.ask(TITLE);
        self.running.is_logged_in.store(false, Ordering::Relaxed);
        self.say("Re-login to session");
        self.say("Click button: Re-login");
        self.running.record.add("relogin", json!({}));
        self.running.log.window("dialog", TITLE, "Closed");
        self.step();
        match answer {
            // Its form is empty, or its token is spent (IBC#345, #336, #309).
            Relogin::Refused => self.stay_with(WRONG_PASSWORD),
            // Its main window is open, and IBC hears of nothing (IbcAlpha/IBC 3.24, `DefaultMainWindowManager`).
            Relogin::Ok if self.running.start.tws => {
                self.running.is_logged_in.store(true, Ordering::Relaxed);
                Err(IbcEnd::Never)
            }
            Relogin::Ok => {
                self.load()?;
                Err(IbcEnd::Never)
            }
            Relogin::Again => self.log_in_again(answer),
        }
    }

    fn meet_other_session(&mut self, scenario: u8) -> Result<(), IbcEnd> {
        self.ask("Existing session detected");
        let (text, end) = match scenario {
            1 => (
                "User must choose whether to continue with this session",
                Some(IbcEnd::Never),
            ),
            2 => (
                "End this session and let the other session proceed",
                Some(IbcEnd::Exit(0)),
            ),
            3 => (
                "Don't know the type of the other session, so continue this one",
                None,
            ),
            4 => (
                "Other session must be primary or primary override, so end this session and let the other one proceed",
                Some(IbcEnd::Exit(0)),
            ),
            5 => ("Continue this session and let the other session exit", None),
            _ => (
                "Other session may be primary, so end this session and let the other one proceed",
                Some(IbcEnd::Exit(0)),
            ),
        };
        self.say(&format!("{text} (scenario {scenario})"));
        end.map_or(Ok(()), Err)
    }

    /// The text in a dialog that IBC does not know, which it prints only when its settings ask for that.
    fn tell_structure(&self, title: &str, text: &str) {
        let is = |key: &str, values: &[&str]| values.contains(&self.settings.text(key));
        if is("LogStructureWhen", &["open", "activate"])
            && is("LogStructureScope", &["unknown", "all"])
        {
            self.say(&format!(
                "Window structure for dialog entitled: {title}; event=Opened"
            ));
            self.running.log.raw(&format!("    JLabel{{{text}}}"));
        }
    }
}
