//! The instance's settings: the user's conf.yaml with the port of the instance, the keystore, what to log.

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, read_capped, write_atomic};
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlEmitter, YamlLoader, yaml::Hash};

/// The keystore and its password as the Gateway has them built in.
const SHIPPED_KEYSTORE: &str = "vertx.jks";
const SHIPPED_PASSWORD: &str = "mywebapi";

/// What the Gateway may log: nothing that carries a session.
const LOGBACK: &str = include_str!("logback.xml");

/// Settings that were read and can be used.
pub struct Settings {
    path: PathBuf,
    values: Hash,
    keystore: Keystore,
}

enum Keystore {
    /// Plain HTTP: none is needed.
    None,
    /// To be copied to the instance, under the name that the settings have for it.
    Copied { from: PathBuf, name: PathBuf },
    /// Named by an absolute path, and there.
    InPlace,
}

impl Settings {
    /// Reads a conf.yaml; the keystore is looked for beside it, then in `root`.
    pub fn read(path: &Path, root: &Path) -> Result<Self> {
        let reading = || format!("reading the settings {}", path.display());
        let bytes = File::open(path)
            .and_then(read_capped)
            .with_context(|| format!("{} (give --conf FILE)", reading()))
            .or_exit(Exit::Config)?;
        let text = bytes.text(&reading())?;
        let cannot = |why: String| Error::new(Exit::Config, format!("{}: {why}", reading()));
        // The scanner's own words name line and column and quote nothing.
        let documents =
            YamlLoader::load_from_str(text).map_err(|error| cannot(format!("no YAML: {error}")))?;
        let values = match documents.into_iter().next() {
            Some(Yaml::Hash(values)) => values,
            Some(_) => {
                return Err(cannot("not a list of keys and values".to_owned()));
            }
            None => return Err(cannot("the file is empty".to_owned())),
        };
        let keystore = keystore(&values, path, root)?;
        Ok(Self {
            path: path.to_owned(),
            values,
            keystore,
        })
    }

    /// Refuses settings that make the Gateway speak another protocol than the tools are told to.
    pub fn agree_with(&self, url: &str) -> Result<()> {
        let scheme = if is_tls(&self.values) {
            "https"
        } else {
            "http"
        };
        match url.split_once("://") {
            Some((asked, rest)) if asked != scheme => {
                let message = format!(
                    "listenSsl in {} makes the Gateway speak {scheme}, not {asked} (give --url {scheme}://{rest} to every tool, or change listenSsl)",
                    self.path.display()
                );
                Err(Error::new(Exit::Config, message))
            }
            _ => Ok(()),
        }
    }

    /// The port in the file, which that of the instance replaces; `None` when it names none.
    pub fn port(&self) -> Option<i64> {
        value(&self.values, "listenPort").and_then(Yaml::as_i64)
    }

    /// The keystore's password, if it is one that nobody else knows.
    pub fn password(&self) -> Option<Secret> {
        let password = value(&self.values, "sslPwd")?.as_str()?;
        (password != SHIPPED_PASSWORD && !password.is_empty())
            .then(|| Secret::new(password.as_bytes().to_vec()))
    }

    /// Writes settings, keystore and logging into a directory made anew.
    pub fn write_to(&self, folder: &Path, port: u16) -> Result<()> {
        self.try_write_to(folder, port)
            .with_context(|| format!("writing the settings to {}", folder.display()))
            .or_exit(Exit::Config)
    }

    fn try_write_to(&self, folder: &Path, port: u16) -> anyhow::Result<()> {
        // Nothing of an earlier start may stay: the Gateway would find an old keystore.
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        private_directory(folder)?;
        let mut values = self.values.clone();
        values.insert(
            Yaml::String("listenPort".to_owned()),
            Yaml::Integer(port.into()),
        );
        let mut text = String::new();
        YamlEmitter::new(&mut text).dump(&Yaml::Hash(values))?;
        text.push('\n');
        write_atomic(&folder.join("conf.yaml"), text.as_bytes())?;
        write_atomic(&folder.join("logback.xml"), LOGBACK.as_bytes())?;
        if let Keystore::Copied { from, name } = &self.keystore {
            let to = folder.join(name);
            private_directory(to.parent().unwrap_or(folder))?;
            let bytes = read_capped(File::open(from)?)
                .with_context(|| format!("reading the keystore {}", from.display()))?;
            write_atomic(&to, bytes.expose())?;
        }
        Ok(())
    }
}

fn keystore(values: &Hash, conf: &Path, root: &Path) -> Result<Keystore> {
    if !is_tls(values) {
        return Ok(Keystore::None);
    }
    let name = value(values, "sslCert")
        .and_then(Yaml::as_str)
        .unwrap_or(SHIPPED_KEYSTORE);
    let beside = conf.parent().unwrap_or(Path::new("."));
    let places = [beside, root].map(|folder| folder.join(name));
    let from = places.iter().find(|path| path.is_file()).ok_or_else(|| {
        // The Gateway itself says nothing, listens nowhere and stays (seen with build a27ed42).
        let message = format!(
            "the keystore {name} that sslCert names in {} is neither {} nor {} (put it there, or name another)",
            conf.display(),
            places[0].display(),
            places[1].display()
        );
        Error::new(Exit::Config, message)
    })?;
    let name = PathBuf::from(name);
    if name.is_absolute() {
        return Ok(Keystore::InPlace);
    }
    // A copy under a name with `..` in it would lie outside the instance.
    if name.components().any(|part| {
        !matches!(
            part,
            std::path::Component::Normal(_) | std::path::Component::CurDir
        )
    }) {
        let message = format!(
            "sslCert in {} leads out of its directory (name a file in it, or give the whole path)",
            conf.display()
        );
        return Err(Error::new(Exit::Config, message));
    }
    Ok(Keystore::Copied {
        from: from.clone(),
        name,
    })
}

/// Whether the Gateway speaks TLS: unless it is told not to, in any of the ways YAML 1.1 has.
fn is_tls(values: &Hash) -> bool {
    match value(values, "listenSsl") {
        Some(Yaml::Boolean(is_tls)) => *is_tls,
        Some(Yaml::String(word)) => !["no", "off", "false"].contains(&word.to_lowercase().as_str()),
        _ => true,
    }
}

fn value<'a>(values: &'a Hash, key: &str) -> Option<&'a Yaml> {
    values.get(&Yaml::String(key.to_owned()))
}

fn private_directory(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}
