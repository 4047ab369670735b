//! The Gateway's certificate and the file it is kept in.

mod jks;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::ec::EcKey;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use rcgen::{CertificateParams, DnType, KeyPair, SerialNumber, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, crypto::ring, version};
use std::sync::Arc;
use std::time::Duration;

/// A certificate and its key in PEM, with the subject, the serial number and the dates of the one
/// in every download: self-signed, expired on 2019-05-11, without names. The key is a new one on
/// P-256 where the shipped one is RSA.
pub(crate) fn pair() -> Result<String> {
    let mut certificate = CertificateParams::default();
    let time = Duration::from_secs(16 * 3600 + 26 * 60 + 2);
    certificate.not_before = date_time_ymd(2019, 2, 10) + time;
    certificate.not_after = date_time_ymd(2019, 5, 11) + time;
    certificate.serial_number = Some(SerialNumber::from(0x3ad5_a3f4_u64));
    certificate.distinguished_name = rcgen::DistinguishedName::new();
    for (kind, value) in [
        (DnType::CountryName, "US"),
        (DnType::StateOrProvinceName, "CT"),
        (DnType::LocalityName, "Greenwich"),
        (DnType::OrganizationName, "Interactive Brokers"),
        (DnType::OrganizationalUnitName, "Client Portal"),
        (DnType::CommonName, "Client Portal Web API"),
    ] {
        certificate.distinguished_name.push(kind, value);
    }
    let key = KeyPair::generate().context("making the gateway's key")?;
    let certificate = certificate
        .self_signed(&key)
        .context("signing the gateway's certificate")?;
    Ok(certificate.pem() + &key.serialize_pem())
}

/// The keystore with a pair: JKS, as the shipped one.
pub(crate) fn seal(pair: &str, password: &str) -> Result<Vec<u8>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pair.as_bytes())
        .collect::<Result<_, _>>()
        .context("reading the certificate")?;
    let key =
        PrivateKeyDer::from_pem_slice(pair.as_bytes()).context("reading the certificate's key")?;
    Ok(jks::seal(key.secret_der(), &chain, password))
}

/// The pair in a container; `None` when the password or the container is wrong.
///
/// The two kinds that Java opens by the type of the shipped `vertx.jks`: JKS, and PKCS#12, which keytool writes since
/// Java 9 under any file name (`keystore.type.compat` in its java.security).
pub(crate) fn open(container: &[u8], password: &str) -> Option<String> {
    jks::open(container, password)
        .and_then(|(key, chain)| Some(pem(&with_public_part(&key)?, &chain)))
        .or_else(|| open_pkcs12(container, password))
}

fn open_pkcs12(container: &[u8], password: &str) -> Option<String> {
    // Java makes no key for it of anything else (com/sun/crypto/provider/PBEKey.java).
    if !password.is_ascii() {
        return None;
    }
    let opened = Pkcs12::from_der(container).ok()?.parse2(password).ok()?;
    let leaf = opened.cert?.to_der().ok()?;
    let issuers = opened.ca.into_iter().flatten();
    let chain = std::iter::once(Some(leaf)).chain(issuers.map(|issuer| issuer.to_der().ok()));
    let key = with_public_part(&opened.pkey?.private_key_to_pkcs8().ok()?)?;
    Some(pem(&key, &chain.collect::<Option<Vec<_>>>()?))
}

/// Java writes an EC key without its public part (briansmith/ring#2133), and reads it so; OpenSSL makes it whole.
fn with_public_part(key: &[u8]) -> Option<Vec<u8>> {
    let key = PKey::private_key_from_pkcs8(key).ok()?;
    let whole = match key.ec_key() {
        // Its own writer leaves out what was not there.
        Ok(ec) => {
            let (group, secret, public) = (ec.group(), ec.private_key(), ec.public_key());
            PKey::from_ec_key(EcKey::from_private_components(group, secret, public).ok()?).ok()?
        }
        Err(_) => key,
    };
    whole.private_key_to_pkcs8().ok()
}

fn pem(key: &[u8], chain: &[Vec<u8>]) -> String {
    let section = |name: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n")
    };
    let certificates = chain.iter().map(|der| section("CERTIFICATE", der));
    certificates.chain([section("PRIVATE KEY", key)]).collect()
}

/// A server's settings for a pair: TLS 1.2 only, no ALPN, as build a27ed42.
pub(crate) fn tls(pair: &str) -> Result<Arc<ServerConfig>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pair.as_bytes())
        .collect::<Result<_, _>>()
        .context("reading the certificate")?;
    let key =
        PrivateKeyDer::from_pem_slice(pair.as_bytes()).context("reading the certificate's key")?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS12])
        .context("choosing TLS 1.2")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("using the certificate")?;
    Ok(Arc::new(config))
}
