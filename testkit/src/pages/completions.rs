//! The completions of bash, zsh and fish.

use super::GeneratedFile;
use clap::Command;
use clap_complete::Shell;
use std::io;

/// One file for each shell and tool, under the name that the shell looks for.
pub(super) fn of(tools: &[Command]) -> io::Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    for tool in tools {
        let name = tool.get_name();
        for (shell, file) in [
            (Shell::Bash, format!("bash/{name}")),
            (Shell::Zsh, format!("zsh/_{name}")),
            (Shell::Fish, format!("fish/{name}.fish")),
        ] {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut tool.clone(), name, &mut text);
            files.push(GeneratedFile {
                path: format!("scripts/completions/{file}"),
                text: String::from_utf8(text).map_err(io::Error::other)?,
            });
        }
    }
    Ok(files)
}
