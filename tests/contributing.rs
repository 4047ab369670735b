//! CONTRIBUTING.md, held to the files that it names and to the words of ib-tools(7).

use crate::support::{entries, read, repository};

/// The text below a heading, up to the next one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("CONTRIBUTING.md has no heading {heading:?}"));
    rest.split("\n## ").next().unwrap_or_default()
}

/// The rows of a table in a section, without its head, as cells.
fn rows(section: &str) -> Vec<Vec<&str>> {
    let lines = section.lines().filter(|line| line.starts_with("| "));
    lines.skip(1).map(cells).collect()
}

fn cells(row: &str) -> Vec<&str> {
    let inner = row.trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(str::trim).collect()
}

/// The words of a cell that stand between two marks.
fn marked<'a>(cell: &'a str, mark: &str) -> Vec<&'a str> {
    cell.split(mark).skip(1).step_by(2).collect()
}

/// What is wrong with one row: files that are not there, words that no file has, files that have none of the words.
fn faults(row: &[&str], read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let [subject, open, look_for] = row else {
        return vec![format!("not three cells: {row:?}")];
    };
    let (paths, words) = (marked(open, "`"), marked(look_for, "`"));
    let mut faults = Vec::new();
    if paths.is_empty() || words.is_empty() {
        faults.push(format!("{subject}: it names no file, or no words"));
    }
    let mut unseen = words.clone();
    for path in paths {
        let Some(text) = read(path) else {
            faults.push(format!("{subject}: {path} is not there"));
            continue;
        };
        unseen.retain(|word| !text.contains(word));
        if !words.iter().any(|word| text.contains(word)) {
            faults.push(format!("{subject}: {path} has none of {words:?}"));
        }
    }
    if faults.is_empty() {
        let missing = unseen
            .iter()
            .map(|word| format!("{subject}: no file of it has {word:?}"));
        faults.extend(missing);
    }
    faults
}

#[test]
fn what_the_table_of_changes_names_is_there() {
    let text = read("CONTRIBUTING.md");
    let rows = rows(section(&text, "I want to change …"));
    assert!(rows.len() >= 12, "{rows:?}");
    let on_disk = |path: &str| std::fs::read_to_string(repository().join(path)).ok();
    let found: Vec<_> = rows.iter().flat_map(|row| faults(row, on_disk)).collect();
    assert!(
        found.is_empty(),
        "CONTRIBUTING.md, I want to change …:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_row_that_is_stale_is_seen() {
    let read = |path: &str| (path == "a.rs").then(|| "const PENALTY: u8 = 4;".to_owned());
    let seen = |row: &[&str]| faults(row, read);
    assert_eq!(seen(&["a delay", "`a.rs`", "`const PENALTY`"]), [""; 0]);
    assert_eq!(
        seen(&["a delay", "`b.rs`", "`const PENALTY`"]),
        ["a delay: b.rs is not there"]
    );
    assert_eq!(
        seen(&["a delay", "`a.rs`", "`const PAUSE`"]),
        ["a delay: a.rs has none of [\"const PAUSE\"]"]
    );
    assert_eq!(
        seen(&["a delay", "`a.rs`", "`const PENALTY`, `const PAUSE`"]),
        ["a delay: no file of it has \"const PAUSE\""]
    );
    assert_eq!(
        seen(&["a delay", "a.rs", "`PENALTY`"]),
        ["a delay: it names no file, or no words"]
    );
    assert_eq!(
        seen(&["a delay", "`a.rs`"]),
        ["not three cells: [\"a delay\", \"`a.rs`\"]"]
    );
}

#[test]
fn the_glossary_has_every_word_of_the_manual() {
    let text = read("CONTRIBUTING.md");
    let rows = rows(section(&text, "Words"));
    let ours: Vec<_> = rows
        .iter()
        .flat_map(|row| marked(row[0], "**").into_iter().chain(marked(row[1], "**")))
        .collect();
    let manual = read("man/ib-tools.7");
    let (_, words) = manual.split_once("\n.Sh WORDS\n").expect("it has them");
    let words = words.split("\n.El\n").next().unwrap_or_default();
    let items = words.lines().filter_map(|line| line.strip_prefix(".It "));
    let items: Vec<_> = items
        .flat_map(|item| item.split([',', ';']))
        .map(str::trim)
        .collect();
    assert!(items.len() >= 20, "{items:?}");
    let missing: Vec<_> = items.iter().filter(|item| !ours.contains(item)).collect();
    assert!(missing.is_empty(), "not in CONTRIBUTING.md: {missing:?}");
}

#[test]
fn the_fuzz_targets_name_tests_that_are_there() {
    let mut seen = 0;
    for file in entries(&repository().join("fuzz/fuzz_targets")) {
        let text = read(&file);
        let words = text
            .split_whitespace()
            .map(|word| word.trim_end_matches('.'));
        for path in words.filter(|word| word.starts_with("crates/")) {
            let fault = format!("{file:?} names {path}");
            assert!(
                repository().join(path).exists(),
                "{fault}, which is not there"
            );
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen} tests were named");
}

#[test]
fn it_is_short_enough_to_read() {
    let lines = read("CONTRIBUTING.md").lines().count();
    assert!(lines < 200, "CONTRIBUTING.md has {lines} lines");
}

/// The modules that a filter of nextest names, as paths below `tests` without an end: `login/crashes`.
fn filtered_modules(settings: &str) -> Vec<String> {
    let filters = settings.split("test(").skip(1);
    let filters = filters.filter_map(|rest| rest.lines().next());
    let paths = filters.filter_map(|rest| rest.trim_start_matches("/^").split_once("::"));
    paths
        .flat_map(|(folder, rest)| {
            let end = rest.find([':', '/', ' ']).unwrap_or(rest.len());
            let names = rest[..end].trim_matches(['(', ')', '\'']).split('|');
            names.map(move |name| format!("{folder}/{name}"))
        })
        .collect()
}

#[test]
fn the_tests_that_nextest_treats_apart_are_there() {
    let filtered = filtered_modules(&read(".config/nextest.toml"));
    assert!(filtered.len() > 20, "{filtered:?}");
    for module in filtered {
        let file = format!("tests/{module}.rs");
        assert!(
            repository().join(&file).exists(),
            "{file}, in .config/nextest.toml, is not there"
        );
    }
}

#[test]
fn each_way_to_name_a_module_in_a_filter_is_read() {
    let settings = "test(/^login::(codes|page)::/) + test(scripts::booted) + test(rate) + test(/^tws::start::.*x/)";
    let found = filtered_modules(settings);
    assert_eq!(
        found,
        ["login/codes", "login/page", "scripts/booted", "tws/start"]
    );
}
