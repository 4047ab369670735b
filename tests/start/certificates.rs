//! Certificates as users have them: made by OpenSSL, issued by an authority or self-signed.

use super::place::Place;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of keys and certificates.
pub(crate) struct Certificates(PathBuf);

impl Certificates {
    /// Below a place, so that it is removed with the place.
    pub(crate) fn of(place: &Place) -> Self {
        let folder = place.path("certificates");
        fs::create_dir_all(&folder).expect("it can be made");
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("it is there")
    }

    /// Runs a line of a shell in the folder; what it printed.
    #[track_caller]
    pub(crate) fn shell(&self, line: &str) -> String {
        let output = Command::new("sh")
            .args(["-euc", line])
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .expect("sh runs");
        assert!(output.status.success(), "{line}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A key in `NAME.key`, 0600, and a certificate of it in `NAME.pem`, followed by the authority that issued it.
    pub(crate) fn issue(&self, name: &str, key: &str) {
        self.shell(&format!(
            "umask 077
            [ -e ca.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                -keyout ca.key -out ca.pem -days 30 -subj '/CN=Planted Authority'
            {key} >{name}.key
            openssl req -new -key {name}.key -subj '/CN=Planted {name}' |
                openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out leaf.pem \
                    -extfile /dev/fd/3 3<<END
subjectAltName=DNS:localhost,IP:127.0.0.1
END
            cat leaf.pem ca.pem >{name}.pem"
        ));
    }

    /// The same with the kind of key that costs least.
    pub(crate) fn issue_any(&self, name: &str) {
        self.issue(name, P256);
    }
}

/// OpenSSL's older form, without the algorithm (SEC 1).
pub(crate) const P256: &str = "openssl ecparam -name prime256v1 -genkey -noout";

/// OpenSSL's older form, without the algorithm (PKCS#1).
pub(crate) const RSA: &str = "openssl genrsa -traditional 2048";

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be set");
}

/// The certificates in a text of PEM, one line each.
pub(crate) fn in_pem(text: &str) -> Vec<String> {
    let sections = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let bodies = sections.filter_map(|rest| rest.split("-----END").next());
    bodies
        .map(|body| body.split_whitespace().collect())
        .collect()
}

/// The certificates that the Gateway of a place shows.
#[track_caller]
pub(crate) fn shown_by(place: &Place) -> Vec<String> {
    let output = Command::new("openssl")
        .args(["s_client", "-showcerts", "-connect"])
        .arg(format!("127.0.0.1:{}", place.port))
        .stdin(Stdio::null())
        .output()
        .expect("openssl runs");
    in_pem(&String::from_utf8_lossy(&output.stdout))
}
