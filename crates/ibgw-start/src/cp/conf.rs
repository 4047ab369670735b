//! A conf.yaml as the user wrote it.

mod encoding;
mod keys;
mod node;
mod scalar;
mod yaml;

pub(crate) use node::{ConfNode, ConfValue};
pub(crate) use scalar::ScalarKind;

use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, read_capped};
use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The keystore's password in every download. It is not secret.
const SHIPPED_PASSWORD: &str = "mywebapi";

/// A file of settings that was read.
pub(crate) struct ConfFile {
    pub(crate) path: PathBuf,
    root: ConfNode,
}

impl ConfFile {
    /// Reads the file, and refuses what the Gateway would refuse. `shipped` is the file that came with the Gateway.
    pub(crate) fn read(path: &Path, shipped: &Path) -> Result<Self> {
        let reading = || format!("reading the settings {}", path.display());
        let bytes = File::open(path)
            .and_then(read_capped)
            .with_context(|| format!("{} (give --conf FILE)", reading()))
            .or_exit(Exit::Config)?;
        let cannot = |why: String| Error::new(Exit::Config, format!("{}: {why}", reading()));
        let root = root(&bytes).map_err(cannot)?;
        // The settings in use may be another file, so a shipped file that cannot be read is no fault.
        let shipped = File::open(shipped).and_then(read_capped).ok();
        let shipped = shipped.and_then(|bytes| self::root(&bytes).ok());
        keys::check(&root, &shipped.as_ref().map(names).unwrap_or_default()).map_err(cannot)?;
        Ok(Self {
            path: path.to_owned(),
            root,
        })
    }

    /// The value of a key; `None` when it is not there.
    pub(crate) fn value(&self, key: &str) -> Option<&ConfNode> {
        self.root.value_of(key)
    }

    /// The letters of a key's value; `None` when the key is not there, or its value is null.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let value = self.value(key)?;
        value
            .letters()
            .filter(|_| value.kind() != Some(ScalarKind::Null))
    }

    /// Sets the value of a key.
    pub(crate) fn set(&mut self, key: &str, value: ConfNode) {
        self.root.set(key, value);
    }

    /// Makes the Gateway end its own bring-up just before it opens the brokerage session.
    ///
    /// Without time to wait it stops at this step (Vert.x takes no timer below 1 ms; seen with build a27ed42). So it never
    /// sends `compete:true`, and its own tickle never begins. That tickle logs out, every 30 s, a session that is connected
    /// and not authenticated, even though opening it would have saved it.
    pub(crate) fn end_bring_up_before_brokerage(&mut self) {
        self.set("authDelay", ConfNode::word("0"));
    }

    /// Whether the Gateway speaks TLS. It does unless `listenSsl` says no, in any spelling of YAML 1.1.
    pub(crate) fn is_tls(&self) -> bool {
        let word = self.text("listenSsl").unwrap_or("true");
        !["no", "off", "false"].contains(&word.to_lowercase().as_str())
    }

    /// The port in the file, which the instance's port replaces; `None` when the file has none in plain digits.
    pub(crate) fn port(&self) -> Option<i64> {
        self.text("listenPort")?.parse().ok()
    }

    /// The keystore's password; `None` when it is null.
    pub(crate) fn keystore_password(&self) -> Option<&str> {
        match self.value("sslPwd") {
            None => Some(SHIPPED_PASSWORD),
            Some(_) => self.text("sslPwd"),
        }
    }

    /// The same password; `None` when it is empty, or the one in every download.
    pub(crate) fn secret_password(&self) -> Option<Secret> {
        let password = self.keystore_password()?;
        (password != SHIPPED_PASSWORD && !password.is_empty())
            .then(|| Secret::new(password.as_bytes().to_vec()))
    }

    /// The text of the file for this port.
    pub(crate) fn written(&self, port: u16) -> Secret {
        let mut root = self.root.clone();
        root.set("listenPort", ConfNode::word(&port.to_string()));
        Secret::new(yaml::yaml_of(&root).into_bytes())
    }
}

fn root(bytes: &Secret) -> std::result::Result<ConfNode, String> {
    let text = encoding::decoded(bytes.expose())
        .ok_or_else(|| "it is not text in UTF-8 (save it as UTF-8)".to_owned())?;
    let root = ConfNode::read(&text)
        .map_err(|error| format!("not YAML, line {}: {}", error.line, error.why))?;
    match root {
        None => Err("the file is empty".to_owned()),
        Some(root) if root.kind() == Some(ScalarKind::Null) => Err("the file is empty".to_owned()),
        Some(root) => Ok(root),
    }
}

fn names(root: &ConfNode) -> HashSet<String> {
    match &root.value {
        ConfValue::Map(pairs) => pairs
            .iter()
            .filter_map(|(key, _)| key.letters().map(str::to_owned))
            .collect(),
        ConfValue::Word(_) | ConfValue::Text(_) | ConfValue::List(_) => HashSet::new(),
    }
}
