//! A private key as PKCS#8 (RFC 5208), the only form that Java's keystores hold.

use crate::cp::keystore::der::{
    BIT_STRING, CONTEXT_1, INTEGER, OBJECT, OCTET_STRING, SEQUENCE, der, first,
};
use ib_cli::{Defect, Secret, Unreadable};
use rustls::SignatureAlgorithm;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// 1.2.840.10045.2.1, the name of a key on a curve in RFC 5480.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// The curves that browsers and every Java accept, P-256 and P-384, with the length of their numbers.
const CURVES: [(&[u8], usize); 2] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], 32),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], 48),
];

/// Why a key does not fit a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMisfit {
    /// It is the key of another certificate.
    OfAnother,
    /// Java does not read a point in that form: `sun.security.util.ECUtil`, "Only uncompressed point format supported".
    CompressedCertificate,
    Unsupported,
    Damaged,
}

/// The key in a PEM text.
pub(crate) fn in_pem(text: &[u8]) -> Result<PrivateKeyDer<'static>, Unreadable> {
    // The library's own error quotes the line that it cannot read.
    PrivateKeyDer::from_pem_slice(text)
        .map_err(|_| Unreadable::pem(text).unwrap_or(Unreadable::new(Defect::NoPlainKey)))
}

/// The key as PKCS#8, if it belongs to a certificate with this public key (SubjectPublicKeyInfo, RFC 5280).
pub(crate) fn pkcs8(key: &PrivateKeyDer<'_>, public_key: &[u8]) -> Result<Secret, KeyMisfit> {
    let number = number_of(key);
    match (CurveKey::read(public_key), number) {
        (Some(public), Some(number)) => public.joined_to(number),
        (None, Some(_)) if !is_on_a_curve(public_key) => Err(KeyMisfit::OfAnother),
        (_, None) | (None, Some(_)) => checked(key, public_key),
    }
}

/// The key as it is, if the Gateway can serve with it.
fn checked(key: &PrivateKeyDer<'_>, public_key: &[u8]) -> Result<Secret, KeyMisfit> {
    let Ok(signing) = any_supported_type(key) else {
        let is_whole = first(key.secret_der(), SEQUENCE).is_some_and(|key| key.rest.is_empty());
        return Err(if is_whole {
            KeyMisfit::Unsupported
        } else {
            KeyMisfit::Damaged
        });
    };
    // The Gateway speaks TLS 1.2, and an older Java does not take Ed25519 there.
    if signing.algorithm() == SignatureAlgorithm::ED25519 {
        return Err(KeyMisfit::Unsupported);
    }
    if signing
        .public_key()
        .is_none_or(|own| own.as_ref() != public_key)
    {
        return Err(KeyMisfit::OfAnother);
    }
    Ok(match key {
        PrivateKeyDer::Pkcs8(_) => Secret::new(key.secret_der().to_vec()),
        _ => wrapped(algorithm(public_key).unwrap_or_default(), key.secret_der()),
    })
}

/// The key with its algorithm, which the older forms of OpenSSL lack.
fn wrapped(algorithm: &[u8], key: &[u8]) -> Secret {
    let parts = [
        der(INTEGER, &[0]),
        algorithm.to_vec(),
        der(OCTET_STRING, key),
    ];
    Secret::new(der(SEQUENCE, &parts.concat()))
}

/// The public key of a certificate on one of the curves.
struct CurveKey<'a> {
    algorithm: &'a [u8],
    /// The length of a number of the curve.
    length: usize,
    point: &'a [u8],
}

impl<'a> CurveKey<'a> {
    fn read(public_key: &'a [u8]) -> Option<Self> {
        let parts = first(public_key, SEQUENCE)?;
        let algorithm = first(parts.content, SEQUENCE)?;
        let kind = first(algorithm.content, OBJECT).filter(|kind| kind.content == EC)?;
        let curve = first(kind.rest, OBJECT)?;
        let (_, length) = CURVES
            .into_iter()
            .find(|(name, _)| *name == curve.content)?;
        let point = first(algorithm.rest, BIT_STRING)?;
        Some(Self {
            algorithm: algorithm.whole,
            length,
            // The first byte says how many bits of the last byte do not count.
            point: point.content.get(1..)?,
        })
    }

    /// The pair as OpenSSL writes it. Java's keytool leaves the point out, and others compress it (briansmith/ring#2133).
    fn joined_to(&self, number: &[u8]) -> Result<Secret, KeyMisfit> {
        if self.point.len() != 1 + 2 * self.length {
            return Err(KeyMisfit::CompressedCertificate);
        }
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = &number[zeros..];
        let Some(missing) = self.length.checked_sub(digits.len()) else {
            return Err(KeyMisfit::OfAnother);
        };
        let number = [&vec![0; missing], digits].concat();
        let point = der(BIT_STRING, &[&[0], self.point].concat());
        let parts = [
            der(INTEGER, &[1]),
            der(OCTET_STRING, &number),
            der(CONTEXT_1, &point),
        ];
        let joined = wrapped(self.algorithm, &der(SEQUENCE, &parts.concat()));
        // The library computes the point from the number, and compares.
        let key = PrivatePkcs8KeyDer::from(joined.expose());
        any_supported_type(&PrivateKeyDer::Pkcs8(key)).map_err(|_| KeyMisfit::OfAnother)?;
        Ok(joined)
    }
}

/// The secret number of a key on a curve (ECPrivateKey, RFC 5915).
fn number_of<'a>(key: &'a PrivateKeyDer<'_>) -> Option<&'a [u8]> {
    let sec1 = match key {
        PrivateKeyDer::Sec1(key) => key.secret_sec1_der(),
        PrivateKeyDer::Pkcs8(key) => {
            let version = first(first(key.secret_pkcs8_der(), SEQUENCE)?.content, INTEGER)?;
            let algorithm = first(version.rest, SEQUENCE)?;
            first(algorithm.content, OBJECT).filter(|kind| kind.content == EC)?;
            first(algorithm.rest, OCTET_STRING)?.content
        }
        _ => return None,
    };
    let version = first(first(sec1, SEQUENCE)?.content, INTEGER)?;
    Some(first(version.rest, OCTET_STRING)?.content)
}

/// The first element of a public key, which names the algorithm and the curve.
fn algorithm(public_key: &[u8]) -> Option<&[u8]> {
    Some(first(first(public_key, SEQUENCE)?.content, SEQUENCE)?.whole)
}

fn is_on_a_curve(public_key: &[u8]) -> bool {
    let kind = algorithm(public_key)
        .and_then(|algorithm| first(first(algorithm, SEQUENCE)?.content, OBJECT));
    kind.is_some_and(|kind| kind.content == EC)
}
