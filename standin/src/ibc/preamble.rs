//! What IBC prints before it does anything.

use super::log::IbcLog;
use super::running::RunningIbGateway;
use super::settings::ConfigIni;

/// Prints the settings, once they are read, and the properties of its Java.
pub(crate) fn print(running: &RunningIbGateway, settings: &ConfigIni) {
    let log = &running.log;
    log.raw("IBC Settings:");
    for (key, value) in settings.shown() {
        let is_hidden = ["IbLoginId", "FIXLoginId"].contains(&key);
        log.raw(&format!(
            "    {key}={}",
            if is_hidden { "***" } else { value }
        ));
    }
    log.raw("    IbPassword=***");
    log.raw("End IBC Settings\n");
    // The file is read and told of before anything else is done (`IbcTws.setupDefaultEnvironment`, then `load`).
    log.say("version: 3.24.1");
    properties(log);
    let folder = running.start.settings.display();
    log.say(&format!("TWS Settings directory is: {folder}"));
}

/// What `IbcTws.printProperties` prints: the properties of a Java 17, without those of the user.
fn properties(log: &IbcLog) {
    let text = include_str!("system_properties.txt");
    let text = text.replace("@JARS@", "/opt/Jts/ibgateway/1045/jars/total-2024.jar");
    let rule = "-".repeat(60);
    log.raw("System Properties");
    log.raw(&rule);
    for line in text.replace("@JAVA@", "/opt/Jts/jre").lines() {
        log.raw(line);
    }
    log.raw(&rule);
}
