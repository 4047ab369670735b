//! Java, as far as the Gateway needs it: the program behind `jre/bin/java`.

mod command;
mod gateway;
mod knobs;
mod signals;

use command::JavaCommand;
use std::io::{self, Write};
use std::process::ExitCode;

/// The main class of the Gateway.
const MAIN_CLASS: &str = "ibgroup.web.core.clientportal.gw.GatewayStart";

/// Runs as Java with these arguments.
pub(crate) fn run(words: Vec<String>) -> ExitCode {
    if let Ok(options) = std::env::var("JAVA_TOOL_OPTIONS") {
        complain(&format!("Picked up JAVA_TOOL_OPTIONS: {options}"));
    }
    match JavaCommand::read(words) {
        JavaCommand::Version => {
            for line in knobs::version() {
                complain(&line);
            }
            ExitCode::SUCCESS
        }
        JavaCommand::Unknown(option) => {
            complain(&format!("Unrecognized option: {option}"));
            complain("Error: Could not create the Java Virtual Machine.");
            complain("Error: A fatal exception has occurred. Program will exit.");
            ExitCode::FAILURE
        }
        JavaCommand::Main {
            class_path,
            class,
            arguments,
        } => {
            if class != MAIN_CLASS || !class_path.has_the_gateway() {
                complain(&format!("Error: Could not find or load main class {class}"));
                complain(&format!(
                    "Caused by: java.lang.ClassNotFoundException: {class}"
                ));
                return ExitCode::FAILURE;
            }
            gateway::run(&class_path, &arguments)
        }
    }
}

fn say(line: &str) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
