//! The error of a library that parses must not reach a person: the code drops it, or makes an `ib_cli::Unreadable` of it.

use super::files::{product, sources};
use std::collections::BTreeSet;

/// What reads a text, and whose error may quote it.
const READERS: [&str; 18] = [
    "serde_json::from_",
    "next_token(",
    "pem_slice_iter",
    "from_pem_",
    "Document::parse",
    "Cert::from_",
    "CertParser::from_",
    "DecryptorBuilder::from_",
    "PacketParser::from_",
    "ParsedCertificate::try_from",
    "try_from_base32",
    "STANDARD.decode",
    "Fernet::new",
    "key.decrypt(",
    "any_supported_type",
    "humantime::parse",
    "::from_utf8(",
    "parse_http_date",
];

/// What shows that an error is not passed on, somewhere in the statement or the next one.
const ENDS: [&str; 16] = [
    ".ok()",
    ".err()",
    "|_|",
    "Err(_)",
    "_ => ",
    "let Ok(",
    "Some(Ok(",
    ".is_ok()",
    ".is_err()",
    "unwrap_or",
    "Unreadable",
    "unreadable)",
    "place)",
    "sentence(&error",
    "in_our_words(",
    "is_of_unknown_version(&error)",
];

/// A statement with the one behind it, from the first of its lines: enough to see where its error goes.
fn statement<'a>(lines: &[&'a str], from: usize) -> Vec<&'a str> {
    let mut ends = 0;
    let is_within = |line: &&&str| {
        let is_within = ends < 2;
        ends += usize::from(line.trim_end().ends_with([';', '}']));
        is_within
    };
    let begin = from.saturating_sub(2);
    let before = lines[begin..from].iter().copied();
    before
        .chain(lines[from..].iter().take_while(is_within).copied())
        .collect()
}

#[test]
fn what_a_library_says_of_a_text_goes_no_further() {
    let (mut unseen, mut found) = (BTreeSet::from(READERS), String::new());
    for (path, source) in sources() {
        // Tests may show any error.
        let lines: Vec<&str> = product(&source).lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if is_comment || !READERS.iter().any(|reader| line.contains(reader)) {
                continue;
            }
            unseen.retain(|reader| !line.contains(reader));
            let statement = statement(&lines, number).join("\n");
            if !ENDS.iter().any(|end| statement.contains(end)) {
                let place = format!("{}:{}", path.display(), number + 1);
                found += &format!("{place}\n{statement}\n\n");
            }
        }
    }
    assert!(
        found.is_empty(),
        "a library's error may go on to a person here (drop it, or make an ib_cli::Unreadable of it):\n{found}"
    );
    assert!(unseen.is_empty(), "no source has {unseen:?}");
}
