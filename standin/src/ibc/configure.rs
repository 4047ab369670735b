//! The settings that IBC makes in the Gateway's own window, and what it says of those that it cannot make.

use super::course::IbcCourse;
use super::language;
use serde_json::json;

impl IbcCourse<'_> {
    pub(crate) fn configure(&self) {
        self.step();
        let port = self.settings.text("OverrideTwsApiPort");
        if !port.is_empty() {
            self.say("Performing port configuration");
            self.say(&format!("TWS API socket port now set to {port}"));
        }
        let read_only = self.settings.text("ReadOnlyApi");
        if !read_only.is_empty() {
            self.say("Setting ReadOnlyApi");
            let is_set = self.settings.is_yes("ReadOnlyApi");
            self.say(&format!("Read-Only API checkbox is now set to: {is_set}"));
        }
        let time = self.settings.text("AutoRestartTime");
        if !time.is_empty() {
            self.say("Setting Auto restart time");
            let is_taken = language::has_am_and_pm();
            self.running
                .record
                .add("auto_restart", json!({"time": time, "taken": is_taken}));
            if is_taken {
                self.say(&format!("Auto restart time set to {time}"));
            } else {
                self.running.log.shout(language::BAD_TIME);
            }
        }
        for complaint in &self.running.script.complaints {
            self.running.log.shout(complaint);
        }
        self.say("Configuration tasks completed");
    }
}
