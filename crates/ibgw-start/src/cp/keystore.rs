//! The Gateway's keystore, which its certificate comes from.

mod der;
mod fault;
mod format;
mod jks;
pub(crate) mod own_certificate;
mod password;
mod pkcs12;
mod private_key;

use crate::cp::conf::{ConfFile, ConfNode};
use crate::cp::keystore::own_certificate::OwnCertificate;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, read_capped, write_atomic};
use password::KeystorePassword;
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Component, Path, PathBuf};

/// The name that is built into the Gateway.
const SHIPPED: &str = "vertx.jks";

/// The name of a keystore that is made here.
const MADE: &str = "own.jks";

/// The length of the password of a keystore that is made here: this many random bytes, written as twice as many
/// hexadecimal digits.
const PASSWORD_BYTES: usize = 32;

/// The Gateway's keystore.
pub(crate) enum Keystore {
    /// None is needed, for plain HTTP.
    None,
    /// A file that is copied to the instance, under the name that it has in the settings.
    Copied {
        from: PathBuf,
        name: PathBuf,
        content: Secret,
    },
    /// A file named by its absolute path. It stays where it is.
    InPlace(PathBuf),
    /// Made of the user's own certificate.
    Made { of: PathBuf, content: Secret },
}

impl Keystore {
    /// The keystore that the settings name. It is looked for in these directories, in this order.
    pub(crate) fn named(conf: &ConfFile, folders: &[&Path]) -> Result<Self> {
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
            // The Gateway itself prints no reason, listens nowhere and runs on (seen with build a27ed42).
            let message = format!(
                "the keystore {name} that sslCert names in {} is not there: looked for {} (put it there, or name another)",
                conf.path.display(),
                places.join(" and ")
            );
            Error::new(Exit::Config, message)
        })?;
        let content = read(from)?;
        let password = conf.keystore_password().map(KeystorePassword::of);
        format::check(content.expose(), password.as_ref()).map_err(|fault| {
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

    /// A keystore with the user's own certificate. Its random password stands in the settings alone.
    pub(crate) fn made(conf: &mut ConfFile, own: &OwnCertificate) -> Result<Self> {
        if !conf.is_tls() {
            let message = format!(
                "listenSsl in {} is off: the Gateway would not show --tls-cert (turn it on)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let password = KeystorePassword::random(PASSWORD_BYTES)?;
        let content = own.keystore(&password, &password::random_bytes(jks::SALT)?);
        conf.set("sslCert", ConfNode::text(MADE));
        conf.set("sslPwd", ConfNode::text(password.text()));
        Ok(Self::Made {
            of: own.path.clone(),
            content,
        })
    }

    /// The name in the settings, or the one built in.
    pub(crate) fn name(conf: &ConfFile) -> &str {
        conf.text("sslCert").unwrap_or(SHIPPED)
    }

    /// The file that the certificate comes from; `None` when there is none.
    pub(crate) fn source(&self) -> Option<&Path> {
        match self {
            Self::None => None,
            Self::Copied { from, .. } => Some(from),
            Self::InPlace(path) => Some(path),
            Self::Made { of, .. } => Some(of),
        }
    }

    /// Writes the keystore to where the Gateway looks for it.
    pub(crate) fn write_to(&self, folder: &Path) -> anyhow::Result<()> {
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
