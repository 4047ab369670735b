//! Google's Secret Manager: one version of a secret, given out to the machine's service account.

use crate::address::{SECRET_MANAGER, UrlAddress};
use crate::attempts::while_unsent;
use crate::client::{Answered, Bearer, Client, Request};
use crate::google::{explanation, failed, machine_token, not_now, status, unknown};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc::{CRC_32_ISCSI, Crc};
use ib_cli::{Error, Exit, Result, Secret};
use ib_proc::Deadline;
use serde::Deserialize;
use std::str::FromStr;

/// CRC32C, as Secret Manager sums up what it keeps (cloud.google.com/secret-manager/docs/data-integrity).
const CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// Where Secret Manager is.
#[derive(clap::Args, Clone, Debug)]
pub struct SecretManagerArgs {
    /// Ask for gcp: secrets at this address
    ///
    /// Plain http is for a loopback host alone.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://secretmanager.googleapis.com",
        help_heading = ib_cli::flag_group::PLACES
    )]
    pub gcp_url: String,
}

/// One version of a secret: `projects/P/secrets/S`, with `/versions/V` behind it or the latest.
pub struct SecretVersion {
    project: String,
    secret: String,
    version: String,
}

impl FromStr for SecretVersion {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let words: Vec<&str> = text.split('/').collect();
        let (project, secret, version) = match words[..] {
            ["projects", project, "secrets", secret] => (project, secret, "latest"),
            ["projects", project, "secrets", secret, "versions", version] => {
                (project, secret, version)
            }
            _ => return Err("gcp: takes projects/P/secrets/S or …/versions/V".to_owned()),
        };
        // A project of an organization may have its domain and a colon before its name.
        let is_name = |word: &str| {
            word.starts_with(|letter: char| letter.is_ascii_alphanumeric())
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "-_.:".contains(letter))
        };
        if ![project, secret, version].into_iter().all(is_name) {
            return Err("gcp: takes names of letters, digits, - and _".to_owned());
        }
        let [project, secret, version] = [project, secret, version].map(str::to_owned);
        Ok(Self {
            project,
            secret,
            version,
        })
    }
}

impl SecretVersion {
    fn path(&self) -> String {
        let Self {
            project,
            secret,
            version,
        } = self;
        format!("/v1/projects/{project}/secrets/{secret}/versions/{version}:access")
    }

    /// Whether a name that Secret Manager gives is this one's: it has the project's number and the version's.
    fn is(&self, name: &str) -> bool {
        let words: Vec<&str> = name.split('/').collect();
        let ["projects", _, "secrets", secret, "versions", version] = words[..] else {
            return false;
        };
        let is_pinned = self.version.chars().all(|letter| letter.is_ascii_digit());
        secret == self.secret && (version == self.version || !is_pinned)
    }
}

/// Secret Manager, and the one client that talks to it, as the machine's service account.
pub struct SecretManager {
    client: Client,
    token: Secret,
}

impl SecretManager {
    /// Gets a token from the machine's metadata server, whose host `GCE_METADATA_HOST` names as for Google's libraries.
    ///
    /// # Errors
    /// `Down` without a metadata server, `TimedOut`, `Unavailable`, `Config` when the machine has no service account,
    /// `Usage` when an address cannot be used, `Unexpected` for an answer that is not known.
    pub fn new(args: &SecretManagerArgs, deadline: Deadline) -> Result<Self> {
        let address = UrlAddress::parse(&args.gcp_url, SECRET_MANAGER)?;
        let token = machine_token(deadline)?;
        let bearer = Bearer::of(&token).ok_or_else(|| {
            let message =
                "the metadata server gave an answer that is not a token (is GCE_METADATA_HOST right?)";
            Error::new(Exit::Unexpected, message)
        })?;
        let client = Client::new(address, None)?.with_bearer(bearer);
        Ok(Self { client, token })
    }

