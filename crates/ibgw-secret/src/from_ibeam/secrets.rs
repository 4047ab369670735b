//! The secrets in IBeam's settings, and where they are.

use super::settings::IbeamSettings;
use super::value;
use ib_webapi::SecretVersion;

/// One secret.
#[derive(Clone)]
pub(super) struct IbeamSecret {
    pub(super) variable: &'static str,
    /// The name of its file in a directory for `--dir`.
    pub(super) file: &'static str,
    /// The flag that takes a reference to it.
    pub(super) flag: &'static str,
    pub(super) place: SecretSource,
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
    /// Somewhere that the variable does not say in a way that may be repeated.
    Unclear,
}

impl SecretSource {
    /// Whether whoever sets us up puts it into a file.
    pub(super) fn is_put_away(&self) -> bool {
        matches!(self, Self::Value | Self::Unclear)
    }

    /// Whether a unit can hand it to its service as a credential.
    pub(super) fn is_credential(&self) -> bool {
        !matches!(self, Self::Gcp(_))
    }
}

/// IBeam's secrets: the variable, our file, our flag, and whether `IBEAM_SECRETS_SOURCE` says where it is.
const SECRETS: [(&str, &str, &str, bool); 4] = [
    ("IBEAM_ACCOUNT", "username", "--username", true),
    ("IBEAM_PASSWORD", "password", "--password", true),
    ("IBEAM_KEY", "IBEAM_KEY", "--ibeam-key", true),
    ("IBEAM_PYOTP_SECRET", "totp_seed", "--totp-seed", false),
];

impl IbeamSecret {
    /// What became of its variable.
    pub(super) fn became(&self) -> String {
        let Self {
            variable,
            file,
            flag,
            place,
            ..
        } = self;
        match place {
            SecretSource::Value => {
                format!("a secret: a file {file} of its own, for --dir of ibgw-secret")
            }
            SecretSource::File(_) | SecretSource::Gcp(_) => format!("{flag} of ibgw-secret"),
            SecretSource::Unclear => format!(
                "a secret, but it does not say where it is (for ibgw-secret, put it into a file {file}; {variable} is \
                 not shown)"
            ),
        }
    }
}

/// The secrets that the settings have or name.
pub(super) fn secrets(settings: &IbeamSettings) -> Vec<IbeamSecret> {
    let source = settings.get("IBEAM_SECRETS_SOURCE").unwrap_or("env").trim();
    let kept = |(variable, file, flag, is_of_source): (_, _, _, bool)| {
        let value = settings.get(variable)?;
        let place = match source {
            _ if !is_of_source => SecretSource::Value,
            "env" => SecretSource::Value,
            "fs" => value::path(value).map_or(SecretSource::Unclear, SecretSource::File),
            "gcp_secrets_manager" => {
                let url = settings.get("IBEAM_GCP_SECRETS_URL").unwrap_or_default();
                gcp_name(url, value).map_or(SecretSource::Unclear, SecretSource::Gcp)
            }
            _ => SecretSource::Unclear,
        };
        Some(IbeamSecret {
            variable,
            file,
            flag,
            place,
            is_in_environment: settings.is_in_environment(variable),
            is_ambiguous: !settings.is_in_environment(variable) && value::is_ambiguous(value),
        })
    };
    SECRETS.into_iter().filter_map(kept).collect()
}

/// IBeam asks at `<url>/<value>:access`, where the address ends in `/v1/projects/P/secrets`.
fn gcp_name(url: &str, value: &str) -> Option<String> {
    let (_, project) = url.split_once("/v1/")?;
    // What has no version is no name that IBeam can ask for, and may be the secret itself.
    value.split_once("/versions/")?;
    let name = format!("{}/{}", project.trim_end_matches('/'), value.trim());
    name.parse::<SecretVersion>().ok()?;
    Some(name)
}
