//! A directory of inputs as IBeam's users have it (`IBEAM_INPUTS_DIR`).
//!
//! IBeam copies `conf.yaml` and, if `cacert.pem` is there too, `cacert.jks` over the Gateway's own, and verifies the
//! Gateway by `cacert.pem`; that `conf.yaml` must name the keystore is left to its user to find out (Voyz/ibeam#58).

use crate::cp::conf::ConfFile;
use crate::cp::keystore::Keystore;
use ib_cli::{Error, Exit, Result, warn};
use std::path::{Path, PathBuf};

const CONF: &str = "conf.yaml";
const KEYSTORE: &str = "cacert.jks";
const CERTIFICATE: &str = "cacert.pem";

/// What is in the directory.
pub struct Inputs {
    folder: PathBuf,
    has_keystore: bool,
    has_certificate: bool,
}

impl Inputs {
    /// Looks what is there; nothing at all is taken for the wrong directory.
    pub fn find(folder: &Path) -> Result<Self> {
        let has = |name: &str| folder.join(name).is_file();
        let inputs = Self {
            folder: folder.to_owned(),
            has_keystore: has(KEYSTORE),
            has_certificate: has(CERTIFICATE),
        };
        if !has(CONF) && !inputs.has_keystore && !inputs.has_certificate {
            let message = format!(
                "{} has neither {CONF} nor {KEYSTORE} nor {CERTIFICATE} (give the directory that has them, or no --inputs-dir)",
                folder.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        Ok(inputs)
    }

    /// The settings; `None` when the directory has none.
    pub fn conf(&self) -> Option<PathBuf> {
        Some(self.folder.join(CONF)).filter(|path| path.is_file())
    }

    /// The certificates to hold the Gateway to; `None` when any will do.
    pub fn cacert_in(folder: &Path) -> Option<PathBuf> {
        let cacert = folder.join(CERTIFICATE);
        (folder.join(KEYSTORE).is_file() && cacert.is_file()).then_some(cacert)
    }

    /// Refuses a keystore that the Gateway would not open, and warns of half a pair.
    pub fn agree_with(&self, conf: &ConfFile) -> Result<()> {
        let folder = self.folder.display();
        let name = Keystore::name(conf);
        if self.has_keystore && name != KEYSTORE {
            let message = format!(
                "{KEYSTORE} is in {folder}, and the Gateway would not show it: sslCert in {} names {name} (put `sslCert: {KEYSTORE}` and its sslPwd into a {CONF} there, or take it away)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        let half = match (self.has_keystore, self.has_certificate) {
            (true, false) => format!(
                "{folder} has {KEYSTORE} and no {CERTIFICATE}: any certificate is accepted of the Gateway"
            ),
            (false, true) => {
                format!("{folder} has {CERTIFICATE} and no {KEYSTORE}: it is not used")
            }
            _ => return Ok(()),
        };
        warn("inputs_incomplete", &half);
        Ok(())
    }
}
