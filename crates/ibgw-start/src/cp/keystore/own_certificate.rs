//! The user's own certificate in PEM, made into a keystore that the Gateway reads.

use crate::cp::keystore::der::{CONTEXT_0, SEQUENCE, first};
use crate::cp::keystore::jks;
use crate::cp::keystore::password::KeystorePassword;
use crate::cp::keystore::private_key::{self, KeyMisfit};
use anyhow::Context;
use ib_cli::{
    Defect, Error, Exit, OrExit, Readable, Reference, Result, Secret, Unreadable, read_capped,
};
use ib_proc::Deadline;
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use rustls::server::ParsedCertificate;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Where the user's own certificate is, and its key.
pub(crate) struct CertificateSource {
    pub(crate) path: PathBuf,
    pub(crate) key: Reference,
    /// Who may be able to read the key's file.
    pub(crate) readable: Readable,
}

/// A certificate with its chain and its key.
pub(crate) struct OwnCertificate {
    pub(crate) path: PathBuf,
    chain: Vec<CertificateDer<'static>>,
    /// PKCS#8, in DER.
    key: Secret,
}

impl OwnCertificate {
    /// Reads both, and refuses the key of another certificate.
    pub(crate) fn read(source: &CertificateSource, deadline: Deadline) -> Result<Self> {
        let CertificateSource {
            path,
            key,
            readable,
        } = source;
        let reading = format!("reading the certificate {}", path.display());
        let pem = File::open(path)
            .and_then(read_capped)
            .with_context(|| reading.clone())
            .or_exit(Exit::Config)?;
        let chain = ib_webapi::certificates(pem.expose()).map_err(|why| why.error(&reading))?;
        let public_key = public_key(&chain).map_err(|why| why.error(&reading))?;
        let pem = key.read_as_it_is("the certificate's key", *readable, deadline)?;
        let reading = format!("reading the certificate's key from {key}");
        let private = private_key::in_pem(pem.expose()).map_err(|why| why.error(&reading))?;
        let pkcs8 = private_key::pkcs8(&private, &public_key);
        Ok(Self {
            path: path.clone(),
            key: pkcs8.map_err(|misfit| refused(misfit, path, key))?,
            chain,
        })
    }

    /// The keystore with both, for this password.
    pub(crate) fn keystore(&self, password: &KeystorePassword, salt: &[u8]) -> Secret {
        jks::seal(
            self.key.expose(),
            &self.chain,
            password,
            salt,
            SystemTime::now(),
        )
    }
}

/// The public key of the first certificate, the server's.
fn public_key(
    chain: &[CertificateDer<'static>],
) -> std::result::Result<SubjectPublicKeyInfoDer<'static>, Unreadable> {
    let server = chain
        .first()
        .ok_or(Unreadable::new(Defect::NoCertificate))?;
    let parsed = ParsedCertificate::try_from(server).map_err(|_| {
        Unreadable::new(if is_version_1(server) {
            Defect::X509Version1
        } else {
            Defect::NotX509
        })
    })?;
    Ok(parsed.subject_public_key_info().into_owned())
}

/// RFC 5280, 4.1: the version stands first. It is left out when it is 1.
fn is_version_1(certificate: &[u8]) -> bool {
    let content = first(certificate, SEQUENCE).and_then(|whole| first(whole.content, SEQUENCE));
    content.is_some_and(|content| first(content.content, CONTEXT_0).is_none())
}

fn refused(misfit: KeyMisfit, path: &Path, key: &Reference) -> Error {
    let path = path.display();
    let message = match misfit {
        KeyMisfit::OfAnother => format!(
            "the key from {key} is not that of the first certificate in {path} (give the pair that was issued; the server's own certificate stands before those of its issuers)"
        ),
        KeyMisfit::CompressedCertificate => format!(
            "reading the certificate {path}: it has its public key as a compressed point, which Java does not read (issue it again for a key that openssl ec -conv_form uncompressed wrote)"
        ),
        KeyMisfit::Unsupported => format!(
            "reading the certificate's key from {key}: it is neither RSA of 2048 bits or more nor on P-256 or P-384 (make one of these)"
        ),
        KeyMisfit::Damaged => {
            return Unreadable::new(Defect::Damaged)
                .error(format!("reading the certificate's key from {key}"));
        }
    };
    Error::new(Exit::Config, message)
}
