//! Examples of the pages, the README and docs/: each is parsed, and those that need no Gateway and no account are run.

mod parsed;
mod run_here;

use super::page::Page;
use super::papers::papers;
use super::tools;
use crate::support::{Ran, read};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// One example and where it stands.
struct Example {
    place: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for page in Page::all() {
        let found = page.examples();
        assert!(!found.is_empty(), "{} has examples", page.name);
        examples.extend(found.into_iter().map(|text| Example {
            place: page.name.clone(),
            text,
        }));
    }
    for place in papers() {
        let text = read(&place);
        let blocks = text.split("```sh\n").skip(1);
        let blocks = blocks.filter_map(|rest| rest.split("```").next());
        examples.extend(blocks.map(|text| Example {
            place: place.clone(),
            text: text.to_owned(),
        }));
    }
    examples
}

/// The tools that an example calls.
fn called(text: &str) -> BTreeSet<String> {
    let names: Vec<String> = tools()
        .iter()
        .map(|tool| tool.get_name().to_owned())
        .collect();
    let words = text.split(|letter: char| letter.is_whitespace() || ";|&".contains(letter));
    let called = words.filter(|word| names.iter().any(|name| name == word));
    called.map(str::to_owned).collect()
}

/// Runs an example in a folder, with nothing to be found but what is in these folders.
fn shell(text: &str, folder: &Path, path: &str, gateway: &str) -> Ran {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", text]).current_dir(folder).env_clear();
    shell
        .env("PATH", path)
        .env("HOME", folder)
        .env("IBGW_URL", gateway);
    shell.env("IBGW_STATE_DIR", folder.join("state"));
    let output = shell.output().expect("a shell runs");
    Ran::from_output(format!("{shell:?} (IBGW_URL={gateway})"), output)
}

/// Puts a token where an example has it.
fn put_token(folder: &Path) {
    let record = r#"{"schema":"ibsso-token/1","state":"issued","access_token":"planted","token_type":"Bearer"}"#;
    put_private(&folder.join("token.json"), record.as_bytes());
}

fn put_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a file can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a mode can be set");
}

#[test]
fn every_source_of_a_secret_has_an_example() {
    let examples = Page::of("ibgw-secret").examples().join("");
    for source in [
        "file:",
        "fd:",
        "cred:",
        "env:",
        "pgp:",
        "gcp:",
        "keyring:",
        "--username -",
        "--dir ",
        "--login ",
        "--ibeam-key ",
        "cmd:pass ",
        "cmd:age ",
        "cmd:op ",
        "cmd:vault ",
        "cmd:aws ",
        "cmd:sops ",
        "cmd:systemd-creds ",
    ] {
        assert!(examples.contains(source), "{source} has none:\n{examples}");
    }
}
