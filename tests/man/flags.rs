//! Flags and variables: the same in clap, on the pages, and in the list of known names.

use super::page::Page;
use super::{long_flags, tools};
use crate::support::read;
use std::collections::BTreeSet;

#[test]
fn every_flag_is_explained_on_its_tools_page() {
    for tool in tools() {
        let page = Page::of(tool.get_name());
        let (has, explained) = (long_flags(&tool), page.flags_explained());
        assert_eq!(
            has,
            explained,
            "left: what {} has; right: what {} explains with .It Fl",
            tool.get_name(),
            page.name
        );
    }
}

#[test]
fn no_page_names_a_flag_that_its_tool_lacks() {
    for tool in tools() {
        let page = Page::of(tool.get_name());
        let has = long_flags(&tool);
        let named = page.flags_named();
        let lacking: Vec<_> = named.difference(&has).collect();
        assert!(
            lacking.is_empty(),
            "{} names {lacking:?} (another tool's flag is marked up as .Li)",
            page.name
        );
    }
    let has: BTreeSet<String> = tools().iter().flat_map(long_flags).collect();
    let named = Page::named("ib-tools.7").flags_named();
    let lacking: Vec<_> = named.difference(&has).collect();
    assert!(lacking.is_empty(), "ib-tools.7 names {lacking:?}");
}

#[test]
fn every_variable_is_known_and_no_other() {
    let without_variable = ["help", "version", "verbose", "errors"];
    let mut variables = BTreeSet::new();
    for tool in tools() {
        let family = tool.get_name().split('-').next().expect("a name");
        let flags = long_flags(&tool).into_iter();
        let flags = flags.filter(|flag| !without_variable.contains(&flag.as_str()));
        variables.extend(flags.map(|flag| ib_cli::variable(family, &flag)));
    }
    let variables: Vec<_> = variables.iter().map(String::as_str).collect();
    let known = read("crates/variables.txt");
    let known: Vec<_> = known.lines().collect();
    assert_eq!(
        variables, known,
        "left: the tools' variables; right: crates/variables.txt"
    );
}
