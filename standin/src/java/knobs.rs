//! What tests turn by environment variables of the stand-in's Java.

use std::time::Duration;

/// Turns `-version`'s answer into that of another Java.
pub(crate) fn version() -> [String; 3] {
    let version = std::env::var("IB_STANDIN_JAVA_VERSION").unwrap_or_else(|_| "17.0.15".to_owned());
    [
        format!("openjdk version \"{version}\" 2025-04-15"),
        format!("OpenJDK Runtime Environment (build {version}+6-Debian-1deb12u1)"),
        format!(
            "OpenJDK 64-Bit Server VM (build {version}+6-Debian-1deb12u1, mixed mode, sharing)"
        ),
    ]
}

/// The version alone, as the Gateway prints it.
pub(crate) fn version_number() -> String {
    std::env::var("IB_STANDIN_JAVA_VERSION").unwrap_or_else(|_| "17.0.15".to_owned())
}

/// How long the start takes: `IB_STANDIN_START_DELAY_MS`.
pub(crate) fn start_delay() -> Duration {
    milliseconds("IB_STANDIN_START_DELAY_MS").unwrap_or_default()
}

/// How long the banner comes before the listener: `IB_STANDIN_BANNER_LEAD_MS`. The real one's
/// lead is 100 to 400 ms.
pub(crate) fn banner_lead() -> Duration {
    milliseconds("IB_STANDIN_BANNER_LEAD_MS").unwrap_or(Duration::from_millis(10))
}

/// When it dies: `IB_STANDIN_DIE_AFTER_MS`.
pub(crate) fn die_after() -> Option<Duration> {
    milliseconds("IB_STANDIN_DIE_AFTER_MS")
}

/// It prints its banner and never listens: `IB_STANDIN_NEVER_LISTEN=1`.
pub(crate) fn never_listen() -> bool {
    on("IB_STANDIN_NEVER_LISTEN")
}

/// SIGTERM does nothing: `IB_STANDIN_IGNORE_TERM=1`.
pub(crate) fn ignore_term() -> bool {
    on("IB_STANDIN_IGNORE_TERM")
}

fn on(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| value == "1")
}

fn milliseconds(name: &str) -> Option<Duration> {
    std::env::var(name)
        .ok()?
        .parse()
        .ok()
        .map(Duration::from_millis)
}
