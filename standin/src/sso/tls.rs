//! The two hosts' certificate, issued by an authority that is made at each start.

use crate::args::TlsLie;
use crate::world::World;
use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use std::fmt;
use std::sync::Arc;

/// The hosts' settings, and the authority's certificate in PEM.
pub(crate) fn settings(
    world: &Arc<World>,
    lie: Option<TlsLie>,
) -> Result<(Arc<ServerConfig>, String)> {
    let mut authority = CertificateParams::default();
    let name = "ib-standin, made for one run";
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().context("making the authority's key")?;
    let pem = authority
        .self_signed(&key)
        .context("signing the authority's certificate")?
        .pem();
    let (leaf, leaf_key) = leaf(&Issuer::new(authority, key), lie)?;

    let provider = Arc::new(ring::default_provider());
    let certified = CertifiedKey::from_der(vec![leaf], leaf_key, &provider)
        .context("using the hosts' certificate")?;
    let counting = Counting {
        world: Arc::clone(world),
        certified: Arc::new(certified),
    };
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .context("choosing TLS 1.3 and 1.2")?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(counting));
    Ok((Arc::new(config), pem))
}

type Leaf = (
    rustls::pki_types::CertificateDer<'static>,
    PrivateKeyDer<'static>,
);

fn leaf(issuer: &Issuer<'_, KeyPair>, lie: Option<TlsLie>) -> Result<Leaf> {
    let names = match lie {
        Some(TlsLie::WrongName) => vec!["elsewhere.invalid".to_owned()],
        Some(TlsLie::Expired | TlsLie::Closes) | None => {
            vec!["localhost".to_owned(), "127.0.0.1".to_owned()]
        }
    };
    let mut certificate = CertificateParams::new(names).context("naming the hosts")?;
    if lie == Some(TlsLie::Expired) {
        certificate.not_before = date_time_ymd(2020, 1, 1);
        certificate.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().context("making the hosts' key")?;
    let certificate = certificate
        .signed_by(&key, issuer)
        .context("signing the hosts' certificate")?;
    let key = PrivateKeyDer::try_from(key.serialize_der())
        .map_err(|error| anyhow::anyhow!("reading the hosts' key: {error}"))?;
    Ok((certificate.der().clone(), key))
}

/// Shows the certificate and counts how often it was asked for: once in each handshake.
struct Counting {
    world: Arc<World>,
    certified: Arc<CertifiedKey>,
}

impl fmt::Debug for Counting {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("Counting")
    }
}

impl ResolvesServerCert for Counting {
    fn resolve(&self, _: ClientHello) -> Option<Arc<CertifiedKey>> {
        count(&self.world);
        Some(Arc::clone(&self.certified))
    }
}

/// Counts one handshake.
pub(crate) fn count(world: &World) {
    if let Some(sso) = &mut world.truth().sso {
        sso.handshakes += 1;
    }
}
