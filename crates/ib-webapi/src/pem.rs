//! Certificates as files hold them.

use ib_cli::{Defect, Unreadable};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The certificates in a PEM text, at least one, in their order.
///
/// # Errors
/// When the text has no certificate, or one of its sections is damaged, that of a key among them.
pub fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unreadable> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        // The library's own words show the line it stumbled over, which may be that of a private key.
        Ok(_) => Err(Unreadable::pem(text).unwrap_or(Unreadable::new(Defect::NoCertificate))),
        Err(_) => Err(Unreadable::pem(text).unwrap_or(Unreadable::new(Defect::BesideCertificate))),
    }
}
