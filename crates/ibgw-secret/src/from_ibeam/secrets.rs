//! The secrets in IBeam's settings, and where IBeam has them.

use super::settings::IbeamSettings;
use super::value;
use ib_webapi::SecretVersion;

/// A variable that is a secret or names its place, and what ibgw-secret has for it.
#[derive(Clone, Copy)]
pub(super) struct SecretVariable {
    /// The name of its file in a directory for `--dir`.
    file: &'static str,
    /// The flag that takes a reference to it.
    flag: &'static str,
    /// Whether `IBEAM_SECRETS_SOURCE` says where it is.
    is_of_source: bool,
}

impl SecretVariable {
    pub(super) const USERNAME: Self = Self {
        file: "username",
        flag: "--username",
        is_of_source: true,
    };
    pub(super) const PASSWORD: Self = Self {
        file: "password",
        flag: "--password",
        is_of_source: true,
    };
    pub(super) const KEY: Self = Self {
        file: "IBEAM_KEY",
        flag: "--ibeam-key",
        is_of_source: true,
    };
    pub(super) const TOTP_SEED: Self = Self {
        file: "totp_seed",
        flag: "--totp-seed",
        is_of_source: false,
    };
}

/// One secret that the settings hold or name.
#[derive(Clone)]
pub(super) struct IbeamSecret {
    /// The variable's name.
    pub(super) name: &'static str,
    /// The name of its file in a directory for `--dir`.
    pub(super) file: &'static str,
    /// The flag that takes a reference to it.
    pub(super) flag: &'static str,
    pub(super) source: SecretSource,
    /// Whether its value is in our environment, and in no file.
    pub(super) is_in_environment: bool,
    /// Whether `docker run` and Compose read the value of the file differently.
    pub(super) is_ambiguous: bool,
}

/// Where IBeam has a secret.
#[derive(Clone)]
pub(super) enum SecretSource {
    /// In the variable itself.
    Value,
    /// In a file of this path.
    File(String),
    /// In Secret Manager, under this name.
    Gcp(String),
    /// The variable does not say where, or not in a form that may be shown.
    Unclear,
}

impl SecretSource {
    /// Whether the user puts it into a file when setting up our programs.
    pub(super) fn is_put_away(&self) -> bool {
        match self {
            Self::Value | Self::Unclear => true,
            Self::File(_) | Self::Gcp(_) => false,
        }
    }

    /// Whether a unit can hand it to its service as a credential.
    pub(super) fn is_credential(&self) -> bool {
        match self {
            Self::Value | Self::File(_) | Self::Unclear => true,
            Self::Gcp(_) => false,
        }
    }
}

impl IbeamSecret {
    /// The secret of a variable that has this value.
    pub(super) fn new(
        name: &'static str,
        variable: SecretVariable,
        value: &str,
        settings: &IbeamSettings,
    ) -> Self {
        let is_in_environment = settings.is_in_environment(name);
        Self {
            name,
            file: variable.file,
            flag: variable.flag,
            source: if variable.is_of_source {
                source(value, settings)
            } else {
                SecretSource::Value
            },
            is_in_environment,
            is_ambiguous: !is_in_environment && value::is_ambiguous(value),
        }
    }

    /// What stands for its variable.
    pub(super) fn successor(&self) -> String {
        match &self.source {
            SecretSource::Value => {
                format!(
                    "a secret: a file {} of its own, for --dir of ibgw-secret",
                    self.file
                )
            }
            SecretSource::File(_) | SecretSource::Gcp(_) => format!("{} of ibgw-secret", self.flag),
            SecretSource::Unclear => format!(
                "a secret, but it does not say where it is (for ibgw-secret, put it into a file {}; {} is not shown)",
                self.file, self.name
            ),
        }
    }
}

/// Where IBeam looks for a secret whose variable has this value.
fn source(value: &str, settings: &IbeamSettings) -> SecretSource {
    match settings.get("IBEAM_SECRETS_SOURCE").unwrap_or("env").trim() {
        "env" => SecretSource::Value,
        "fs" => value::path(value).map_or(SecretSource::Unclear, SecretSource::File),
        "gcp_secrets_manager" => {
            let url = settings.get("IBEAM_GCP_SECRETS_URL").unwrap_or_default();
            gcp_name(url, value).map_or(SecretSource::Unclear, SecretSource::Gcp)
        }
        _ => SecretSource::Unclear,
    }
}

/// IBeam asks at `<url>/<value>:access`, where the address ends in `/v1/projects/P/secrets`.
fn gcp_name(url: &str, value: &str) -> Option<String> {
    let (_, project) = url.split_once("/v1/")?;
    // IBeam can ask only for a name with a version. Anything else may be the secret itself.
    value.split_once("/versions/")?;
    let name = format!("{}/{}", project.trim_end_matches('/'), value.trim());
    name.parse::<SecretVersion>().ok()?;
    Some(name)
}
