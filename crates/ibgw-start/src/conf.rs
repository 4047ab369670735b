//! A conf.yaml as the user wrote it.

use anyhow::Context;
use ib_cli::{Defect, Error, Exit, OrExit, Result, Secret, Unreadable, read_capped};
use std::fs::File;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlEmitter, YamlLoader, yaml::Hash};

/// The password of the keystore in every download: no secret.
const SHIPPED_PASSWORD: &str = "mywebapi";

/// A file of settings that was read.
pub struct Conf {
    pub path: PathBuf,
    values: Hash,
}

impl Conf {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let reading = || format!("reading the settings {}", path.display());
        let bytes = File::open(path)
            .and_then(read_capped)
            .with_context(|| format!("{} (give --conf FILE)", reading()))
            .or_exit(Exit::Config)?;
        let text = bytes.text(&reading())?;
        let cannot = |why: String| Error::new(Exit::Config, format!("{}: {why}", reading()));
        // The scanner's own words may quote a key.
        let documents = YamlLoader::load_from_str(text).map_err(|error| {
            let place = error.marker();
            let why = Unreadable::new(Defect::NotYaml).at(place.line(), place.col() + 1);
            cannot(format!("no YAML: {why}"))
        })?;
        let values = match documents.into_iter().next() {
            Some(Yaml::Hash(values)) => values,
            Some(_) => {
                return Err(cannot("not a list of keys and values".to_owned()));
            }
            None => return Err(cannot("the file is empty".to_owned())),
        };
        Ok(Self {
            path: path.to_owned(),
            values,
        })
    }

    /// What a key has; `None` when it is not there.
    pub fn value(&self, key: &str) -> Option<&Yaml> {
        self.values.get(&name(key))
    }

    /// Gives a key a value in place of the one it has.
    pub fn set(&mut self, key: &str, value: Yaml) {
        self.values.insert(name(key), value);
    }

    /// Has the Gateway end its own bring-up where the brokerage session would come next.
    ///
    /// With no time to wait it stops at this step (Vert.x takes no timer below 1 ms; seen with build a27ed42). So it never
    /// sends `compete:true`, and its own tickle never begins: that one logs out, each 30 s, whatever session it finds
    /// connected and not authenticated, which an opening would have saved.
    pub fn end_bring_up_before_brokerage(&mut self) {
        self.set("authDelay", Yaml::Integer(0));
    }

    /// Whether the Gateway speaks TLS: unless it is told not to, in any of the ways YAML 1.1 has.
    pub fn is_tls(&self) -> bool {
        match self.value("listenSsl") {
            Some(Yaml::Boolean(is_tls)) => *is_tls,
            Some(Yaml::String(word)) => {
                !["no", "off", "false"].contains(&word.to_lowercase().as_str())
            }
            _ => true,
        }
    }

    /// The port in the file, which that of the instance replaces; `None` when it names none.
    pub fn port(&self) -> Option<i64> {
        self.value("listenPort").and_then(Yaml::as_i64)
    }

    /// The keystore's password, if it is one that nobody else knows.
    pub fn password(&self) -> Option<Secret> {
        let password = self.value("sslPwd")?.as_str()?;
        (password != SHIPPED_PASSWORD && !password.is_empty())
            .then(|| Secret::new(password.as_bytes().to_vec()))
    }

    /// The file's text for a port.
    pub fn text(&self, port: u16) -> anyhow::Result<Secret> {
        let mut values = self.values.clone();
        values.insert(name("listenPort"), Yaml::Integer(port.into()));
        let mut text = String::new();
        YamlEmitter::new(&mut text).dump(&Yaml::Hash(values))?;
        text.push('\n');
        Ok(Secret::new(text.into_bytes()))
    }
}

fn name(key: &str) -> Yaml {
    Yaml::String(key.to_owned())
}
