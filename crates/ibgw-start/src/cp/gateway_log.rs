//! What the Gateway prints, and what can be learned from it.

use anyhow::Context;
use ib_cli::{Exit, OrExit, Result, Secret};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How much of the log is read: the Gateway prints a dozen lines in its whole life.
const ENOUGH: u64 = 256 * 1024;

/// How many of the last lines an error quotes.
const LAST_LINES: usize = 3;

/// How many letters of a line an error quotes.
const LONGEST: usize = 300;

/// The file with what one run of the Gateway prints.
pub(crate) struct GatewayLog {
    path: PathBuf,
    file: File,
    /// Where this run begins.
    from: u64,
    /// The keystore's password, which must not be quoted.
    hidden: Option<Secret>,
}

impl GatewayLog {
    /// Opens the file to append to it. A new file has mode 0600.
    pub(crate) fn open(path: &Path, hidden: Option<Secret>) -> Result<Self> {
        let opening = || format!("opening the log {}", path.display());
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .mode(0o600)
            .open(path)
            .with_context(opening)
            .or_exit(Exit::Config)?;
        let from = file
            .metadata()
            .with_context(opening)
            .or_exit(Exit::Config)?
            .len();
        Ok(Self {
            path: path.to_owned(),
            file,
            from,
            hidden,
        })
    }

    /// Refuses a path that could not be opened. No file is made.
    pub(crate) fn check(path: &Path) -> Result<()> {
        let opened = match OpenOptions::new().append(true).read(true).open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                ib_proc::folder::check_writable(path.parent().unwrap_or(path))
            }
            opened => opened.map(|_| ()),
        };
        opened
            .with_context(|| format!("opening the log {}", path.display()))
            .or_exit(Exit::Config)
    }

    /// The path, as the report has it.
    pub(crate) fn path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Another descriptor, for one of the Gateway's streams.
    pub(crate) fn stream(&self) -> Result<File> {
        self.file
            .try_clone()
            .with_context(|| format!("opening the log {}", self.path.display()))
            .or_exit(Exit::Unexpected)
    }

    /// What the Gateway has printed; empty when the log cannot be read again.
    pub(crate) fn output(&self) -> GatewayOutput {
        let mut bytes = Vec::new();
        let mut file = &self.file;
        // A log such as /dev/stderr cannot be read again. Then only the Gateway's answer counts.
        let _ = file
            .seek(SeekFrom::Start(self.from))
            .and_then(|_| file.take(ENOUGH).read_to_end(&mut bytes));
        GatewayOutput {
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The last lines, fit to be shown to a person.
    pub(crate) fn last_words(&self) -> String {
        let output = self.output();
        let lines: Vec<String> = output.news().map(|line| self.fit_to_show(line)).collect();
        match lines.as_slice() {
            [] => "it said nothing of it".to_owned(),
            all => format!(
                "its last words: {}",
                all[all.len().saturating_sub(LAST_LINES)..].join("; ")
            ),
        }
    }

    /// One line without the password, and not too long.
    pub(crate) fn fit_to_show(&self, line: &str) -> String {
        let hidden = self
            .hidden
            .as_ref()
            .and_then(|hidden| std::str::from_utf8(hidden.expose()).ok());
        let shown = hidden.map_or_else(|| line.to_owned(), |hidden| line.replace(hidden, "***"));
        // Cut after the replacement: half a password would not be recognised.
        let letters = shown.chars().filter(|letter| !letter.is_control());
        letters.take(LONGEST).collect()
    }
}

/// What the Gateway has printed so far.
pub(crate) struct GatewayOutput {
    text: String,
}

impl GatewayOutput {
    /// The lines, without stack traces and without lines that carry a session.
    fn sentences(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| is_sentence(line))
    }

    /// The lines without the banner, which is the same each time.
    fn news(&self) -> impl Iterator<Item = &str> {
        let mut in_banner = false;
        let outside = self.text.lines().filter(move |line| {
            in_banner |= line.starts_with("****");
            let is_news = !in_banner && !line.starts_with("App ");
            in_banner &= !line.starts_with("Open http");
            is_news
        });
        outside.filter(|line| is_sentence(line))
    }

    /// The line with these words in it.
    pub(crate) fn line_with(&self, words: &str) -> Option<&str> {
        self.text.lines().find(|line| line.contains(words))
    }

    /// Why the Gateway cannot listen: it prints the reason and runs on without a listener (seen with build a27ed42).
    pub(crate) fn listen_failure(&self) -> Option<&str> {
        self.line_with("Server listen failed")
    }

    /// Whether the Gateway refuses the settings. The reason follows in the next lines.
    pub(crate) fn refuses_settings(&self) -> bool {
        self.line_with("Failed to load configuration file")
            .is_some()
    }

    /// Why the Gateway refuses the settings.
    pub(crate) fn refusal(&self) -> Option<&str> {
        let known = self.line_with("Unable to find property");
        known.or_else(|| {
            let mut after = self
                .sentences()
                .skip_while(|line| !line.contains("Failed to load configuration file"));
            after.nth(1)
        })
    }

    /// The version in the banner: a commit and a date.
    pub(crate) fn build(&self) -> Option<String> {
        let line = self
            .text
            .lines()
            .find_map(|line| line.trim().strip_prefix("version:"))?;
        Some(line.trim().to_owned()).filter(|build| !build.is_empty())
    }
}

fn is_sentence(line: &str) -> bool {
    let is_a_trace = line.starts_with(char::is_whitespace);
    let lower = line.to_lowercase();
    let carries_a_session = lower.contains("cookie") || lower.contains("xyzab");
    line.contains(char::is_alphanumeric) && !is_a_trace && !carries_a_session
}
