//! The instance's settings: the user's conf.yaml with the instance's port, the keystore, the addresses to let in, and what
//! is logged.

use crate::cp::address_pattern::AddressPattern;
use crate::cp::admission::Admission;
use crate::cp::conf::ConfFile;
use crate::cp::distribution::Distribution;
use crate::cp::inputs::InputsDir;
use crate::cp::instance::GatewayInstance;
use crate::cp::keystore::Keystore;
use crate::cp::keystore::own_certificate::{CertificateSource, OwnCertificate};
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Result, Secret, warn, write_atomic};
use ib_proc::Deadline;
use ib_webapi::BringUp;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What the Gateway may log: nothing that carries a session.
const LOGBACK: &str = include_str!("logback.xml");

/// Where the settings come from, and what replaces a part of them.
pub(crate) struct SettingsSource {
    pub(crate) conf: Option<PathBuf>,
    pub(crate) inputs_dir: Option<PathBuf>,
    /// The addresses to let in; empty when the settings say which.
    pub(crate) allow: Vec<AddressPattern>,
    pub(crate) bring_up: BringUp,
    /// `None` when the settings name a keystore.
    pub(crate) certificate: Option<CertificateSource>,
    /// Whether the command line names the port, so that the port in the settings is known not to count.
    pub(crate) is_port_named: bool,
}

/// Settings that were read and can be used.
pub(crate) struct StartSettings {
    conf: ConfFile,
    keystore: Keystore,
    cacert: Option<PathBuf>,
    pub(crate) admission: Admission,
}

impl StartSettings {
    /// Reads the files, and makes the settings of this instance from them.
    pub(crate) fn gather(
        source: &SettingsSource,
        distribution: &Distribution,
        instance: &GatewayInstance,
        deadline: Deadline,
    ) -> Result<Self> {
        let root = distribution.root();
        let inputs = source
            .inputs_dir
            .as_deref()
            .map(InputsDir::find)
            .transpose()?;
        let named = source.conf.clone().or_else(|| inputs.as_ref()?.conf());
        let shipped = root.join("conf.yaml");
        let mut conf = ConfFile::read(named.as_deref().unwrap_or(&shipped), &shipped)?;
        if let Some(inputs) = &inputs {
            inputs.check_conf(&conf)?;
        }
        let keystore = match &source.certificate {
            Some(certificate) => {
                let own = OwnCertificate::read(certificate, deadline)?;
                Keystore::made(&mut conf, &own)?
            }
            None => {
                let beside = conf.path.parent().unwrap_or(Path::new("."));
                Keystore::named(&conf, &[beside, &root])?
            }
        };
        let admission = match source.allow.as_slice() {
            [] => Admission::of(&conf),
            allowed => Admission::replace(&mut conf, allowed)?,
        };
        match source.bring_up {
            BringUp::Brokerage => conf.end_bring_up_before_brokerage(),
            BringUp::Java => {}
        }
        let settings = Self {
            admission,
            conf,
            keystore,
            cacert: instance.cacert.clone(),
        };
        settings.check_scheme(&instance.url)?;
        settings.warn(source.is_port_named, instance.port);
        Ok(settings)
    }

    /// Refuses settings with another protocol than the one in the tools' URL.
    fn check_scheme(&self, url: &str) -> Result<()> {
        let scheme = if self.conf.is_tls() { "https" } else { "http" };
        let asked = url.split_once("://");
        let Some((asked, rest)) = asked.filter(|(asked, _)| *asked != scheme) else {
            return Ok(());
        };
        let message = format!(
            "listenSsl in {} makes the Gateway speak {scheme}, not {asked} (give --url {scheme}://{rest} to every tool, or change listenSsl)",
            self.conf.path.display()
        );
        Err(Error::new(Exit::Config, message))
    }

    fn warn(&self, is_port_named: bool, port: u16) {
        self.admission.warn();
        let other = self.conf.port().filter(|named| *named != i64::from(port));
        if other.is_some() && !is_port_named {
            let message = format!(
                "listenPort in conf.yaml is not {port}, and does not count (give --port N)"
            );
            warn("listen_port_replaced", &message);
        }
    }

    /// The file the settings were read from.
    pub(crate) fn path(&self) -> &Path {
        &self.conf.path
    }

    /// The file that the Gateway's certificate comes from; `None` for plain HTTP.
    pub(crate) fn keystore(&self) -> Option<&Path> {
        self.keystore.source()
    }

    /// The file that the Gateway's certificate has to be in; `None` when any is accepted.
    pub(crate) fn cacert(&self) -> Option<&Path> {
        self.cacert.as_deref()
    }

    /// The keystore's password; `None` when it is not secret.
    pub(crate) fn password(&self) -> Option<Secret> {
        self.conf.secret_password()
    }

    /// Writes settings, keystore and logging into a directory, which it makes anew.
    pub(crate) fn write_to(&self, folder: &Path, port: u16) -> Result<()> {
        self.try_write_to(folder, port)
            .with_context(|| format!("writing the settings to {}", folder.display()))
            .or_exit(Exit::Config)
    }

    fn try_write_to(&self, folder: &Path, port: u16) -> anyhow::Result<()> {
        // No file of an earlier start may stay: the Gateway would find an old keystore.
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
