//! A certificate of the user's own, as PEM, made into what the Gateway reads.

use crate::der::{INTEGER, OCTET_STRING, SEQUENCE, der};
use crate::java_keystore;
use anyhow::Context;
use ib_cli::{Error, Exit, OrExit, Readable, Reference, Result, Secret, read_capped};
use ib_proc::Deadline;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, SignatureAlgorithm};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A certificate with what issued it, and its key.
pub struct OwnCertificate {
    pub path: PathBuf,
    chain: Vec<CertificateDer<'static>>,
    /// PKCS#8, in DER.
    key: Secret,
}

impl OwnCertificate {
    /// Reads both, and refuses a key that is another certificate's.
    pub fn read(
        path: &Path,
        key: &Reference,
        readable: Readable,
        deadline: Deadline,
    ) -> Result<Self> {
        let chain = chain(path)?;
        let pem = key.read_as_it_is("the certificate's key", readable, deadline)?;
        let cannot = |why: &str| {
            Err(Error::new(
                Exit::Config,
                format!("reading the certificate's key from {key}: {why}"),
            ))
        };
        let Ok(private) = PrivateKeyDer::from_pem_slice(pem.expose()) else {
            return cannot(
                "there is none in PEM, not encrypted (openssl pkey -in KEY -out PLAIN makes one)",
            );
        };
        let pair = ring::sign::any_supported_type(&private)
            .map(|signing| CertifiedKey::new(chain.clone(), signing));
        let pair = match pair {
            // The Gateway speaks TLS 1.2, for which an older Java takes no other.
            Ok(pair) if pair.key.algorithm() != SignatureAlgorithm::ED25519 => pair,
            _ => {
                return cannot(
                    "it is neither RSA of 2048 bits or more nor on P-256 or P-384 (make one of these)",
                );
            }
        };
        match pair.keys_match() {
            Ok(()) => {}
            Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                let message = format!(
                    "the key from {key} is not that of the first certificate in {} (give the pair that was issued; the server's own certificate stands before those of its issuers)",
                    path.display()
                );
                return Err(Error::new(Exit::Config, message));
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("reading the certificate {}", path.display()))
                    .or_exit(Exit::Config);
            }
        }
        let algorithm = pair.key.public_key();
        let algorithm = algorithm
            .as_ref()
            .map(|key| algorithm_of(key.as_ref()))
            .unwrap_or_default();
        Ok(Self {
            path: path.to_owned(),
            key: pkcs8(&private, algorithm),
            chain,
        })
    }

    /// The keystore with both, for this password.
    pub fn keystore(&self, password: &str, salt: &[u8]) -> Secret {
        java_keystore::seal(
            self.key.expose(),
            &self.chain,
            password,
            salt,
            SystemTime::now(),
        )
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let reading = || format!("reading the certificate {}", path.display());
    let pem = File::open(path)
        .and_then(read_capped)
        .with_context(reading)
        .or_exit(Exit::Config)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem.expose())
        .collect::<std::result::Result<_, _>>()
        .with_context(reading)
        .or_exit(Exit::Config)?;
    if chain.is_empty() {
        let message = format!("{}: there is none (it must be PEM)", reading());
        return Err(Error::new(Exit::Config, message));
    }
    Ok(chain)
}

/// The key in the one form that Java's keystores hold (RFC 5208); OpenSSL's older ones lack the algorithm.
fn pkcs8(key: &PrivateKeyDer<'_>, algorithm: &[u8]) -> Secret {
    Secret::new(match key {
        PrivateKeyDer::Pkcs8(_) => key.secret_der().to_vec(),
        _ => {
            let parts = [
                der(INTEGER, &[0]),
                algorithm.to_vec(),
                der(OCTET_STRING, key.secret_der()),
            ];
            der(SEQUENCE, &parts.concat())
        }
    })
}

/// The first element of a public key (SubjectPublicKeyInfo, RFC 5280), which names the algorithm and the curve.
fn algorithm_of(public_key: &[u8]) -> &[u8] {
    let header = match public_key.get(1) {
        Some(long @ 0x80..) => 2 + usize::from(long & 0x7f),
        _ => 2,
    };
    let element = public_key.get(header..).unwrap_or_default();
    let length = element.get(1).map_or(0, |length| 2 + usize::from(*length));
    element.get(..length).unwrap_or_default()
}
