//! The second factor: the dialog, and what IBC makes of its closing.

use super::course::IbcCourse;
use super::end::{self, IbcEnd};
use super::script::SecondFactor;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const TITLE: &str = "Second Factor Authentication";

impl IbcCourse<'_> {
    /// Chooses a device from the list, if there is one (IbcAlpha/IBC 3.24, `SecondFactorAuthenticationDialogHandler`):
    /// by its whole name alone, and one that is not found is said once, and waited for for ever.
    fn choose_device(&mut self) -> Result<(), IbcEnd> {
        let script = Arc::clone(self.running);
        let devices = &script.script.devices;
        if devices.is_empty() {
            return Ok(());
        }
        self.ask(TITLE);
        let wanted = self.settings.text("SecondFactorDevice");
        let log = &self.running.log;
        if wanted.is_empty() {
            log.shout(
                "You should specify the required second factor device using the SecondFactorDevice setting in config.ini",
            );
            return Err(IbcEnd::Never);
        }
        if !devices.iter().any(|device| device.trim() == wanted) {
            log.shout(&format!(
                "could not find second factor device '{wanted}' in the list"
            ));
            return Err(IbcEnd::Never);
        }
        log.say("Click button: OK");
        if !script.script.devices_stay {
            log.window("dialog", TITLE, "Closed");
        }
        Ok(())
    }

    /// Waits for the second factor, if one is wanted; `false` when IBC logs in again.
    pub(crate) fn second_factor(&mut self) -> Result<bool, IbcEnd> {
        let script = &self.running.script;
        let Some(factor) = script.second_factor.clone() else {
            return Ok(true);
        };
        let logs_in_again = self
            .settings
            .is_yes("ReloginAfterSecondFactorAuthenticationTimeout");
        let timeout = script.second_factor_timeout_ms;
        let relogin = script.relogin_ms;
        let exit_interval = script.exit_interval_ms;
        let goes_on = script.devices_stay && !script.devices.is_empty();
        self.choose_device()?;
        if !goes_on {
            self.ask(TITLE);
            self.say("Second Factor Authentication initiated");
        }
        let waited = match factor {
            SecondFactor::ApprovedAfterMs(after) => after,
            SecondFactor::Never => timeout,
            SecondFactor::Stuck(_) => 0,
        };
        thread::sleep(Duration::from_millis(waited));
        self.running.log.window("dialog", TITLE, "Closed");
        // The real limit is 180 s; the test's own is shorter.
        let seconds = if waited < timeout { waited / 1000 } else { 180 };
        self.say(&format!("Duration since login: {seconds} seconds"));
        if waited >= timeout {
            if !logs_in_again {
                self.say("Re-login after second factor authentication timeout not required");
                return Err(IbcEnd::Never);
            }
            self.say("Re-login after second factor authentication timeout in 5 second");
            thread::sleep(Duration::from_millis(relogin));
            return Ok(false);
        }
        let interval = self
            .settings
            .number("SecondFactorAuthenticationExitInterval", 60);
        if logs_in_again {
            self.say(&format!(
                "If login has not completed, IBC will exit in {interval} seconds"
            ));
        }
        if !matches!(factor, SecondFactor::Stuck(true)) {
            return Ok(true);
        }
        if !logs_in_again {
            return Err(IbcEnd::Never);
        }
        thread::sleep(Duration::from_millis(exit_interval));
        let why = "IBC closing because login has not completed after Second Factor Authentication";
        self.running.log.say_end(end::SECOND_FACTOR_STUCK, why);
        Err(IbcEnd::Exit(end::SECOND_FACTOR_STUCK))
    }
}
