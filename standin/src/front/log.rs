//! The Gateway's log files, which hold session cookies and the session key in clear (seen with
//! build a27ed42): tests look for them.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// How much is written, as logback counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing, or at most what never happens here.
    Quiet,
    /// Cookies.
    Info,
    /// The session key too.
    Debug,
}

/// A log, or none.
pub(crate) struct FrontLog {
    level: Level,
    directory: PathBuf,
}

impl FrontLog {
    /// A log that is not kept.
    pub(crate) fn none() -> Self {
        Self {
            level: Level::Quiet,
            directory: PathBuf::new(),
        }
    }

    /// A log below `directory`, at the root level a `logback.xml` asks for.
    pub(crate) fn below(directory: PathBuf, logback: &str) -> Self {
        let root = logback.split("<root").nth(1).unwrap_or_default();
        let level = root
            .split('"')
            .nth(1)
            .unwrap_or("DEBUG")
            .to_ascii_uppercase();
        let level = match level.as_str() {
            "OFF" | "ERROR" | "WARN" => Level::Quiet,
            "INFO" => Level::Info,
            _ => Level::Debug,
        };
        Self { level, directory }
    }

    /// Notes what a jar has kept.
    pub(crate) fn cookies(&self, kept: &[String]) {
        if !kept.is_empty() {
            self.write(Level::Info, &format!("INFO  set cookies {kept:?}"));
        }
    }

    /// Notes something of interest to developers only.
    pub(crate) fn debug(&self, text: &str) {
        self.write(Level::Debug, &format!("DEBUG {text}"));
    }

    /// Notes something that went wrong or was refused.
    pub(crate) fn info(&self, text: &str) {
        self.write(Level::Info, &format!("INFO  {text}"));
    }

    fn write(&self, level: Level, line: &str) {
        if level > self.level {
            return;
        }
        let path = self.directory.join(format!("gw.{}.log", today()));
        // A gateway whose log cannot be written runs on.
        let _ = fs::create_dir_all(&self.directory);
        if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
            let _ = writeln!(file, "{line}");
        }
    }
}

/// The date in UTC, from days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", civil_from_days).
fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day = days % 146_097;
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let rest = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * rest + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{:02}",
        rest - (153 * shifted + 2) / 5 + 1
    )
}
