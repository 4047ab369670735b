//! `ibgw-secret`, through its binary.

mod closed;
mod codes;
mod credentials;
mod folders;
pub(crate) mod gcp;
mod ibc;
mod ibeam;
mod ibeam_files;
mod ibeam_forms;
mod keeping;
mod keyrings;
mod leaks;
mod odd;
mod opening;
mod pairs;
mod programs;
mod records;
mod sealing;
mod sources;

use crate::support::{Ran, Tool, binary};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// The texts that must never appear where they do not belong.
const MARKER: &str = "Marker-b3c1-of-the-password";

/// The seed of RFC 6238's test vectors.
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn tool() -> Tool {
    Tool::new("ibgw-secret")
}

/// Writes a private file.
fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file can be written");
    chmod(&path, 0o600);
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
}

/// A tool in a folder with these private files.
fn tool_with(files: &[(&str, &str)]) -> Tool {
    let tool = tool();
    for (name, bytes) in files {
        put(tool.folder.path(), name, bytes);
    }
    tool
}

/// Runs a shell script in the folder, with the tool as `$0`.
fn shell(folder: &Path, script: &str) -> Ran {
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(binary("ibgw-secret"));
    command.env_clear().current_dir(folder);
    command.env("PATH", std::env::var_os("PATH").expect("PATH is set"));
    let shown = format!("{command:?}");
    Ran::from_output(shown, command.output().expect("a shell runs"))
}
