//! No circle of files: two files of a crate that use each other, directly or over others, are one thing cut in two.

pub(crate) mod paths;

use super::files::{crate_folders, is_rust, shown};
use crate::support::{below, read};
use paths::{passed_paths, paths};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file by its place below `src`: `["ibc", "course"]` is `src/ibc/course.rs`, `[]` is `src/lib.rs`.
type Module = Vec<String>;

/// The sources of one crate.
type Sources = BTreeMap<Module, String>;

/// Paths under which something is passed on, each with the path where it is.
type PassedOn = BTreeMap<Module, Module>;

/// Circles that may stay, by crate and folder below `src`.
const ALLOWED: [(&str, &str); 1] = [
    // A model of a world, whose parts act on each other; it is compiled for its own tests alone.
    ("ib-guard", "simulation"),
];

/// One file names something that is in another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Use {
    from: Module,
    line: usize,
    to: Module,
    item: String,
}

/// The circles, each as the uses that make it. A file and those in the folder of its name may use each other.
fn circles(sources: &Sources) -> Vec<Vec<Use>> {
    let passed_on = passed_on(sources);
    let uses: Vec<Use> = sources
        .keys()
        .flat_map(|from| uses(from, sources, &passed_on))
        .collect();
    let mut done: BTreeSet<&Module> = BTreeSet::new();
    let mut circles = Vec::new();
    for module in sources.keys() {
        let reached = reached(module, &uses);
        let circle: BTreeSet<&Module> = reached
            .iter()
            .filter(|other| self::reached(other, &uses).contains(module))
            .copied()
            .collect();
        if circle.is_empty() || !done.insert(module) {
            continue;
        }
        done.extend(&circle);
        let is_inside = |one: &&Use| circle.contains(&one.from) && circle.contains(&one.to);
        circles.push(uses.iter().filter(is_inside).cloned().collect());
    }
    circles
}

/// What a file uses of others, its parents and children excepted. What a file passes on (`pub use`) is used of the file
/// that has it.
fn uses(from: &Module, sources: &Sources, passed_on: &PassedOn) -> Vec<Use> {
    let is_family = |to: &Module| from.starts_with(to) || to.starts_with(from);
    let mut uses = Vec::new();
    for (line, path) in paths(&sources[from]) {
        let Some((to, item)) = origin(named(from, &path), sources, passed_on) else {
            continue;
        };
        if !is_family(&to) {
            uses.push(Use {
                from: from.clone(),
                line,
                to,
                item: if item.is_empty() {
                    "all".to_owned()
                } else {
                    item.join("::")
                },
            });
        }
    }
    uses
}

/// The file that has what a path names, and the name in it. A name that is passed on is followed to where it is, unless
/// it gets another name on the way (`as`).
fn origin(path: Module, sources: &Sources, passed_on: &PassedOn) -> Option<(Module, Module)> {
    let mut lengths = (0..=path.len()).rev();
    let length = lengths.find(|length| sources.contains_key(&path[..*length]))?;
    let passed = path.get(..=length).and_then(|name| passed_on.get(name));
    match passed {
        Some(next) if !path.starts_with(next) => origin(next.clone(), sources, passed_on),
        Some(_) | None => Some((path[..length].to_vec(), path[length..].to_vec())),
    }
}

/// What the files pass on: the path under which it is named, and the path where it is.
fn passed_on(sources: &Sources) -> PassedOn {
    let mut passed_on = PassedOn::new();
    for (module, source) in sources {
        for path in passed_paths(source) {
            let is_relative = !["crate", "super", "self"].contains(&path[0]);
            let there = if is_relative {
                named(module, &[&["self"], &path[..]].concat())
            } else {
                named(module, &path)
            };
            if let Some(name) = there.last().cloned() {
                passed_on.insert([module.clone(), vec![name]].concat(), there);
            }
        }
    }
    passed_on
}

/// The names of a path, counted from the crate.
pub(crate) fn named(from: &Module, path: &[&str]) -> Module {
    let mut named = if path[0] == "crate" {
        Module::new()
    } else {
        from.clone()
    };
    for segment in path {
        match *segment {
            "crate" | "self" | "*" => {}
            "super" => drop(named.pop()),
            name => named.push(name.to_owned()),
        }
    }
    named
}

