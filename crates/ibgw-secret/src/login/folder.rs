//! A directory with a file for each part, as Docker, Kubernetes and systemd make them.

use super::file_names::{self, FileName};
use crate::part::LoginPart;
use anyhow::Context;
use ib_cli::{Error, Exit, Mode, OrExit, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The directory and the names in it.
pub(crate) struct LoginFolder {
    given: PathBuf,
    real: PathBuf,
    files: Vec<String>,
}

/// A file of the directory that holds a part.
pub(crate) struct FoundFile {
    /// Where it really is, with links followed.
    pub(crate) path: PathBuf,
    /// Its name in the directory.
    pub(crate) file: String,
    /// The mode whose login it is for, by its name; `None` when it is for both.
    pub(crate) of: Option<Mode>,
}

/// A file with one of the names that a part's file may have.
struct Candidate<'a> {
    file: &'a str,
    name: &'static FileName,
    /// `None` is older than every version.
    version: Option<u64>,
}

impl LoginFolder {
    /// Lists a directory.
    pub(crate) fn list(given: &Path) -> Result<Self> {
        let context = || format!("reading the directory {}", given.display());
        let real = given
            .canonicalize()
            .with_context(context)
            .or_exit(Exit::Config)?;
        let mut files = Vec::new();
        for entry in fs::read_dir(&real)
            .with_context(context)
            .or_exit(Exit::Config)?
        {
            let name = entry
                .with_context(context)
                .or_exit(Exit::Config)?
                .file_name();
            files.extend(name.into_string());
        }
        files.sort();
        Ok(Self {
            given: given.to_owned(),
            real,
            files,
        })
    }

    /// The file of a part in a login of this mode; `None` if there is none.
    ///
    /// # Errors
    /// `Config` when several files could be it, when it is for one mode and no mode is given, or when it is a link that
    /// leads outside.
    pub(crate) fn find(&self, part: LoginPart, mode: Option<Mode>) -> Result<Option<FoundFile>> {
        if let Some(found) = self.named_by_variable(part, mode)? {
            return Ok(Some(found));
        }
        self.find_named(file_names::of_part(part), part.spoken(), mode)
    }

    /// The file under one of these names; the highest version wins.
    pub(crate) fn find_named(
        &self,
        names: &'static [FileName],
        spoken: &str,
        mode: Option<Mode>,
    ) -> Result<Option<FoundFile>> {
        let mut candidates: Vec<_> = self
            .files
            .iter()
            .filter_map(|file| Candidate::of(file, names))
            .collect();
        let is_of_one = |candidate: &&Candidate| candidate.name.of.is_some();
        if let (None, Some(candidate)) = (mode, candidates.iter().find(is_of_one)) {
            return Err(self.undecided(candidate, spoken));
        }
        let of_mode = candidates.iter().any(|found| found.name.of == mode);
        candidates.retain(|found| found.name.of == mode.filter(|_| of_mode));
        let mut without_version = candidates.iter().filter(|found| found.version.is_none());
        if let (Some(one), Some(other)) = (without_version.next(), without_version.next()) {
            return Err(self.torn(one, other, spoken));
        }
        let Some(best) = candidates.iter().max_by_key(|found| found.version) else {
            return Ok(None);
        };
        let is_rival = |found: &&Candidate| {
            found.name.text != best.name.text
                || found.version == best.version && found.file != best.file
        };
        if let Some(rival) = candidates.iter().find(is_rival) {
            return Err(self.torn(best, rival, spoken));
        }
        self.follow(best.file, spoken).map(|path| {
            Some(FoundFile {
                path,
                file: best.file.to_owned(),
                of: best.name.of,
            })
        })
    }

    /// The file that a variable such as `TWS_PASSWORD_FILE` names.
    fn named_by_variable(&self, part: LoginPart, mode: Option<Mode>) -> Result<Option<FoundFile>> {
        let variables = file_names::variables(part).iter();
        let set = variables.filter_map(|(variable, of)| {
            let path = std::env::var_os(variable).filter(|path| !path.is_empty())?;
            (of.is_none() || *of == mode).then(|| (*variable, *of, PathBuf::from(path)))
        });
        // The variable for the mode wins over the one for both.
        let Some((variable, of, path)) = set.max_by_key(|(_, of, _)| of.is_some()) else {
            return Ok(None);
        };
        let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
        let file = path.file_name().and_then(|name| name.to_str());
        let Some(file) = file.filter(|_| parent.as_ref() == Some(&self.real)) else {
            let message = format!(
                "{variable} names a file that is not in {} (give --{} file:PATH)",
                self.given.display(),
                part.flag()
            );
            return Err(Error::new(Exit::Config, message));
        };
        let path = self.follow(file, part.spoken())?;
        let file = file.to_owned();
        Ok(Some(FoundFile { path, file, of }))
    }

    /// Where a file really is. A link must stay inside the directory.
    fn follow(&self, file: &str, spoken: &str) -> Result<PathBuf> {
        let shown = self.given.join(file);
        let context = || format!("reading {spoken} from {}", shown.display());
        let real = self
            .real
            .join(file)
            .canonicalize()
            .with_context(context)
            .or_exit(Exit::Config)?;
        if !real.starts_with(&self.real) {
            let message = format!("{}: it is a link to outside of the directory", context());
            return Err(Error::new(Exit::Config, message));
        }
        Ok(real)
    }

    fn torn(&self, one: &Candidate, other: &Candidate, spoken: &str) -> Error {
        let mut files = [one.file, other.file];
        files.sort_unstable();
        let message = format!(
            "two files for {spoken} in {}: {} and {} (keep one)",
            self.given.display(),
            files[0],
            files[1]
        );
        Error::new(Exit::Config, message)
    }

    fn undecided(&self, candidate: &Candidate, spoken: &str) -> Error {
        let message = format!(
            "reading {spoken} from {}: {} is for one mode only, and no setting says which mode to use (give --mode)",
            self.given.display(),
            candidate.file
        );
        Error::new(Exit::Config, message)
    }
}

impl<'a> Candidate<'a> {
    fn of(file: &'a str, names: &'static [FileName]) -> Option<Self> {
        let lower = file.to_ascii_lowercase();
        let stem = lower
            .strip_suffix(".secret")
            .or_else(|| lower.strip_suffix(".txt"))
            .unwrap_or(&lower);
        let (stem, version) = without_version(stem);
        let name = names.iter().find(|name| name.text == stem)?;
        Some(Self {
            file,
            name,
            version,
        })
    }
}

/// The name without its version, and the version.
///
/// A Docker secret cannot be changed, so its successor gets another name: `IBEAM_ACCOUNT_v2` (docker-secret
/// documentation, "Rotate a secret").
fn without_version(stem: &str) -> (&str, Option<u64>) {
    let (head, digits) = stem.split_at(
        stem.trim_end_matches(|end: char| end.is_ascii_digit())
            .len(),
    );
    let base = ["_v", "-v", ".v"]
        .into_iter()
        .find_map(|mark| head.strip_suffix(mark));
    match (base, digits.parse()) {
        (Some(base), Ok(version)) => (base, Some(version)),
        _ => (stem, None),
    }
}
