//! Which certificates are accepted when a file says so.

use crate::pem::certificates;
use anyhow::Context;
use ib_cli::{Defect, Exit, OrExit, Result, Unreadable};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The flag that says which certificates IBKR's own hosts may show.
#[derive(clap::Args, Clone, Debug)]
pub struct CertificateArgs {
    /// Accept only a certificate in this file, or one issued by it
    ///
    /// The file is in PEM form. Without this flag the system's roots decide, and a loopback host may show any certificate.
    #[arg(long, value_name = "FILE", help_heading = ib_cli::flag_group::PLACES)]
    cacert: Option<PathBuf>,
}

impl CertificateArgs {
    pub(crate) fn file(&self) -> Option<&Path> {
        self.cacert.as_deref()
    }
}

/// Makes ring the provider of the process, once: reqwest without one panics.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    let ring = || {
        // Another part of the process may have been first: there is only one choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        CryptoProvider::get_default().cloned()
    };
    CryptoProvider::get_default()
        .cloned()
        .or_else(ring)
        .unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
}

/// A configuration that accepts the certificates in `file`, and those issued by them.
///
/// # Errors
/// `Config` when the file cannot be read or holds no certificate.
pub(crate) fn only_from(file: &Path) -> Result<ClientConfig> {
    let context = || format!("reading the certificates in {}", file.display());
    let text = std::fs::read(file)
        .with_context(context)
        .or_exit(Exit::Config)?;
    let accepted = certificates(&text).map_err(|why| why.error(context()))?;
    let provider = provider();
    let mut roots = RootCertStore::empty();
    // One that cannot be an authority can still be accepted as it is.
    roots.add_parsable_certificates(accepted.iter().cloned());
    let issued = (!roots.is_empty())
        .then(|| {
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
        })
        .transpose()
        .map_err(|_| Unreadable::new(Defect::NotX509).error(context()))?;
    let verifier = Verifier {
        accepted,
        issued,
        provider: Arc::clone(&provider),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .or_exit(Exit::Unexpected)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// Accepts a certificate that it has; asks the usual rules about every other.
///
/// The Gateway ships one self-signed pair, expired since 2019 and without a name, which no usual rule accepts; those
/// who replace it give the Gateway one of their own (Voyz/ibeam#58).
#[derive(Debug)]
struct Verifier {
    accepted: Vec<CertificateDer<'static>>,
    issued: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if self.accepted.contains(leaf) {
            return Ok(ServerCertVerified::assertion());
        }
        match &self.issued {
            Some(usual) => usual.verify_server_cert(leaf, intermediates, name, ocsp, now),
            None => Err(CertificateError::UnknownIssuer.into()),
        }
    }

    // A known certificate proves nothing alone: the server that shows it must also have its key.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, leaf, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, leaf, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests;
