//! Where the Gateway's certificate comes from.

mod contents;
mod der;
mod java_keystore;
mod jks;
pub mod own_certificate;
mod pkcs12;
mod private_key;

use crate::cp::conf::{ConfFile, ConfNode};
use crate::cp::keystore::own_certificate::OwnCertificate;
use anyhow::Context;
use data_encoding::HEXLOWER;
use ib_cli::{Error, Exit, OrExit, Result, Secret, read_capped, write_atomic};
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Component, Path, PathBuf};

/// The keystore as the Gateway has it built in.
const SHIPPED: &str = "vertx.jks";

/// The name of one that is made here.
const MADE: &str = "own.jks";

/// The Gateway's keystore.
pub enum Keystore {
    /// Plain HTTP: none is needed.
    None,
    /// To be copied to the instance, under the name that the settings have for it.
    Copied {
        from: PathBuf,
        name: PathBuf,
        content: Secret,
    },
    /// Named by an absolute path, and there.
    InPlace(PathBuf),
    /// Made of a certificate of the user's own.
    Made { of: PathBuf, content: Secret },
}

impl Keystore {
    /// The one that the settings name; it is looked for in these directories, in this order.
    pub fn named(conf: &ConfFile, folders: &[&Path]) -> Result<Self> {
        if !conf.is_tls() {
            return Ok(Self::None);
        }
        if conf.value("sslCert").is_some() && conf.text("sslCert").is_none() {
            let message = format!(
                "sslCert in {} is empty (name a keystore, or take the line out)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let name = Self::name(conf);
        let places: Vec<PathBuf> = folders.iter().map(|folder| folder.join(name)).collect();
        let from = places.iter().find(|path| path.is_file()).ok_or_else(|| {
            let places: Vec<String> = places
                .iter()
                .map(|place| place.display().to_string())
                .collect();
            // The Gateway itself says nothing, listens nowhere and stays (seen with build a27ed42).
            let message = format!(
                "the keystore {name} that sslCert names in {} is not there: looked for {} (put it there, or name another)",
                conf.path.display(),
                places.join(" and ")
            );
            Error::new(Exit::Config, message)
        })?;
        let content = read(from)?;
        contents::check(content.expose(), conf.keystore_password()).map_err(|fault| {
            let message = format!("the keystore {}: {}", from.display(), fault.words());
            Error::new(Exit::Config, message)
        })?;
        let name = PathBuf::from(name);
        if name.is_absolute() {
            return Ok(Self::InPlace(name));
        }
        // A copy under a name with `..` in it would lie outside the instance.
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !name.components().all(stays) {
            let message = format!(
                "sslCert in {} leads out of its directory (name a file in it, or give the whole path)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        Ok(Self::Copied {
            from: from.clone(),
            name,
            content,
        })
    }

    /// One with a certificate of the user's own, under a password that nobody knows but the settings.
    pub fn made(conf: &mut ConfFile, own: &OwnCertificate) -> Result<Self> {
        if !conf.is_tls() {
            let message = format!(
                "listenSsl in {} is off: the Gateway would not show --tls-cert (turn it on)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let password = HEXLOWER.encode(&random(32)?);
        let content = own.keystore(&password, &random(java_keystore::SALT)?);
        conf.set("sslCert", ConfNode::text(MADE));
        conf.set("sslPwd", ConfNode::text(&password));
        Ok(Self::Made {
            of: own.path.clone(),
            content,
        })
    }

    /// The name in the settings, or the one built in.
    pub fn name(conf: &ConfFile) -> &str {
        conf.text("sslCert").unwrap_or(SHIPPED)
    }

    /// The file that the certificate comes from; `None` when there is none.
    pub fn source(&self) -> Option<&Path> {
        match self {
            Self::None => None,
            Self::Copied { from, .. } => Some(from),
            Self::InPlace(path) => Some(path),
            Self::Made { of, .. } => Some(of),
        }
    }

    /// Puts it where the Gateway looks for it.
    pub fn write_to(&self, folder: &Path) -> anyhow::Result<()> {
        match self {
            Self::None | Self::InPlace(_) => {}
            Self::Copied { name, content, .. } => {
                let to = folder.join(name);
                let parent = to.parent().unwrap_or(folder);
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(parent)?;
                write_atomic(&to, content.expose())?;
            }
            Self::Made { content, .. } => write_atomic(&folder.join(MADE), content.expose())?,
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Secret> {
    File::open(path)
        .and_then(read_capped)
        .with_context(|| format!("reading the keystore {}", path.display()))
        .or_exit(Exit::Config)
}

/// On the heap, which is wiped.
fn random(count: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes)
        .context("making the keystore's password")
        .or_exit(Exit::Unexpected)?;
    Ok(bytes)
}
