//! The tokens of earlier logins, which IB Gateway leaves in its settings folder when it is to start again.
//!
//! Exactly one means a start that types nothing; several mean a full login, for `ibcstart.sh` cannot tell which counts
//! and removes them all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The name of a token's file, in a folder of the settings that is named by a hash of the username.
const TOKEN: &str = "autorestart";

/// Removes them all, such as one that IBKR refused.
///
/// # Errors
/// The folder cannot be read, or a token cannot be removed.
pub fn remove_all(settings: &Path) -> io::Result<()> {
    for token in tokens(settings)? {
        fs::remove_file(token)?;
    }
    Ok(())
}

/// The tokens as `ibcstart.sh` finds them: plain files, one folder deep, and no link followed.
fn tokens(settings: &Path) -> io::Result<Vec<PathBuf>> {
    let folders = match fs::read_dir(settings) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        folders => folders?,
    };
    let mut tokens = Vec::new();
    for folder in folders {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        let token = folder.path().join(TOKEN);
        match fs::symlink_metadata(&token) {
            Ok(found) if found.is_file() => tokens.push(token),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn count(settings: &Path) -> usize {
        tokens(settings).map_or(0, |tokens| tokens.len())
    }

    /// A settings folder with an empty file at each of these places.
    fn settings(places: &[&str]) -> Folder {
        let name = std::thread::current()
            .name()
            .unwrap_or_default()
            .replace("::", "-");
        let root = std::env::temp_dir().join(format!("ib-tws-{}-{name}", std::process::id()));
        for place in places {
            let file = root.join(place);
            fs::create_dir_all(file.parent().expect("a folder")).expect("to make a folder");
            fs::write(file, "").expect("to write a file");
        }
        Folder(root)
    }

    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn tokens_are_counted_one_folder_deep() {
        let one = settings(&[
            "jts.ini",
            "autorestart",
            "abc/autorestart",
            "def/other",
            "a/b/autorestart",
        ]);
        assert_eq!(count(&one.0), 1);
        fs::write(one.0.join("def/autorestart"), "").expect("to write a file");
        assert_eq!(count(&one.0), 2);
    }

    #[test]
    fn neither_links_nor_folders_are_tokens() {
        let folder = settings(&["abc/other", "def/autorestart/file", "token"]);
        symlink(folder.0.join("token"), folder.0.join("abc/autorestart")).expect("a link");
        assert_eq!(count(&folder.0), 0);
        remove_all(&folder.0).expect("nothing to remove");
        assert!(folder.0.join("token").exists());
    }

    #[test]
    fn all_are_removed_and_nothing_else() {
        let folder = settings(&["jts.ini", "abc/autorestart", "abc/kept", "def/autorestart"]);
        remove_all(&folder.0).expect("to remove them");
        assert_eq!(count(&folder.0), 0);
        assert!(folder.0.join("abc/kept").exists() && folder.0.join("jts.ini").exists());
    }

    #[test]
    fn where_there_are_no_settings_there_is_no_token() {
        let absent = Path::new("/nonexistent/settings");
        assert_eq!(count(absent), 0);
        remove_all(absent).expect("nothing to remove");
    }
}
