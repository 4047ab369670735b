//! What the manual pages and the completions take from the programs themselves.
//!
//! The flags come from clap, the keys of a report from the doc comments of its struct. A page marks the places with
//! comments, between which nothing is written by hand:
//!
//! ```text
//! .\" generated: flags [SUBCOMMAND]
//! .\" generated: keys SCHEMA STRUCT
//! .\" generated: end
//! ```

mod attributes;
mod completions;
mod flags;
mod keys;
mod mdoc;

use clap::Command;
use std::fs;
use std::io;
use std::path::Path;

/// A file that is generated, whole or in parts.
pub struct GeneratedFile {
    /// Its path in the repository.
    pub path: String,
    /// What it must hold.
    pub text: String,
}

/// Begins a line that marks a generated part.
const MARK: &str = ".\\\" generated: ";

/// Every generated file, as the programs have it now.
///
/// # Errors
/// When a page cannot be read, when a mark is not understood, or when a struct it names is not found.
pub fn generated(repository: &Path, tools: &[Command]) -> io::Result<Vec<GeneratedFile>> {
    let mut files = completions::of(tools)?;
    let structs = keys::Items::of(repository)?;
    for tool in tools {
        let path = format!("man/{}.1", tool.get_name());
        let page = fs::read_to_string(repository.join(&path))?;
        let text = filled(&page, tool, &structs)
            .map_err(|error| io::Error::other(format!("{path}: {error}")))?;
        files.push(GeneratedFile { path, text });
    }
    Ok(files)
}

/// The page with its generated parts as the programs have them.
fn filled(page: &str, tool: &Command, structs: &keys::Items) -> Result<String, String> {
    let (mut text, mut is_generated) = (String::new(), false);
    for line in page.lines() {
        let mark = line.strip_prefix(MARK);
        if is_generated && mark != Some("end") {
            continue;
        }
        is_generated = false;
        text += line;
        text.push('\n');
        if let Some(mark) = mark.filter(|mark| *mark != "end") {
            text += &part(mark, tool, structs)?;
            is_generated = true;
        }
    }
    match is_generated {
        false => Ok(text),
        true => Err("a generated part has no end".to_owned()),
    }
}

/// The part that a mark asks for.
fn part(mark: &str, tool: &Command, structs: &keys::Items) -> Result<String, String> {
    match mark.split_whitespace().collect::<Vec<_>>()[..] {
        ["flags"] => Ok(flags::of(tool, tool)),
        ["flags", name] => {
            let found = tool.find_subcommand(name);
            let found = found.ok_or_else(|| format!("there is no subcommand {name}"))?;
            Ok(flags::of(found, tool))
        }
        ["keys", schema, name] => structs.keys(schema, name),
        _ => Err(format!("{mark:?} is no mark")),
    }
}
