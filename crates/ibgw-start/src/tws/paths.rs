//! Paths that IBC's script can use.
//!
//! Source: IbcAlpha/IBC 3.24, `resources/scripts/ibcstart.sh`. It reads the options of Java by a path without quotes, and
//! loses them all when the path has a blank. It looks for tokens by a path without quotes, does not follow a link there,
//! and takes the path for a pattern. It joins the paths of jars with colons.

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses a folder of a version if the script would lose the options of Java there.
pub(crate) fn check_program_folder(folder: &Path) -> Result<()> {
    match odd(folder, "/._-+@,=%") {
        None => Ok(()),
        Some(sign) => refuse(format!(
            "IBC's script loses all of IB Gateway's options for Java when its path has {sign}, as {} has (give --tws-dir \
             a symbolic link without it)",
            folder.display()
        )),
    }
}

/// Refuses a folder of IBC that cannot be in a class path.
pub(crate) fn check_ibc_folder(folder: &Path) -> Result<()> {
    if folder
        .to_str()
        .is_some_and(|text| !text.contains([':', '\n']))
    {
        return Ok(());
    }
    refuse(format!(
        "Java cannot find IBC in {}, for a colon, a line end or a byte that is not text in its path (give --ibc-dir a \
         symbolic link without it)",
        folder.display()
    ))
}

/// Refuses a folder of the instance that Xvfb cannot take as an argument.
pub(crate) fn check_screen_folder(folder: &Path) -> Result<()> {
    match folder.to_str() {
        Some(_) => Ok(()),
        None => refuse(format!(
            "Xvfb cannot keep its files in {}, which has a byte that is not text (give another --state-dir)",
            folder.display()
        )),
    }
}

/// The settings directory for the script, without links.
///
/// # Errors
/// `Config` for a directory in which the script would find no token.
pub(crate) fn settings(folder: &Path) -> Result<PathBuf> {
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

/// The folder of this Java. The script takes the folder, and runs the program called `java` in it.
pub(crate) fn java_folder(java: &Path) -> Result<PathBuf> {
    let java = std::path::absolute(java)
        .with_context(|| format!("finding {}", java.display()))
        .or_exit(Exit::Config)?;
    let folder = java.parent().filter(|folder| folder.to_str().is_some());
    match folder.filter(|_| java.ends_with("java")) {
        Some(folder) => Ok(folder.to_owned()),
        None => refuse(format!(
            "IBC's script runs what is called java, and {} is not, or is not text (give --java a path that ends in /java)",
            java.display()
        )),
    }
}

/// The path with its links resolved, as far as it exists.
fn without_links(path: &Path) -> PathBuf {
    let parents = path.ancestors();
    let found = parents
        .filter_map(|parent| Some((parent, fs::canonicalize(parent).ok()?)))
        .next();
    let Some((parent, found)) = found else {
        return path.to_owned();
    };
    let rest = path.strip_prefix(parent).ok();
    // To join an empty path would add a slash.
    rest.filter(|rest| !rest.as_os_str().is_empty())
        .map_or(found.clone(), |rest| found.join(rest))
}

/// The first sign of a path that is not a letter, a digit or one of these, in words.
fn odd(path: &Path, signs: &str) -> Option<String> {
    let Some(text) = path.to_str() else {
        return Some("a byte that is not text".to_owned());
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
