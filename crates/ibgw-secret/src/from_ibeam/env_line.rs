//! One line of a file of IBeam's settings: `NAME=VALUE`, a name alone, or a form that is not read.

use super::value;

/// What a line is.
pub(super) enum EnvLine<'a> {
    /// A blank line, a comment, or a line without a setting of IBeam's.
    Nothing,
    /// `NAME=VALUE`.
    Value(&'a str, &'a str),
    /// A name alone: its value is in the environment.
    Name(&'a str),
    /// It names a setting in a form that is not read; the text says which, as a sentence goes on.
    Unread(&'static str),
}

impl<'a> EnvLine<'a> {
    /// Reads what `docker run --env-file` reads, and `export` before it, which a shell and Compose take.
    ///
    /// Any other form has its own rules for quotes, comments and variables, so the tool would have to guess at secrets.
    pub(super) fn parse(line: &'a str) -> Self {
        let line = line.trim_start_matches(BLANKS);
        if line.starts_with('#') || !names_a_setting(line) {
            return Self::Nothing;
        }
        let bare = match line.strip_prefix("export") {
            Some(rest) if rest.starts_with(BLANKS) => rest.trim_start_matches(BLANKS),
            _ => line,
        };
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (bare.trim_end(), None),
        };
        if !is_name(name) {
            return Self::Unread(form(line, name));
        }
        let value = value.unwrap_or_default();
        if value::has_a_setting(value) {
            // Such as `Environment=NAME=VALUE`, or two settings in one line.
            return Self::Unread("it has another setting behind the first =");
        }
        if value.ends_with(" \\") || value.ends_with("\t\\") {
            return Self::Unread("it goes on in the next line, as in a shell or a Dockerfile");
        }
        match name.get(..PREFIX.len()) {
            Some(PREFIX) if name.bytes().any(|letter| letter.is_ascii_lowercase()) => {
                Self::Unread("its name has letters in lower case")
            }
            Some(PREFIX) if bare.contains('=') => Self::Value(name, value),
            Some(PREFIX) => Self::Name(name),
            Some(start) if start.eq_ignore_ascii_case(PREFIX) => {
                Self::Unread("its name has letters in lower case")
            }
            _ => Self::Nothing,
        }
    }
}

/// How each setting's name begins.
pub(super) const PREFIX: &str = "IBEAM_";

const BLANKS: [char; 2] = [' ', '\t'];

/// Whether a variable can have this name.
pub(super) fn is_name(name: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
    !name.is_empty() && name.bytes().all(is_letter)
}

/// Whether a line may name a setting, in any form.
fn names_a_setting(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["ibeam_", "ibeam-", "ibeam."]
        .iter()
        .any(|start| line.contains(start))
}

/// The likely form of a line whose part before the `=` is not a name.
fn form(line: &str, name: &str) -> &'static str {
    let lower = line.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if is_name(name.trim()) {
        "it has blanks beside its name"
    } else if begins(&["env ", "env\t", "arg ", "arg\t"]) {
        "it is a line of a Dockerfile"
    } else if begins(&[
        "set ",
        "set\t",
        "setx ",
        "@set ",
        "$env:",
        "${env:",
        "[environment]",
    ]) {
        "it is a command of Windows"
    } else if lower.starts_with("-e") || lower.contains(" -e") || lower.contains("--env") {
        "it is a part of a docker command"
    } else if lower.starts_with("environment") && lower.contains('=') {
        "it is a line of a unit"
    } else if begins(&["- ", "{", "\"", "'"]) || lower.contains(':') {
        "it is YAML or JSON, as in a Compose file or a manifest"
    } else {
        "it is of another form"
    }
}
