//! The two families of drivers: how each prints its port, which options it takes, and what its errors mean.

use super::options::BrowserOptions;
use super::{chromium, firefox};
use fantoccini::wd::Capabilities;
use ib_cli::Exit;
use serde_json::json;

/// A family of drivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DriverFamily {
    /// chromedriver.
    Chromium,
    /// geckodriver.
    Firefox,
}

impl DriverFamily {
    /// The family and the port in a line of a driver's output; `None` for any other line.
    pub(crate) fn of_line(line: &str) -> Option<(Self, u16)> {
        let port_in = |text: &str| text.trim_end_matches('.').parse().ok();
        // "ChromeDriver was started successfully on port 41565."
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return Some((Self::Chromium, port_in(port)?));
        }
        // "1795648132497\tgeckodriver\tINFO\tListening on 127.0.0.1:42905"
        let (_, address) = line.split_once("Listening on ")?;
        let (_, port) = address.rsplit_once(':')?;
        Some((Self::Firefox, port_in(port)?))
    }

    /// The family of a driver by its answer to `GET /status`: chromedriver gives its name, geckodriver does not.
    pub(crate) fn of_status(answer: &str) -> Self {
        if answer.contains("ChromeDriver") {
            Self::Chromium
        } else {
            Self::Firefox
        }
    }

    /// The capabilities with which a session opens.
    pub(crate) fn capabilities(self, options: &BrowserOptions<'_>) -> Capabilities {
        let (key, mut own) = match self {
            Self::Chromium => ("goog:chromeOptions", chromium::options(options)),
            Self::Firefox => ("moz:firefoxOptions", firefox::options(options)),
        };
        if let Some(binary) = options.binary {
            own["binary"] = json!(binary);
        }
        let capabilities = json!({
            // The Gateway's own certificate names no host and expired long ago; other hosts need a good one.
            "acceptInsecureCerts": options.is_loopback,
            // A script puts the form into the page, so the page's own load event says little.
            "pageLoadStrategy": "none",
            key: own,
        });
        capabilities.as_object().cloned().unwrap_or_default()
    }

    /// Whether the driver says that there is no browser.
    pub(crate) fn finds_no_browser(self, error: &str) -> bool {
        let words: &[&str] = match self {
            Self::Chromium => &["annot find", "no chrome binary"],
            Self::Firefox => &["unable to find binary"],
        };
        words.iter().any(|word| error.contains(word))
    }

    /// The exit for a session that did not open, and what to do.
    pub(crate) fn failure(self, error: &str) -> (Exit, &'static str) {
        let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
        match self {
            // "This version of ChromeDriver only supports Chrome version 120"
            _ if says(&["only supports", "Unsupported Marionette protocol"]) => (
                Exit::Missing,
                " (install browser and driver of one version)",
            ),
            Self::Chromium if self.finds_no_browser(error) => (
                Exit::Missing,
                " (apt install chromium, or give --browser PATH)",
            ),
            Self::Firefox if self.finds_no_browser(error) => (
                Exit::Missing,
                " (apt install firefox-esr, or give --browser PATH)",
            ),
            Self::Firefox
                if says(&["not a Firefox executable", "matching set of capabilities"]) =>
            {
                (Exit::Missing, " (geckodriver drives Firefox alone)")
            }
            Self::Chromium => (
                Exit::Unexpected,
                " (as root and in containers it wants --browser-arg=--no-sandbox)",
            ),
            Self::Firefox => (
                Exit::Unexpected,
                " (does the browser start by hand, with --headless?)",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_the_port_of_either_driver_and_of_nothing_else() {
        for (line, heard) in [
            (
                "ChromeDriver was started successfully on port 41565.",
                Some((DriverFamily::Chromium, 41565)),
            ),
            (
                "1795648132497\tgeckodriver\tINFO\tListening on 127.0.0.1:42905",
                Some((DriverFamily::Firefox, 42905)),
            ),
            ("Only local connections are allowed on port 41565.", None),
            ("*** You are running in headless mode.", None),
            ("Listening on 127.0.0.1:http", None),
        ] {
            assert_eq!(DriverFamily::of_line(line), heard, "{line}");
        }
    }

    #[test]
    fn tells_what_is_missing_from_what_went_wrong() {
        for (family, error, exit) in [
            (
                DriverFamily::Chromium,
                "session not created: This version of ChromeDriver only supports Chrome version 120",
                Exit::Missing,
            ),
            (
                DriverFamily::Chromium,
                "session not created: Chrome failed to start: exited normally.",
                Exit::Unexpected,
            ),
            (
                DriverFamily::Firefox,
                "Expected browser binary location, but unable to find binary in default location",
                Exit::Missing,
            ),
            (
                DriverFamily::Firefox,
                "Unsupported Marionette protocol version 2, required 3",
                Exit::Missing,
            ),
            (
                DriverFamily::Firefox,
                "Process (pid=1) unexpectedly closed with status 1",
                Exit::Unexpected,
            ),
        ] {
            assert_eq!(family.failure(error).0, exit, "{error}");
        }
    }
}
