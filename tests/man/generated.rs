//! What the pages and the completions take from the programs is as the programs have it.

use super::tools;
use crate::support::{below, read, repository};
use ib_testkit::pages::{GeneratedFile, generated};
use std::collections::BTreeSet;

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
