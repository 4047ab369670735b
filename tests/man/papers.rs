//! README, CHANGELOG and the form of the pages.

use super::page::Page;
use super::tools;
use crate::support::{entries, read, repository};
use std::collections::BTreeSet;
use std::path::Path;
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

/// The papers in Markdown: those at the top, and those in docs/.
pub(crate) fn papers() -> Vec<String> {
    let folders = [repository().to_owned(), repository().join("docs")];
    let all = folders.iter().flat_map(|folder| entries(folder));
    let papers = all.filter(|path| is_markdown(path));
    papers
        .map(|path| {
            let path = path.strip_prefix(repository()).expect("it is below");
            path.to_str().expect("UTF-8").to_owned()
        })
        .collect()
}

/// What a heading is called in a link, as GitHub writes it.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

/// The anchors of a paper's headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut is_code = false;
    let headings = text.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#')
    });
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    for paper in papers() {
        let text = read(&paper);
        let folder = repository().join(&paper);
        let folder = folder.parent().expect("it lies in a folder");
        let targets = text.split("](").skip(1);
        let in_pictures = text.split("srcset=\"").chain(text.split("src=\"")).skip(1);
        let targets = targets.filter_map(|rest| rest.split(')').next());
        let pictures = in_pictures.filter_map(|rest| rest.split('"').next());
        let pictures = pictures.filter(|target| target.ends_with(".svg"));
        for target in targets
            .chain(pictures)
            .filter(|target| !target.contains("://"))
        {
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match path {
                "" => repository().join(&paper),
                path => folder.join(path),
            };
            assert!(
                file.exists(),
                "{paper} links to {target}, which is not there"
            );
            if !heading.is_empty() && is_markdown(&file) {
                let there = std::fs::read_to_string(&file).expect("a paper can be read");
                assert!(
                    anchors(&there).contains(heading),
                    "{paper} links to {target}, a heading which is not there"
                );
            }
        }
    }
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "md")
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
