//! IBeam's settings: all of them are variables.

use crate::text::encoding_problem;
use ib_cli::{Error, Exit, Result, Secret};
use std::env;
use zeroize::Zeroizing;

/// The variables whose names begin with `IBEAM_`, each once, in their order.
pub(super) struct Settings {
    variables: Vec<(String, Zeroizing<String>)>,
    /// The file they are from, as it was given; `None` for the environment.
    pub(super) file: Option<String>,
}

impl Settings {
    pub(super) fn from_environment() -> Self {
        let mut settings = Self {
            variables: Vec::new(),
            file: None,
        };
        for (name, value) in env::vars_os() {
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            settings.put(&name, &value);
        }
        settings
            .variables
            .sort_by(|(one, _), (other, _)| one.cmp(other));
        settings
    }

    /// Reads what `docker run --env-file` reads: a line for each variable, nothing quoted, `#` before a comment; a name
    /// alone has its value in the environment.
    pub(super) fn parse(text: &Secret, name: &str) -> Result<Self> {
        if let Some(problem) = encoding_problem(text.expose()) {
            let message = format!("reading IBeam's settings from {name}: it {problem}");
            return Err(Error::new(Exit::Config, message));
        }
        let mut settings = Self {
            variables: Vec::new(),
            file: Some(name.to_owned()),
        };
        for line in text.text("the file of IBeam's settings")?.lines() {
            let line = line.trim_start();
            match line.split_once('=') {
                _ if line.starts_with('#') => {}
                Some((name, value)) => settings.put(name, value),
                None => {
                    let value = env::var(line.trim_end()).unwrap_or_default();
                    settings.put(line.trim_end(), &value);
                }
            }
        }
        Ok(settings)
    }

    fn put(&mut self, name: &str, value: &str) {
        let is_name = name
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
        // One that is set to nothing is not set, for IBeam too; and what is no name may be a value.
        if !name.starts_with("IBEAM_") || !is_name || value.trim().is_empty() {
            return;
        }
        // The last one counts.
        self.variables.retain(|(other, _)| other != name);
        self.variables
            .push((name.to_owned(), Zeroizing::new(value.to_owned())));
    }

    /// The value of a variable; `None` when it is not set.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.trim_end_matches(['\r', '\n']))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(name, _)| name.as_str())
    }
}
