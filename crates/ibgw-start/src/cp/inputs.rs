//! A directory of inputs as users of IBeam have it (`IBEAM_INPUTS_DIR`).
//!
//! IBeam copies `conf.yaml` over the Gateway's own file and, if `cacert.pem` is there too, also `cacert.jks`. It verifies
//! the Gateway by `cacert.pem`. It does not say that `conf.yaml` must name the keystore (Voyz/ibeam#58).

use crate::cp::conf::ConfFile;
use crate::cp::keystore::Keystore;
use ib_cli::{Error, Exit, Result, warn};
use std::path::{Path, PathBuf};

const CONF: &str = "conf.yaml";
const KEYSTORE: &str = "cacert.jks";
const CERTIFICATE: &str = "cacert.pem";

/// What is in the directory.
pub(crate) struct InputsDir {
    folder: PathBuf,
    has_keystore: bool,
    has_certificate: bool,
}

impl InputsDir {
    /// Finds out what is there. A directory with none of the three files is refused as the wrong one.
    pub(crate) fn find(folder: &Path) -> Result<Self> {
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
    pub(crate) fn conf(&self) -> Option<PathBuf> {
        Some(self.folder.join(CONF)).filter(|path| path.is_file())
    }

    /// Refuses a keystore that the Gateway would not show, and warns when half of a pair is missing.
    pub(crate) fn check_conf(&self, conf: &ConfFile) -> Result<()> {
        let folder = self.folder.display();
        let name = Keystore::name(conf);
        if self.has_keystore && name != KEYSTORE {
            let message = format!(
                "{KEYSTORE} is in {folder}, and the Gateway would not show it: sslCert in {} names {name} (put `sslCert: {KEYSTORE}` and its sslPwd into a {CONF} there, or take it away)",
                conf.path.display()
            );
            return Err(Error::new(Exit::Config, message));
        }
        if self.has_keystore && !self.has_certificate {
            let message = format!(
                "{folder} has {KEYSTORE} and no {CERTIFICATE}: any certificate is accepted of the Gateway"
            );
            warn("inputs_incomplete", &message);
        }
        if self.has_certificate && !self.has_keystore {
            let message = format!("{folder} has {CERTIFICATE} and no {KEYSTORE}: it is not used");
            warn("inputs_incomplete", &message);
        }
        Ok(())
    }
}

/// The file that the Gateway's certificate has to be in; `None` when any is accepted.
pub(crate) fn cacert_in(folder: &Path) -> Option<PathBuf> {
    let cacert = folder.join(CERTIFICATE);
    (folder.join(KEYSTORE).is_file() && cacert.is_file()).then_some(cacert)
}