/// All that a file uses, directly or over others.
fn reached<'a>(from: &'a Module, uses: &'a [Use]) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut ahead = vec![from];
    while let Some(module) = ahead.pop() {
        let next = uses.iter().filter(|one| one.from == *module);
        ahead.extend(next.map(|one| &one.to).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The sources below a folder, without those of tests and of circles that may stay.
fn sources(folder: &Path) -> Sources {
    let source = folder.join("src");
    let files = below(&source).into_iter().filter(|path| is_rust(path));
    let read_module = |path: PathBuf| {
        let below_source = path
            .strip_prefix(&source)
            .expect("it is below")
            .with_extension("");
        let parts = below_source
            .iter()
            .map(|part| part.to_string_lossy().into_owned());
        let module: Module = parts.filter(|part| part != "lib").collect();
        (module, read(&path))
    };
    let is_looked_at = |module: &Module| {
        let is_allowed = ALLOWED.iter().any(|(name, part)| {
            folder.ends_with(name) && module.first().is_some_and(|first| first == part)
        });
        !is_allowed && !module.iter().any(|part| part == "tests" || part == "main")
    };
    let all = files.map(read_module);
    all.filter(|(module, _)| is_looked_at(module)).collect()
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle() {
    let mut found = String::new();
    for folder in crate_folders() {
        let file = |module: &Module| {
            let name = if module.is_empty() {
                "lib".to_owned()
            } else {
                module.join("/")
            };
            shown(&folder.join("src").join(name + ".rs"))
        };
        for circle in circles(&sources(&folder)) {
            for one in circle {
                let Use {
                    from,
                    line,
                    to,
                    item,
                } = &one;
                found += &format!("{}:{line} uses {item} of {}\n", file(from), file(to));
            }
            found += "\n";
        }
    }
    assert!(
        found.is_empty(),
        "break each circle: move what both sides need into a file of its own, or up into the parent:\n{found}"
    );
}

fn made_up(files: &[(&str, &str)]) -> Sources {
    let module = |name: &str| name.split('/').map(str::to_owned).collect();
    let files = files.iter();
    files
        .map(|(name, source)| (module(name), (*source).to_owned()))
        .collect()
}

#[test]
fn a_circle_of_three_files_is_found() {
    let sources = made_up(&[
        ("a", "//! A.\nuse crate::b::B;\n"),
        ("b", "use super::{d::D, c::{self, C as Other}};\n"),
        ("c", "\n\nfn go() { crate::a::go() }\n"),
        ("d", "use std::fmt;\n"),
        ("e", "use crate::a::A;\n"),
    ]);
    let found = circles(&sources);
    assert_eq!(found.len(), 1, "{found:?}");
    let shown = |one: &Use| format!("{}:{} {} {}", one.from[0], one.line, one.to[0], one.item);
    let uses: Vec<_> = found[0].iter().map(shown).collect();
    assert_eq!(uses, ["a:2 b B", "b:1 c all", "b:1 c C", "c:3 a go"]);
}

#[test]
fn a_circle_over_what_the_parent_passes_on_is_found() {
    let sources = made_up(&[
        (
            "a",
            "mod b;\nmod c;\npub(crate) use b::B;\npub use c::{C, d::D};\n",
        ),
        ("a/b", "use super::D;\n"),
        ("a/c", "use crate::a::Other;\n"),
        ("a/c/d", "use crate::a::B;\n"),
    ]);
    let found = circles(&sources);
    assert_eq!(found.len(), 1, "{found:?}");
    let shown = |one: &Use| format!("{} {}", one.from.join("/"), one.to.join("/"));
    let uses: Vec<_> = found[0].iter().map(shown).collect();
    assert_eq!(uses, ["a/b a/c/d", "a/c/d a/b"]);
}

#[test]
fn a_parent_and_its_child_are_no_circle() {
    let sources = made_up(&[
        ("a", "mod b;\nuse self::b::B;\n"),
        ("a/b", "use super::A;\nuse crate::a::Other;\n"),
    ]);
    assert_eq!(circles(&sources), Vec::<Vec<Use>>::new());
}

#[test]
fn what_comments_and_tests_name_makes_no_circle() {
    let sources = made_up(&[
        ("a", "use crate::b::B;\n"),
        (
            "b",
            "// use crate::a::A;\n/// As [`crate::a`].\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n",
        ),
    ]);
    assert_eq!(circles(&sources), Vec::<Vec<Use>>::new());
}
