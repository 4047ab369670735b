//! One way by which a tool reads a file, met with broken ones.

use super::broken::{CLASSICS, broken};
use super::planted::Planted;
use super::readers::put;
use crate::support::{Tool, below};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// The classics, and some that are broken by chance, other ones than in `readers.rs`.
const CASES: [std::ops::Range<u64>; 2] = [0..CLASSICS, 5000..5006];

/// A tool with files, one of which is broken.
pub(crate) struct Reader<'a> {
    words: &'a str,
    file: &'a [u8],
    planted: &'a Planted,
    /// Others, which stay whole.
    beside: &'a [(&'a str, &'a [u8])],
    /// Settings by their variables.
    variables: &'a [(&'a str, String)],
}

impl<'a> Reader<'a> {
    /// Without other files, and without settings.
    pub(crate) fn of(words: &'a str, file: &'a [u8], planted: &'a Planted) -> Self {
        Self {
            words,
            file,
            planted,
            beside: &[],
            variables: &[],
        }
    }

    pub(crate) fn beside(self, beside: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { beside, ..self }
    }

    pub(crate) fn variables(self, variables: &'a [(&'a str, String)]) -> Self {
        Self { variables, ..self }
    }

    /// Some are refused, and no part of a secret is in the streams, or in what is kept.
    #[track_caller]
    pub(crate) fn shows_nothing(&self) {
        let mut refused = 0;
        for case in CASES.into_iter().flatten() {
            let (tool, given) = self.tool(case, "broken");
            let (output, folder) = self.run(case, tool);
            refused += usize::from(output.status.code() == Some(6));
            for path in files(folder.path()) {
                // The name of a file may give a secret away, too.
                self.is_clean(case, "a path", path.to_string_lossy().as_bytes());
                if !given.contains(&path) {
                    let bytes = fs::read(&path).expect("it can be read");
                    self.is_clean(case, &path.to_string_lossy(), &bytes);
                }
            }
        }
        assert!(refused > 0, "{} refuses none of its files", self.words);
    }

    /// No part of a secret is in the streams, where the broken file lies here and may be kept aside. Its tool says at
    /// least once that it has read the file, by this sign on stderr.
    #[track_caller]
    pub(crate) fn says_nothing_of(&self, place: &str, sign: &str) {
        let mut seen = 0;
        for case in CASES.into_iter().flatten() {
            let (output, _) = self.run(case, self.tool(case, place).0);
            seen += usize::from(String::from_utf8_lossy(&output.stderr).contains(sign));
        }
        assert!(seen > 0, "{} never speaks of {place}", self.words);
    }

    /// The tool with its files, and what they are.
    fn tool(&self, case: u64, place: &str) -> (Tool, Vec<PathBuf>) {
        let mut words = self.words.split_whitespace();
        let mut tool = Tool::new(words.next().expect("a tool"));
        tool = tool.args(words).args(["-v"]);
        for (name, value) in self.variables {
            tool = tool.env(name, value);
        }
        let folder = tool.folder.path().to_owned();
        for (name, bytes) in self.beside {
            put(&folder.join(name), bytes);
        }
        put(&folder.join(place), &broken(self.file, case));
        let given = files(&folder);
        (tool, given)
    }

    #[track_caller]
    fn run(&self, case: u64, tool: Tool) -> (Output, TempDir) {
        let (child, folder) = tool.spawn();
        let output = child.wait_with_output().expect("the tool ends");
        let is_end = output.status.code().is_some_and(|code| code != 101);
        assert!(is_end, "{} (case {case}): {output:?}", self.words);
        self.is_clean(case, "stderr", &output.stderr);
        // What is read well may be printed: that is what some are for.
        if output.status.code() > Some(1) {
            self.is_clean(case, "stdout", &output.stdout);
        }
        (output, folder)
    }

    #[track_caller]
    fn is_clean(&self, case: u64, place: &str, bytes: &[u8]) {
        let shown = self.planted.shown_in(bytes);
        let text = String::from_utf8_lossy(bytes);
        assert!(
            shown.is_none(),
            "{} (case {case}) shows {shown:?} in {place}: {text}",
            self.words
        );
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = below(folder);
    paths.retain(|path| path.is_file());
    paths
}
