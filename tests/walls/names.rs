//! Names: of types, of predicates, of modules.

use super::files::{crate_folders, is_rust, shown};
use crate::support::{below, read, repository};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Words of speech and of change: a module is named for the thing that it holds.
const ORAL_FAMILY: [&str; 10] = [
    "told", "said", "heard", "asked", "tell", "meaning", "became", "gone", "kept", "brought",
];

/// The Rust files of all crates' libraries, by crate and by path.
fn library_files() -> Vec<PathBuf> {
    let sources = crate_folders().into_iter().map(|folder| folder.join("src"));
    let files = sources.flat_map(|folder| below(&folder));
    let mut files: Vec<_> = files.filter(|path| is_rust(path)).collect();
    files.sort();
    assert!(files.len() > 50, "{files:?}");
    files
}

/// The type that a line declares for other files, if it does.
fn declared_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (visibility, rest) = line.split_once(' ')?;
    if visibility != "pub" && !visibility.starts_with("pub(") {
        return None;
    }
    let (keyword, rest) = rest.split_once(' ')?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    ["struct", "enum", "trait", "type"]
        .contains(&keyword)
        .then(|| name.into_iter().next())
        .flatten()
}

/// The predicates (`is_…`, `has_…`, `are_…`) that return a `Result`, each with its line.
fn failing_predicates(source: &str) -> Vec<(usize, String)> {
    let starts = source.match_indices("fn ").filter(|(at, _)| {
        let name = &source[at + 3..];
        ["is_", "has_", "are_"]
            .iter()
            .any(|start| name.starts_with(start))
    });
    let failing = starts.filter(|(at, _)| returned(&source[*at..]).contains("Result"));
    failing
        .map(|(at, _)| {
            let name = source[at + 3..].split(['(', '<']).next();
            let line = source[..at].matches('\n').count() + 1;
            (line, name.unwrap_or_default().to_owned())
        })
        .collect()
}

/// The type that a function returns, from its `fn` on: the text between its arguments and its body.
fn returned(function: &str) -> &str {
    let mut depth = 0;
    let end = function.find(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => return false,
        }
        depth == 0
    });
    let rest = &function[end.unwrap_or(function.len())..];
    rest.split(['{', ';']).next().unwrap_or_default()
}

/// The parts of a module's path that belong to the oral family.
fn oral_parts(below_source: &Path) -> Vec<String> {
    let parts = below_source.with_extension("");
    let parts = parts.iter().map(|part| part.to_string_lossy().into_owned());
    parts
        .filter(|part| ORAL_FAMILY.contains(&&**part))
        .collect()
}

#[test]
fn no_public_type_has_the_name_of_another() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in library_files() {
        for (number, line) in read(&path).lines().enumerate() {
            if let Some(name) = declared_type(line) {
                let place = format!("{}:{}", shown(&path), number + 1);
                places.entry(name.to_owned()).or_default().push(place);
            }
        }
    }
    assert!(places.len() > 100, "{places:?}");
    let twice = places.iter().filter(|(_, places)| places.len() > 1);
    let twice: Vec<_> = twice
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(
        twice.is_empty(),
        "a name stands for one type in the whole workspace; rename all but one:\n{}",
        twice.join("\n")
    );
}

#[test]
fn no_predicate_returns_a_result() {
    let tests = below(&repository().join("tests"));
    let folders = crate_folders().into_iter();
    let files = folders.flat_map(|folder| below(&folder)).chain(tests);
    let mut found = Vec::new();
    for path in files.filter(|path| is_rust(path)) {
        for (line, name) in failing_predicates(&read(&path)) {
            found.push(format!("{}:{line}: {name}", shown(&path)));
        }
    }
    found.sort();
    assert!(
        found.is_empty(),
        "a predicate returns bool; call what can fail check_…, require_… or by a verb:\n{}",
        found.join("\n")
    );
}

#[test]
fn no_module_is_of_the_oral_family() {
    let mut found = Vec::new();
    let tests = repository().join("tests");
    let sources = crate_folders().into_iter().map(|folder| folder.join("src"));
    for source in sources.chain([tests]) {
        for path in below(&source).into_iter().filter(|path| is_rust(path)) {
            let below_source = path.strip_prefix(&source).expect("it is below");
            if !oral_parts(below_source).is_empty() {
                found.push(shown(&path));
            }
        }
    }
    found.sort();
    assert!(
        found.is_empty(),
        "name a module for the thing that it holds, and not {ORAL_FAMILY:?}:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_declared_type_is_seen_with_any_visibility() {
    assert_eq!(declared_type("pub struct Exit<T>(T);"), Some("Exit"));
    assert_eq!(declared_type("    pub(crate) enum Mode {"), Some("Mode"));
    assert_eq!(declared_type("pub type Leaf = ("), Some("Leaf"));
    for other in ["struct Own;", "pub fn run() {", "pub use exit::Exit;", ""] {
        assert_eq!(declared_type(other), None, "{other}");
    }
}

#[test]
fn a_predicate_that_returns_a_result_is_seen_over_several_lines() {
    // So that this file is not found itself.
    let function = "fn";
    let source = format!(
        "{function} is_free(&self) -> bool {{ a() }}\n\
         {function} has_done(look: impl Fn() -> Result<()>) -> bool {{}}\n\
         pub {function} are_free(\n    port: u16,\n    look: impl Fn(u16) -> bool,\n) -> io::Result<bool>\n{{\n}}\n"
    );
    assert_eq!(failing_predicates(&source), [(3, "are_free".to_owned())]);
}

#[test]
fn a_module_and_a_folder_of_the_oral_family_are_seen() {
    assert_eq!(oral_parts(Path::new("told/words.rs")), ["told"]);
    assert_eq!(oral_parts(Path::new("report/said.rs")), ["said"]);
    assert!(oral_parts(Path::new("forget_told.rs")).is_empty());
}
