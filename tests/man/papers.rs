//! README, CHANGELOG and the form of the pages.

use super::page::Page;
use super::tools;
use crate::support::{read, repository};
use std::process::Command;

#[test]
fn the_changelog_has_a_heading_for_every_tool() {
    let changelog = read("CHANGELOG.md");
    for tool in tools() {
        let heading = format!("### {}", tool.get_name());
        assert!(
            changelog.lines().any(|line| line == heading),
            "CHANGELOG.md has no {heading:?}:\n{changelog}"
        );
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    for paper in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/security.md",
        "docs/dropped-session.md",
    ] {
        let text = read(paper);
        let folder = repository().join(paper);
        let folder = folder.parent().expect("it lies in a folder");
        let targets = text.split("](").skip(1);
        let targets = targets.filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| !target.is_empty() && !target.contains("://")) {
            assert!(
                folder.join(target).exists(),
                "{paper} links to {target}, which is not there"
            );
        }
    }
}

#[test]
fn readme_names_no_page_that_is_not_there() {
    let readme = read("README.md");
    let paths = readme.split(['`', ' ', '\n', '(', ')']);
    let pages = paths.filter(|path| path.starts_with("man/"));
    for page in pages {
        assert!(repository().join(page).exists(), "README.md names {page}");
    }
}

#[test]
fn every_page_pleases_mandoc() {
    let pages = Page::all();
    let files = pages.iter().map(|page| format!("man/{}", page.name));
    let mut mandoc = Command::new("mandoc");
    mandoc.args(["-T", "lint", "-W", "warning"]).args(files);
    let output = mandoc.current_dir(repository()).output();
    let output = output.expect("mandoc runs (scripts/setup installs it)");
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{mandoc:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn there_is_a_page_for_every_tool_and_no_other() {
    let mut expected: Vec<String> = tools()
        .iter()
        .map(|tool| format!("{}.1", tool.get_name()))
        .collect();
    expected.push("ib-tools.7".to_owned());
    expected.sort();
    let there: Vec<String> = Page::all().into_iter().map(|page| page.name).collect();
    assert_eq!(there, expected, "left: man/; right: the tools");
}
