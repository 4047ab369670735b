//! IBeam's settings: all of them are variables.

use crate::text::encoding_problem;
use ib_cli::{Error, Exit, Result, Secret};
use std::env;
use zeroize::Zeroizing;

/// One of them.
struct Variable {
    name: String,
    value: Zeroizing<String>,
    /// Whether its value is in our environment, whatever names it.
    is_in_environment: bool,
}

/// The variables whose names begin with `IBEAM_`, each once, in their order.
pub(super) struct Settings {
    variables: Vec<Variable>,
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
            settings.put(&name, &value, true);
        }
        settings
            .variables
            .sort_by(|one, other| one.name.cmp(&other.name));
        settings
    }

    /// Reads what `docker run --env-file` reads: a line for each variable, nothing quoted, `#` before a comment; a name
    /// alone has its value in the environment. A shell reads `export` before it, and so does Compose.
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
            let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
            match line.split_once('=') {
                _ if line.starts_with('#') => {}
                Some((name, value)) => settings.put(name, value, false),
                None => {
                    let value = env::var(line.trim_end()).unwrap_or_default();
                    settings.put(line.trim_end(), &value, true);
                }
            }
        }
        Ok(settings)
    }

    fn put(&mut self, name: &str, value: &str, is_in_environment: bool) {
        let is_name = name
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
        // One that is set to nothing is not set, for IBeam too; and what is no name may be a value.
        if !name.starts_with("IBEAM_") || !is_name || value.trim().is_empty() {
            return;
        }
        // The last one counts.
        self.variables.retain(|other| other.name != name);
        self.variables.push(Variable {
            name: name.to_owned(),
            value: Zeroizing::new(value.to_owned()),
            is_in_environment,
        });
    }

    /// The value of a variable; `None` when it is not set.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.find(name)?;
        Some(found.value.trim_end_matches(['\r', '\n']))
    }

    /// Whether the value is in our environment, and in no file.
    pub(super) fn is_in_environment(&self, name: &str) -> bool {
        self.find(name).is_some_and(|found| found.is_in_environment)
    }

    fn find(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|other| other.name == name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }
}
