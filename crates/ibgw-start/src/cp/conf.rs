//! A conf.yaml as the user wrote it.

mod encoding;
mod keys;
mod node;
mod scalar;
mod written;

pub use node::{ConfNode, Value};
pub use scalar::Plain;

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, read_capped};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The password of the keystore in every download: no secret.
const SHIPPED_PASSWORD: &str = "mywebapi";

/// A file of settings that was read.
pub struct ConfFile {
    pub path: PathBuf,
    root: ConfNode,
}

impl ConfFile {
    /// Reads the file, and refuses what the Gateway would not take; `shipped` is the file that came with it.
    pub fn read(path: &Path, shipped: &Path) -> Result<Self> {
        let reading = || format!("reading the settings {}", path.display());
        let bytes = File::open(path)
            .and_then(read_capped)
            .with_context(|| format!("{} (give --conf FILE)", reading()))
            .or_exit(Exit::Config)?;
        let cannot = |why: String| Error::new(Exit::Config, format!("{}: {why}", reading()));
        let root = root(&bytes).map_err(cannot)?;
        // Of a file that cannot be read nothing is known; the one in use may be another.
        let shipped = File::open(shipped).and_then(read_capped).ok();
        let shipped = shipped.and_then(|bytes| self::root(&bytes).ok());
        keys::check(&root, &shipped.as_ref().map(names).unwrap_or_default()).map_err(cannot)?;
        Ok(Self {
            path: path.to_owned(),
            root,
        })
    }

    /// What a key has; `None` when it is not there.
    pub fn value(&self, key: &str) -> Option<&ConfNode> {
        self.root.value_of(key)
    }

    /// The letters of a key's value; `None` when it is not there, or null.
    pub fn text(&self, key: &str) -> Option<&str> {
        let value = self.value(key)?;
        value
            .letters()
            .filter(|_| value.plain() != Some(Plain::Null))
    }

    /// Gives a key a value in place of the one it has.
    pub fn set(&mut self, key: &str, value: ConfNode) {
        self.root.set(key, value);
    }

    /// Has the Gateway end its own bring-up where the brokerage session would come next.
    ///
    /// With no time to wait it stops at this step (Vert.x takes no timer below 1 ms; seen with build a27ed42). So it never
    /// sends `compete:true`, and its own tickle never begins: that one logs out, each 30 s, whatever session it finds
    /// connected and not authenticated, which an opening would have saved.
    pub fn end_bring_up_before_brokerage(&mut self) {
        self.set("authDelay", ConfNode::word("0"));
    }

    /// Whether the Gateway speaks TLS: unless it is told not to, in any of the ways YAML 1.1 has.
    pub fn is_tls(&self) -> bool {
        let word = self.text("listenSsl").unwrap_or("true");
        !["no", "off", "false"].contains(&word.to_lowercase().as_str())
    }

    /// The port in the file, which that of the instance replaces; `None` when it names none in plain digits.
    pub fn port(&self) -> Option<i64> {
        self.text("listenPort")?.parse().ok()
    }

    /// The keystore's password, whatever it is; `None` when it is null.
    pub fn keystore_password(&self) -> Option<&str> {
        match self.value("sslPwd") {
            None => Some(SHIPPED_PASSWORD),
            Some(_) => self.text("sslPwd"),
        }
    }

    /// The keystore's password, if it is one that nobody else knows.
    pub fn password(&self) -> Option<Secret> {
        let password = self.keystore_password()?;
        (password != SHIPPED_PASSWORD && !password.is_empty())
            .then(|| Secret::new(password.as_bytes().to_vec()))
    }

    /// The file's text for a port.
    pub fn written(&self, port: u16) -> Secret {
        let mut root = self.root.clone();
        root.set("listenPort", ConfNode::word(&port.to_string()));
        Secret::new(written::written(&root).into_bytes())
    }
}

fn root(bytes: &Secret) -> std::result::Result<ConfNode, String> {
    let text = encoding::decoded(bytes.expose())
        .ok_or_else(|| "it is no text in UTF-8 (save it as UTF-8)".to_owned())?;
    let root = ConfNode::read(&text).map_err(|error| {
        let (line, why) = (error.line, error.why);
        format!("no YAML, line {line}: {why}")
    })?;
    match root {
        None => Err("the file is empty".to_owned()),
        Some(root) if root.plain() == Some(Plain::Null) => Err("the file is empty".to_owned()),
        Some(root) => Ok(root),
    }
}

fn names(root: &ConfNode) -> HashSet<String> {
    match &root.value {
        Value::Map(pairs) => pairs
            .iter()
            .filter_map(|(key, _)| key.letters().map(str::to_owned))
            .collect(),
        _ => HashSet::new(),
    }
}
