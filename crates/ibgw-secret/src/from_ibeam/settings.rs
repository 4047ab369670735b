//! IBeam's settings, which are all variables.

use super::env_line::{EnvLine, PREFIX, is_name};
use ib_cli::{Error, Exit, Result, Secret, SecretText, encoding_problem};
use std::env;

/// One setting.
struct Variable {
    name: String,
    /// Empty when it is set to nothing, or when a file only names it and the environment does not have it.
    value: SecretText,
    /// Whether its value comes from our environment.
    is_in_environment: bool,
    /// Whether it had another value before this one.
    is_repeated: bool,
}

/// The variables whose names begin with `IBEAM_`, each once, in their order.
pub(super) struct IbeamSettings {
    variables: Vec<Variable>,
    /// The file they are from, as it was given; `None` for the environment.
    pub(super) file: Option<String>,
}

impl IbeamSettings {
    pub(super) fn from_environment() -> Self {
        let mut settings = Self {
            variables: Vec::new(),
            file: None,
        };
        for (name, value) in env::vars_os() {
            settings.put(&name.to_string_lossy(), &value.to_string_lossy(), true);
        }
        settings
            .variables
            .sort_by(|one, other| one.name.cmp(&other.name));
        settings
    }

    /// Reads a file with one setting on each line.
    ///
    /// # Errors
    /// `Config` when it is not text, or when a line names a setting in a form that is not read: a lost setting may be
    /// the one that says paper.
    pub(super) fn parse(text: &Secret, name: &str) -> Result<Self> {
        let context = format!("reading IBeam's settings from {name}");
        if let Some(problem) = encoding_problem(text.expose()) {
            return Err(Error::new(Exit::Config, format!("{context}: it {problem}")));
        }
        let mut settings = Self {
            variables: Vec::new(),
            file: Some(name.to_owned()),
        };
        let mut unread = Vec::new();
        let text = text.text("the file of IBeam's settings")?;
        for (number, line) in (1..).zip(text.lines()) {
            match EnvLine::parse(line) {
                EnvLine::Nothing => {}
                EnvLine::Value(name, value) => settings.put(name, value, false),
                EnvLine::Name(name) => {
                    let value = env::var(name).unwrap_or_default();
                    settings.put(name, &value, true);
                }
                EnvLine::Unread(form) => unread.push((number, form)),
            }
        }
        match &unread[..] {
            [] => Ok(settings),
            [(first, form), ..] => {
                let message = format!(
                    "{context}: {} a setting in a form that is not read (line {first}: {form}); write NAME=VALUE on a \
                     line of its own for each setting, as docker exec CONTAINER env prints them",
                    lines(&unread)
                );
                Err(Error::new(Exit::Config, message))
            }
        }
    }

    fn put(&mut self, name: &str, value: &str, is_in_environment: bool) {
        // A text that cannot be a name may be a part of a value.
        if !name.starts_with(PREFIX) || !is_name(name) {
            return;
        }
        // IBeam too takes a variable that is set to nothing for one that is not set.
        let value = if value.trim().is_empty() { "" } else { value };
        let before = self.variables.iter().position(|other| other.name == name);
        // The last one counts.
        let before = before.map(|place| self.variables.remove(place));
        self.variables.push(Variable {
            name: name.to_owned(),
            value: SecretText::new(value),
            is_in_environment,
            is_repeated: before
                .is_some_and(|before| before.is_repeated || before.value.expose() != value),
        });
    }

    /// Refuses to go on without any setting.
    ///
    /// # Errors
    /// `Config` when there is none.
    pub(super) fn require_any(&self) -> Result<()> {
        if self.variables.is_empty() {
            let from = self.file.as_deref().unwrap_or("the environment");
            let message = format!(
                "reading IBeam's settings from {from}: no name begins with {PREFIX} (give IBeam's env.list, or run this \
                 where IBeam's variables are set)"
            );
            return Err(Error::new(Exit::Config, message));
        }
        Ok(())
    }

    /// The value of a variable; `None` when it is not set, or set to nothing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.find(name)?.value.expose();
        (!value.is_empty()).then(|| value.trim_end_matches(['\r', '\n']))
    }

    /// Whether it had another value before the one that counts.
    pub(super) fn is_repeated(&self, name: &str) -> bool {
        self.find(name).is_some_and(|found| found.is_repeated)
    }

    /// Whether the value comes from our environment, not from a file.
    pub(super) fn is_in_environment(&self, name: &str) -> bool {
        self.find(name).is_some_and(|found| found.is_in_environment)
    }

    fn find(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|other| other.name == name)
    }

    /// The names, also of those that are set to nothing.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }
}

/// "line 3 has", or "lines 3, 4 and 5 have", the first few of them.
fn lines(unread: &[(usize, &str)]) -> String {
    const SHOWN: usize = 5;
    let numbers: Vec<String> = unread
        .iter()
        .take(SHOWN)
        .map(|(number, _)| number.to_string())
        .collect();
    let more = unread.len() - numbers.len();
    match (&numbers[..], more) {
        ([one], _) => format!("line {one} has"),
        ([first @ .., last], 0) => format!("lines {} and {last} have", first.join(", ")),
        (all, more) => format!("lines {} and {more} more have", all.join(", ")),
    }
}
