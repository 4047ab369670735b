//! When IBKR locks a username: every page and comment says it in the same way.

use crate::support::{below, repository};
use std::fs;

/// IBKR's rule ("Account security", ibkr.info).
const RULE: &str = "ten failed logins in a row within 24 hours";

/// The sentences of a text, without line breaks and the marks of comments.
fn sentences(text: &str) -> Vec<String> {
    let lines = text.lines();
    let words = lines.flat_map(|line| line.trim_start().trim_start_matches('/').split_whitespace());
    let words: Vec<&str> = words.collect();
    let text = words.join(" ");
    text.split(". ").map(str::to_owned).collect()
}

/// Whether a sentence says after how many failures IBKR locks.
fn says_when(sentence: &str) -> bool {
    let words = sentence.to_lowercase();
    let mut parts = words.split(|letter: char| !letter.is_alphanumeric());
    words.contains("ibkr locks a username") && parts.any(|part| matches!(part, "ten" | "10"))
}

#[test]
fn every_page_says_in_the_same_words_when_ibkr_locks() {
    let mut found = Vec::new();
    let folders = ["man", "docs", "crates", "standin/src"];
    let ours = folders
        .iter()
        .flat_map(|folder| below(&repository().join(folder)));
    let papers = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];
    for path in ours.chain(papers.map(|paper| repository().join(paper))) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for sentence in sentences(&text).iter().filter(|it| says_when(it)) {
            assert!(sentence.contains(RULE), "{}: {sentence}", path.display());
            found.push(path.clone());
        }
    }
    for page in ["README.md", "man/ibgw-login.1", "man/ib-tools.7"] {
        assert!(
            found.contains(&repository().join(page)),
            "{page} does not say it"
        );
    }
}
