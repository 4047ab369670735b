//! The Java that runs the Gateway: where it is, and whether it is new enough.

use crate::service::programs;
use ib_cli::{Error, Exit, OrExit, Result, keep_passwords_out, read_capped};
use ib_proc::{Deadline, KeeperChild};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The oldest release that runs the Gateway: its classes are compiled for 8.
const OLDEST: u32 = 8;

/// How long Java may take to say which version it is.
const PATIENCE: Duration = Duration::from_secs(20);

/// An installed Java.
pub(crate) struct Java {
    pub(crate) path: PathBuf,
}

impl Java {
    /// Finds the named Java, else the one of `$JAVA_HOME`, else the first in PATH.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self> {
        let home = std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty());
        let path = match (named, home) {
            (Some(path), _) if path.components().count() == 1 => in_path(path),
            (Some(path), _) => program(path),
            (None, Some(home)) => program(&Path::new(&home).join("bin/java")),
            (None, None) => in_path(Path::new("java")),
        }?;
        Ok(Self { path })
    }

    /// Refuses a Java that is too old.
    pub(crate) fn check_version(&self, deadline: Deadline) -> Result<()> {
        // Running Java costs more than all the rest of our work, so the file beside it is read first.
        let version = match self.version_in_release_file() {
            Some(version) => version,
            None => self.ask_version(deadline)?,
        };
        if feature(&version).is_none_or(|feature| feature >= OLDEST) {
            return Ok(());
        }
        let message = format!(
            "{} is Java {version}: the Gateway needs {OLDEST} or newer (install one, or give --java PATH)",
            self.path.display()
        );
        Err(Error::new(Exit::Missing, message))
    }

    /// The `JAVA_VERSION` in the `release` file, which every JDK and JRE since 7 has beside `bin`.
    fn version_in_release_file(&self) -> Option<String> {
        let program = fs::canonicalize(&self.path).ok()?;
        let home = program.parent()?.parent()?;
        let release = fs::read_to_string(home.join("release")).ok()?;
        let line = release
            .lines()
            .find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
        Some(line.trim_matches('"').to_owned())
    }

    /// The version that Java itself prints.
    fn ask_version(&self, deadline: Deadline) -> Result<String> {
        let cannot = |why: &str| {
            let message = format!(
                "asking {} for its version: {why} (install a Java, or give --java PATH)",
                self.path.display()
            );
            Error::new(Exit::Missing, message)
        };
        let program = self.path.to_string_lossy();
        let child = KeeperChild::start(&program, &["-version".to_owned()], None, |command| {
            keep_passwords_out(command);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
        })
        .or_exit(Exit::Unexpected)?;
        let stderr = child.with(|child| child.stderr.take());
        let (sender, receiver) = mpsc::channel();
        // A Java that hangs must not outlast the deadline.
        thread::spawn(move || stderr.map(|stderr| sender.send(read_capped(stderr))));
        let wait = deadline.or_after(PATIENCE).remaining();
        match receiver.recv_timeout(wait) {
            Ok(Ok(output)) => quoted(&String::from_utf8_lossy(output.expose()))
                .ok_or_else(|| cannot("it does not say")),
            Ok(Err(error)) => Err(cannot(&error.to_string())),
            Err(_) => Err(cannot("it does not answer")),
        }
    }
}

/// The text between the first two quotation marks: `openjdk version "17.0.15" 2025-04-15`.
fn quoted(output: &str) -> Option<String> {
    let line = output.lines().find(|line| line.contains(" version \""))?;
    line.split('"').nth(1).map(str::to_owned)
}

/// The release that a version belongs to: 17 for `17.0.15`, 8 for `1.8.0_471`; `None` when the text is not a version.
fn feature(version: &str) -> Option<u32> {
    let mut numbers = version
        .split(|letter: char| !letter.is_ascii_digit())
        .map(|number| number.parse().ok());
    match numbers.next()? {
        // https://openjdk.org/jeps/223: release 9 dropped the leading 1.
        Some(1) => numbers.next()?,
        other => other,
    }
}

/// The first program of this name in PATH.
fn in_path(name: &Path) -> Result<PathBuf> {
    let hint =
        format!("install it; the Gateway needs Java {OLDEST} or newer, --java PATH names one");
    programs::find(&name.to_string_lossy(), &hint)
}

/// A program by its path, made absolute: the Gateway has a working directory of its own.
fn program(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path).ok();
    whole
        .filter(|whole| programs::is_program(whole))
        .ok_or_else(|| {
            let message = format!(
                "{} is not a program that can run (install a Java {OLDEST} or newer, or give --java PATH)",
                path.display()
            );
            Error::new(Exit::Missing, message)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_versions_of_every_vendor() {
        let say = |line: &str| quoted(line).and_then(|version| feature(&version));
        assert_eq!(
            say("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK"),
            Some(17)
        );
        assert_eq!(say("java version \"1.8.0_471\"\nJava(TM) SE"), Some(8));
        assert_eq!(say("java version \"1.7.0_80\""), Some(7));
        assert_eq!(say("openjdk version \"25-ea\" 2025-09-16"), Some(25));
        assert_eq!(
            say("Picked up JAVA_TOOL_OPTIONS: -Dx=\"1\"\nopenjdk version \"11.0.13\""),
            Some(11)
        );
        assert_eq!(say("bash: nonsense"), None);
    }
}
