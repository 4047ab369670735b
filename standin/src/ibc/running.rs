//! What can be done to a Gateway that runs: to end it, for good or for a restart.

use super::commands::{self, Order};
use super::language;
use super::log::IbcLog;
use super::moment;
use super::record::IbcRecord;
use super::script::IbcScript;
use super::start::IbcStart;
use crate::{hex, random};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// The Gateway, and IBC with it.
pub(crate) struct RunningIbGateway {
    pub start: IbcStart,
    pub script: IbcScript,
    pub log: Arc<IbcLog>,
    pub record: IbcRecord,
    /// Whether the login has completed.
    pub is_logged_in: AtomicBool,
    /// Whether the API is on.
    pub has_api: AtomicBool,
    /// Whether a stop, and whether a restart, has been ordered.
    is_stopping: AtomicBool,
    is_restarting: AtomicBool,
    /// Where the status goes that ends it.
    ends: Sender<u8>,
}

impl RunningIbGateway {
    pub(crate) fn new(
        start: IbcStart,
        script: IbcScript,
        record: IbcRecord,
        ends: Sender<u8>,
    ) -> Self {
        Self {
            log: Arc::new(IbcLog::new(&script)),
            has_api: AtomicBool::new(!script.api_off),
            start,
            script,
            record,
            is_logged_in: AtomicBool::new(false),
            is_stopping: AtomicBool::new(false),
            is_restarting: AtomicBool::new(false),
            ends,
        }
    }

    /// Ends the process.
    pub(crate) fn end(&self, status: u8) {
        self.record.add("end", json!({ "status": status }));
        // When it has ended already, the receiver is gone.
        let _ = self.ends.send(status);
    }

    /// Does what a command wants; the answers, and whether the connection ends with them.
    pub(crate) fn command(self: &Arc<Self>, command: &str) -> (Vec<String>, bool) {
        self.record.add("command", json!({ "command": command }));
        match commands::understand(command) {
            Ok(Order::Stop) => (self.stop("STOP command"), true),
            Ok(Order::Restart) => (self.restart("RESTART"), true),
            Ok(Order::Pause) => (self.restart("PAUSE"), true),
            Ok(Order::EnableApi) => (vec![self.enable_api().to_owned()], false),
            Err((answer, ends)) => (vec![answer.to_owned()], ends),
        }
    }

    fn stop(self: &Arc<Self>, reason: &str) -> Vec<String> {
        if self.is_stopping.swap(true, Ordering::Relaxed) {
            self.log.say("STOP already in progress");
            return vec!["ERROR STOP already in progress".to_owned()];
        }
        if !self.script.ignores_stop {
            self.log.say(if self.is_logged_in.load(Ordering::Relaxed) {
                "Login has completed: exiting via [File, Close] menu"
            } else {
                "Login has not completed: exiting immediately"
            });
            self.end_soon(self.script.stop_delay_ms);
        }
        vec![
            "INFO Closing IBC".to_owned(),
            format!("OK Shutting down: {reason}"),
        ]
    }

    fn restart(self: &Arc<Self>, verb: &str) -> Vec<String> {
        self.log
            .say(&format!("RestartTask: pauseOnly = {}", verb == "PAUSE"));
        self.log.say(&format!("RestartTask: verb = {verb}"));
        if self.is_restarting.swap(true, Ordering::Relaxed) {
            self.log.say(&format!("{verb} already in progress"));
            return vec![format!("ERROR {verb} already in progress")];
        }
        if verb == "PAUSE" {
            self.leave("PAUSE");
        }
        let minute = moment::next_minute();
        self.log
            .say(&format!("Setting auto-restart time to {minute}"));
        // Without a login there is no token, and the main window is waited for. In some languages IBC does not read what
        // it has just written itself.
        if !language::has_am_and_pm() {
            self.log.shout(language::BAD_TIME);
        } else if self.is_logged_in.load(Ordering::Relaxed) {
            self.leave_token();
            self.end_soon(self.script.restart_delay_ms);
        }
        vec![
            format!("OK {verb} in progress"),
            format!("OK {verb} at {minute}"),
        ]
    }

    /// What IBC's `EnableApiTask.java` does and says; the Gateway's API is never off.
    fn enable_api(&self) -> &'static str {
        if !self.start.tws {
            return "ERROR ENABLEAPI is not valid for the IB Gateway";
        }
        self.log.say("Doing ENABLEAPI configuration");
        if self.has_api.swap(true, Ordering::Relaxed) {
            "OK already configured"
        } else {
            "OK configured"
        }
    }

    /// Ends the process once the client has got its answer.
    fn end_soon(self: &Arc<Self>, after_ms: u64) {
        let running = Arc::clone(self);
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(after_ms));
            running.end(0);
        });
    }

    /// Leaves a file for `ibcstart.sh`: `COLDRESTART` or `PAUSE`.
    pub(crate) fn leave(&self, name: &str) {
        let name = format!("{name}{}", self.start.session);
        let _ = fs::write(self.start.settings.join(name), "");
    }

    /// Leaves the token of this login, as the Gateway does at its soft restart, in a folder named for the user.
    pub(crate) fn leave_token(&self) {
        let folder = self.start.restart.clone();
        let folder = folder.unwrap_or_else(|| hex::encode(&random::bytes::<16>()));
        let folder = self.start.settings.join(folder);
        let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(TOKEN), "token"));
    }

    /// The token that it was started with.
    pub(crate) fn token(&self) -> Option<PathBuf> {
        let folder = self.start.restart.as_ref()?;
        Some(self.start.settings.join(folder).join(TOKEN))
    }
}

const TOKEN: &str = "autorestart";