    /// Reads one version of a secret, and proves it whole by its checksum.
    ///
    /// # Errors
    /// `No` when there is no such secret or version, `Config` when it may not be read or is disabled, `Down`,
    /// `TimedOut`, `Unavailable`, `Unexpected` when the answer is not known or not whole.
    pub fn access(&self, wanted: &SecretVersion, deadline: Deadline) -> Result<Secret> {
        let path = wanted.path();
        let request = Request::Get(&path);
        let asking = self.client.asking(request);
        let answer = while_unsent(deadline, || self.client.ask(request, deadline));
        let hint = "is there a way to that host? HTTPS_PROXY names a proxy";
        let answer = answer.map_err(|failure| failed(&asking, &failure, hint))?;
        match answer.status {
            200 => self.payload(wanted, &answer, &asking),
            _ => Err(self.refusal(&answer, &asking)),
        }
    }

    fn payload(&self, wanted: &SecretVersion, answer: &Answered, asking: &str) -> Result<Secret> {
        let given: Given = serde_json::from_slice(&answer.body)
            .map_err(|_| unknown(asking, answer, "--gcp-url"))?;
        let wrong = |cause: &str| Err(Error::new(Exit::Unexpected, format!("{asking}: {cause}")));
        if !wanted.is(&given.name) {
            return wrong("it gives another secret or version than it was asked for");
        }
        let Ok(data) = STANDARD.decode(given.payload.data) else {
            return wrong("its answer is not base64");
        };
        if given.payload.data_crc32c.parse() != Ok(CRC32C.checksum(&data)) {
            return wrong("what it gives does not fit its checksum, CRC32C (read it again)");
        }
        let version = given.name.rsplit('/').next().unwrap_or_default();
        let message = format!("{asking}: version {version}");
        ib_cli::log("info", "secret_version", &message);
        Ok(Secret::new(data))
    }

    fn refusal(&self, answer: &Answered, asking: &str) -> Error {
        let said = explanation(answer, Some(&self.token));
        let (exit, why) = match (answer.status, status(answer).as_deref()) {
            (404, Some("NOT_FOUND")) => (Exit::No, "there is no such secret or version"),
            (403, Some(_)) => (
                Exit::Config,
                "this machine's service account may not read it (give it roles/secretmanager.secretAccessor)",
            ),
            (401, Some(_)) => (
                Exit::Config,
                "it does not take the token of this machine's service account (does it have the scope cloud-platform?)",
            ),
            (400, Some("FAILED_PRECONDITION")) => (
                Exit::Config,
                "the version is disabled or destroyed (enable it, or name another)",
            ),
            (400, Some(_)) => (Exit::Config, "it does not take the name of the secret"),
            _ => {
                return not_now(asking, answer)
                    .unwrap_or_else(|| unknown(asking, answer, "--gcp-url"));
            }
        };
        Error::new(exit, format!("{asking}: {}{said}: {why}", answer.status))
    }
}

/// The answer to `:access` (cloud.google.com/secret-manager/docs/reference/rest, `AccessSecretVersionResponse`).
#[derive(Deserialize)]
struct Given {
    name: String,
    payload: Payload,
}

/// A payload in base64, and its checksum in decimal, as an `int64` is in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    data: String,
    data_crc32c: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_up_as_rfc_3720_does() {
        // RFC 3720, B.4: 32 bytes of zeroes, 32 of ones.
        assert_eq!(CRC32C.checksum(&[0; 32]), 0x8a91_36aa);
        assert_eq!(CRC32C.checksum(&[0xff; 32]), 0x62a8_ab43);
    }

    #[test]
    fn takes_a_secret_and_a_version_and_no_other_path() {
        for (text, path) in [
            (
                "projects/my-project/secrets/IBKR_login",
                "projects/my-project/secrets/IBKR_login/versions/latest",
            ),
            (
                "projects/example.com:p/secrets/s/versions/7",
                "projects/example.com:p/secrets/s/versions/7",
            ),
        ] {
            let found: SecretVersion = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(found.path(), format!("/v1/{path}:access"));
        }
        for text in [
            "",
            "s",
            "projects/p/secrets",
            "projects/p/secrets/",
            "projects/p/secrets/s/versions/",
            "projects/p/secrets/s/versions/1/x",
            "projects/p/secrets/../versions/1",
            "projects/p/secrets/s?x",
            "projects/p/secrets/s%2f",
        ] {
            assert!(text.parse::<SecretVersion>().is_err(), "{text}");
        }
    }
}
