//! Paths that IBC's script can use.
//!
//! Source: IbcAlpha/IBC 3.24, `resources/scripts/ibcstart.sh`. It reads the options of Java by a path without quotes,
//! and loses them all when that has a blank; it looks for tokens by one, does not follow a link there, and takes the
//! path for a pattern; and it joins paths of jars with colons.

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses a folder of a version whose options of Java the script would lose.
pub fn takes_program(folder: &Path) -> Result<()> {
    match odd(folder, "/._-+@,=%") {
        None => Ok(()),
        Some(sign) => refuse(format!(
            "IBC's script loses all of IB Gateway's options for Java when its path has {sign}, as {} has (give --tws-dir \
             a symbolic link without it)",
            folder.display()
        )),
    }
}

/// Refuses a folder of IBC that no class path can have.
pub fn takes_ibc(folder: &Path) -> Result<()> {
    match folder.to_str() {
        Some(text) if !text.contains([':', '\n']) => Ok(()),
        _ => refuse(format!(
            "Java cannot find IBC in {}, for a colon, a line end or a byte that is no text in its path (give --ibc-dir a \
             symbolic link without it)",
            folder.display()
        )),
    }
}

/// Refuses a folder of the instance that Xvfb cannot be told.
pub fn takes_screen(folder: &Path) -> Result<()> {
    match folder.to_str() {
        Some(_) => Ok(()),
        None => refuse(format!(
            "Xvfb cannot keep its files in {}, which has a byte that is no text (give another --state-dir)",
            folder.display()
        )),
    }
}

/// The settings directory as the script is to have it, without links.
///
/// # Errors
/// `Config` for one in which it would find no token.
pub fn settings(folder: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(folder)
        .with_context(|| format!("finding the settings directory {}", folder.display()))
        .or_exit(Exit::Config)?;
    let found = without_links(&whole);
    match odd(&found, "/._-+@:,=%") {
        None => Ok(found),
        Some(sign) => refuse(format!(
            "IBC's script finds no token in a settings directory whose path has {sign}, as {} has (give another \
             --settings-dir)",
            found.display()
        )),
    }
}

/// The folder that `java` is in: the script wants that, and runs what has this name there.
pub fn of_java(java: &Path) -> Result<PathBuf> {
    let java = std::path::absolute(java)
        .with_context(|| format!("finding {}", java.display()))
        .or_exit(Exit::Config)?;
    match java.parent() {
        Some(folder) if java.ends_with("java") && folder.to_str().is_some() => {
            Ok(folder.to_owned())
        }
        _ => refuse(format!(
            "IBC's script runs what is called java, and {} is not, or is no text (give --java a path that ends in /java)",
            java.display()
        )),
    }
}

/// The path with its links followed, as far as it exists.
fn without_links(path: &Path) -> PathBuf {
    let parents = path.ancestors();
    let found = parents
        .filter_map(|parent| Some((parent, fs::canonicalize(parent).ok()?)))
        .next();
    match found {
        Some((parent, found)) => match path.strip_prefix(parent) {
            Ok(rest) if !rest.as_os_str().is_empty() => found.join(rest),
            _ => found,
        },
        None => path.to_owned(),
    }
}

/// The first sign of a path that is neither a letter, a digit nor one of these, in words.
fn odd(path: &Path, signs: &str) -> Option<String> {
    let Some(text) = path.to_str() else {
        return Some("a byte that is no text".to_owned());
    };
    let odd = text
        .chars()
        .find(|letter| !letter.is_alphanumeric() && !signs.contains(*letter))?;
    Some(match odd {
        ' ' => "a blank".to_owned(),
        odd if odd.is_control() => "a control character".to_owned(),
        odd => format!("the sign {odd}"),
    })
}

fn refuse<T>(message: String) -> Result<T> {
    Err(Error::new(Exit::Config, message))
}
