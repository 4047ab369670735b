//! The instance's settings: the user's conf.yaml with the port of the instance, the keystore, whom to let in, what to log.

use crate::StartArgs;
use crate::cp::admission::Admission;
use crate::cp::conf::ConfFile;
use crate::cp::distribution::Distribution;
use crate::cp::inputs::Inputs;
use crate::cp::instance::GatewayInstance;
use crate::cp::keystore::Keystore;
use crate::cp::keystore::own_certificate::OwnCertificate;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Readable, Result, Secret, warn, write_atomic};
use ib_proc::Deadline;
use ib_webapi::BringUp;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What the Gateway may log: nothing that carries a session.
const LOGBACK: &str = include_str!("logback.xml");

/// Settings that were read and can be used.
pub struct StartSettings {
    conf: ConfFile,
    keystore: Keystore,
    cacert: Option<PathBuf>,
    pub admission: Admission,
}

impl StartSettings {
    /// Reads what the flags name, and makes of it what this instance runs with.
    pub fn gather(
        args: &StartArgs,
        distribution: &Distribution,
        instance: &GatewayInstance,
        deadline: Deadline,
    ) -> Result<Self> {
        let root = distribution.root();
        let inputs = args.inputs_dir.as_deref().map(Inputs::find).transpose()?;
        let named = args.conf.clone().or_else(|| inputs.as_ref()?.conf());
        let shipped = root.join("conf.yaml");
        let mut conf = ConfFile::read(named.as_deref().unwrap_or(&shipped), &shipped)?;
        if let Some(inputs) = &inputs {
            inputs.agree_with(&conf)?;
        }
        let keystore = match (&args.tls_cert, &args.tls_key) {
            (Some(certificate), Some(key)) => {
                let readable = Readable::of_key(args.allow_readable_key);
                let own = OwnCertificate::read(certificate, key, readable, deadline)?;
                Keystore::made(&mut conf, &own)?
            }
            _ => {
                let beside = conf.path.parent().unwrap_or(Path::new("."));
                Keystore::named(&conf, &[beside, &root])?
            }
        };
        let admission = match args.allow.as_slice() {
            [] => Admission::of(&conf),
            allowed => Admission::replace(&mut conf, allowed)?,
        };
        if args.bring_up == BringUp::Brokerage {
            conf.end_bring_up_before_brokerage();
        }
        let settings = Self {
            admission,
            conf,
            keystore,
            cacert: args.cacert(),
        };
        settings.agree_with(&instance.url)?;
        settings.warn(args.port.is_some(), instance.port);
        Ok(settings)
    }

    /// Refuses settings that make the Gateway speak another protocol than the tools are told to.
    fn agree_with(&self, url: &str) -> Result<()> {
        let scheme = if self.conf.is_tls() { "https" } else { "http" };
        match url.split_once("://") {
            Some((asked, rest)) if asked != scheme => {
                let message = format!(
                    "listenSsl in {} makes the Gateway speak {scheme}, not {asked} (give --url {scheme}://{rest} to every tool, or change listenSsl)",
                    self.conf.path.display()
                );
                Err(Error::new(Exit::Config, message))
            }
            _ => Ok(()),
        }
    }

    fn warn(&self, port_is_named: bool, port: u16) {
        self.admission.warn();
        let other = self.conf.port().filter(|named| *named != i64::from(port));
        if other.is_some() && !port_is_named {
            let message = format!(
                "listenPort in conf.yaml is not {port}, and does not count (give --port N)"
            );
            warn("listen_port_replaced", &message);
        }
    }

    /// The file they were read from.
    pub fn path(&self) -> &Path {
        &self.conf.path
    }

    /// The file that the Gateway's certificate comes from; `None` for plain HTTP.
    pub fn keystore(&self) -> Option<&Path> {
        self.keystore.source()
    }

    /// The file that the Gateway's certificate has to be in; `None` when any is accepted.
    pub fn cacert(&self) -> Option<&Path> {
        self.cacert.as_deref()
    }

    /// The keystore's password, if it is one that nobody else knows.
    pub fn password(&self) -> Option<Secret> {
        self.conf.password()
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
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        write_atomic(&folder.join("conf.yaml"), self.conf.written(port).expose())?;
        write_atomic(&folder.join("logback.xml"), LOGBACK.as_bytes())?;
        self.keystore.write_to(folder)
    }
}
