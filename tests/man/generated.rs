//! What the pages and the completions take from the programs is as the programs have it.

use super::tools;
use crate::support::{below, read, repository};
use ib_testkit::pages::{GeneratedFile, generated};
use std::collections::BTreeSet;
use std::process::Command;

fn files() -> Vec<GeneratedFile> {
    generated(repository(), &tools()).expect("the pages can be read")
}

#[test]
fn every_generated_part_is_as_the_programs_have_it() {
    for file in files() {
        let there = read(&file.path);
        let differs = there
            .lines()
            .zip(file.text.lines())
            .find(|(is, should)| is != should);
        assert!(
            there == file.text,
            "{} is out of date ({differs:?}): run `cargo run --locked --example generate`",
            file.path
        );
    }
}

/// `In` is a macro of mdoc: as a reader sees the page, not as it is written.
#[test]
fn each_group_of_flags_is_a_heading_that_a_reader_sees() {
    for tool in tools() {
        let mut mandoc = Command::new("mandoc");
        let page = repository().join(format!("man/{}.1", tool.get_name()));
        let shown = mandoc.args(["-T", "html"]).arg(page).output();
        let shown = shown
            .expect("mandoc runs (scripts/setup installs it)")
            .stdout;
        let shown = String::from_utf8_lossy(&shown).into_owned();
        // It breaks lines.
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let groups: BTreeSet<&str> = tool
            .get_arguments()
            .filter_map(clap::Arg::get_help_heading)
            .collect();
        assert!(groups.len() > 1, "{}: {groups:?}", tool.get_name());
        for group in groups {
            let heading = format!(">{group}</a>");
            assert!(shown.contains(&heading), "{}: {group}", tool.get_name());
        }
    }
}

#[test]
fn there_is_no_completion_of_another_program() {
    let expected: BTreeSet<_> = files()
        .into_iter()
        .map(|file| repository().join(file.path))
        .collect();
    let there = below(&repository().join("scripts/completions"));
    for file in there.into_iter().filter(|path| path.is_file()) {
        assert!(
            expected.contains(&file),
            "{file:?} is generated from no program"
        );
    }
}
