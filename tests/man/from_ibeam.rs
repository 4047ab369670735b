//! docs/from-ibeam.md: each variable of IBeam and of the IB Gateway images, with what takes its place.

use super::{long_flags, tools};
use crate::support::{Tool, read};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The sections with a table of variables.
const OF_IBEAM: &str = "IBeam's variables";
const OF_IMAGES: &str = "Variables of the images";
const UNKNOWN: &str = "Variables without a warning";

/// One row of a table.
struct Row {
    /// What it is about: one or more variables.
    variables: Vec<String>,
    /// The cells behind them.
    cells: String,
}

/// The rows about variables in a section of the page.
fn rows(heading: &str) -> Vec<Row> {
    let page = read("docs/from-ibeam.md");
    let section = page.split(&format!("\n## {heading}\n")).nth(1);
    let section = section.unwrap_or_else(|| panic!("the page has no section {heading:?}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.map(|row| {
        let (variables, cells) = row.split_once(" | ").expect("two cells");
        Row {
            variables: marked(&format!("`{variables}"))
                .map(str::to_owned)
                .collect(),
            cells: cells.to_owned(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() > 5, "{heading}: {} rows", rows.len());
    rows
}

/// The variables in a section, in order, each as often as it stands there.
fn variables(heading: &str) -> Vec<String> {
    let mut variables: Vec<String> = rows(heading)
        .into_iter()
        .flat_map(|row| row.variables)
        .collect();
    variables.sort();
    variables
}

/// What stands between backquotes.
fn marked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The flags in a text, with their dashes.
fn flags(text: &str) -> impl Iterator<Item = &str> {
    let words = text
        .split_whitespace()
        .filter(|word| word.starts_with("--"));
    words.map(|word| {
        let flag = word.split('=').next().unwrap_or_default();
        flag.trim_end_matches([',', ';', ':', '.', ')'])
    })
}

/// The variables of IBeam that `from-ibeam` has an answer for.
fn known_of_ibeam() -> Vec<String> {
    let source = read("crates/ibgw-secret/src/from_ibeam/variables.rs")
        + &read("crates/ibgw-secret/src/from_ibeam/plan.rs");
    let words = source.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let known = words.filter(|word| word.starts_with("IBEAM_") && *word != "IBEAM_");
    let known: BTreeSet<String> = known.map(str::to_owned).collect();
    assert!(known.len() > 80, "{known:?}");
    known.into_iter().collect()
}

/// The strings of a table in a source file.
fn strings(path: &str, head: &str) -> Vec<String> {
    let source = read(path);
    let table = source.split(head).nth(1).expect("a table");
    let table = table.split("];").next().expect("its end");
    let strings = table.split('"').skip(1).step_by(2);
    strings.map(str::to_owned).collect()
}

/// The variables of the images that `ibgw-start` warns of, with its answers.
fn replaced() -> BTreeMap<String, String> {
    let strings = strings(
        "crates/ibgw-start/src/tws/image_variables.rs",
        "[(&str, &str); ",
    );
    let pairs = strings.chunks(2);
    pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

/// The variables of the images that the programs know: those that they warn of, and those that they read.
fn known_of_images() -> Vec<String> {
    let read = strings("crates/ib-tws/src/trading_mode.rs", "const VARIABLES");
    assert_eq!(read.len(), 2, "{read:?}");
    let known: BTreeSet<String> = replaced().into_keys().chain(read).collect();
    known.into_iter().collect()
}

/// The cells of a variable's row.
#[track_caller]
fn cells_of<'a>(rows: &'a [Row], variable: &str) -> &'a str {
    let row = rows
        .iter()
        .find(|row| row.variables.iter().any(|name| name == variable));
    &row.unwrap_or_else(|| panic!("{variable} has no row")).cells
}

/// Each known variable stands on the page once, and no other.
#[track_caller]
fn has_each_once(heading: &str, known: &[String]) {
    let here = variables(heading);
    let count = |name: &String| here.iter().filter(|other| *other == name).count();
    let missing: Vec<_> = known.iter().filter(|name| count(name) == 0).collect();
    let unknown: Vec<_> = here.iter().filter(|name| !known.contains(name)).collect();
    let repeated: Vec<_> = here.iter().filter(|name| count(name) > 1).collect();
    assert!(
        missing.is_empty() && unknown.is_empty() && repeated.is_empty(),
        "{heading:?} of docs/from-ibeam.md lacks {missing:?}, has {repeated:?} more than once, and {unknown:?}, which \
         no program knows"
    );
}

#[test]
fn every_variable_that_from_ibeam_knows_has_one_place_on_the_page() {
    has_each_once(OF_IBEAM, &known_of_ibeam());
}

#[test]
fn every_variable_of_the_images_has_one_place_on_the_page() {
    has_each_once(OF_IMAGES, &known_of_images());
}

#[test]
fn a_variable_without_a_warning_is_one_that_no_program_knows() {
    let here = variables(UNKNOWN);
    let once: BTreeSet<&String> = here.iter().collect();
    assert_eq!(once.len(), here.len(), "each once: {here:?}");
    let known = known_of_images();
    let warned: Vec<_> = here.iter().filter(|name| known.contains(name)).collect();
    assert!(
        warned.is_empty(),
        "{warned:?} stand in {UNKNOWN:?}, and a program knows them"
    );
}

#[test]
fn every_flag_and_variable_given_in_their_place_exists() {
    let tools = tools();
    let all: BTreeSet<String> = tools.iter().flat_map(long_flags).collect();
    let known = read("crates/variables.txt");
    for row in [OF_IBEAM, OF_IMAGES, UNKNOWN].into_iter().flat_map(rows) {
        for span in marked(&row.cells) {
            // A quoted text is for another program.
            let own: String = span.split('\'').step_by(2).collect();
            let first = own.split_whitespace().next().unwrap_or_default();
            let tool = tools.iter().find(|tool| tool.get_name() == first);
            let has = tool.map_or_else(|| all.clone(), long_flags);
            for flag in flags(&own) {
                assert!(
                    has.contains(flag.trim_start_matches('-')),
                    "{:?}: `{span}` has no such flag {flag}",
                    row.variables
                );
            }
            if first.starts_with("IBGW_") || first.starts_with("IBSSO_") {
                assert!(
                    known.lines().any(|line| line == first),
                    "{:?}: no tool reads {first}",
                    row.variables
                );
            }
        }
    }
}

#[test]
fn the_page_gives_each_flag_that_the_programs_give() {
    let settings = read("tests/secret/ibeam.list");
    let tool = Tool::new("ibgw-secret").args(["from-ibeam", "-", "--only", "variables"]);
    let ran = tool.stdin(settings).run().exits(0);
    let answers = ran.stdout.lines().filter_map(|line| {
        let (name, answer) = line.strip_prefix("# ")?.split_once(": ")?;
        Some((name.to_owned(), answer.to_owned()))
    });
    let answers: Vec<_> = answers.collect();
    assert!(answers.len() > 80, "{}", ran.all());
    let of_ibeam = rows(OF_IBEAM);
    let of_images = rows(OF_IMAGES);
    let answers = answers.into_iter().map(|answer| (&of_ibeam, answer));
    let answers = answers.chain(replaced().into_iter().map(|answer| (&of_images, answer)));
    for (rows, (name, answer)) in answers {
        let cells = cells_of(rows, &name);
        for flag in flags(&answer) {
            assert!(
                cells.contains(flag),
                "{name}: {flag} is in the program's answer, {answer:?}, and not in the row, {cells:?}"
            );
        }
    }
}

/// The first block of this language behind a text of the page.
fn block_after<'a>(page: &'a str, text: &str, language: &str) -> &'a str {
    let rest = page.split(text).nth(1).unwrap_or_default();
    let rest = rest.split(&format!("\n```{language}\n")).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("no block of {language} behind {text:?}"));
    rest.split("\n```\n").next().unwrap_or_default()
}

#[test]
fn the_output_on_the_page_is_that_of_the_program() {
    let page = read("docs/from-ibeam.md");
    let settings = block_after(&page, "With these settings", "text");
    let output = |part: &str| {
        let tool = Tool::new("ibgw-secret").args(["from-ibeam", "env.list", "--only", part]);
        fs::write(tool.folder.path().join("env.list"), settings).expect("a file can be written");
        tool.run().exits(0).stdout
    };
    let shown = block_after(&page, "With these settings", "console");
    let printed = format!("{}\n{}", output("variables"), output("commands"));
    assert_eq!(
        shown,
        printed.trim_end(),
        "left: the page; right: the program"
    );
}
