use super::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConnection, Connection, ServerConfig, ServerConnection};

/// A certificate and the key that a server signs with.
struct Pair {
    pem: String,
    leaf: CertificateDer<'static>,
    key: KeyPair,
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn pair(certificate: &rcgen::Certificate, key: KeyPair) -> Pair {
    Pair {
        pem: certificate.pem(),
        leaf: certificate.der().clone(),
        key,
    }
}

/// What the Gateway ships: its own issuer, expired, without a name.
fn shipped() -> Pair {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2019, 2, 10);
    params.not_after = date_time_ymd(2019, 5, 11);
    let key = key();
    pair(&params.self_signed(&key).expect("a certificate"), key)
}

/// An authority in PEM, and what it issued for a name.
fn issued(name: &str) -> (String, Pair) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = key();
    let authority = params.self_signed(&authority_key).expect("an authority");
    let issuer = Issuer::new(params, authority_key);
    let key = key();
    let leaf = CertificateParams::new([name.to_owned()])
        .and_then(|params| params.signed_by(&key, &issuer))
        .expect("a certificate");
    (authority.pem(), pair(&leaf, key))
}

#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesServerCert for Shows {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Whether we speak to a server that shows a certificate and signs with a key, when these are accepted.
fn handshake(accepted: &str, shown: &Pair, key: &KeyPair, version: usize) -> bool {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(&file, accepted).expect("the file can be written");
    let config = only_from(file.path()).expect("the file holds certificates");
    let provider = provider();
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing = provider.key_provider.load_private_key(der).expect("a key");
    let shown = CertifiedKey::new(vec![shown.leaf.clone()], signing);
    let server = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[rustls::ALL_VERSIONS[version]])
        .expect("a version")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Shows(Arc::new(shown))));
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let server = ServerConnection::new(Arc::new(server)).expect("a server");
    shake(client.into(), server.into())
}

fn shake(mut client: Connection, mut server: Connection) -> bool {
    for _ in 0..8 {
        for (from, to) in [(0, 1), (1, 0)] {
            let ends = [&mut client, &mut server];
            let mut wire = Vec::new();
            while ends[from].wants_write() {
                ends[from]
                    .write_tls(&mut wire)
                    .expect("memory can be written");
            }
            let mut wire = wire.as_slice();
            while !wire.is_empty() {
                ends[to].read_tls(&mut wire).expect("memory can be read");
                if ends[to].process_new_packets().is_err() {
                    return false;
                }
            }
        }
    }
    !client.is_handshaking() && !server.is_handshaking()
}

const VERSIONS: std::ops::Range<usize> = 0..2;

#[test]
fn accepts_the_certificate_in_the_file_expired_or_not() {
    let (shipped, other) = (shipped(), self::shipped());
    for version in VERSIONS {
        assert!(handshake(&shipped.pem, &shipped, &shipped.key, version));
        let both = other.pem.clone() + &shipped.pem;
        assert!(handshake(&both, &shipped, &shipped.key, version));
        assert!(!handshake(&other.pem, &shipped, &shipped.key, version));
    }
}

#[test]
fn wants_the_key_of_a_known_certificate() {
    let (shipped, thief) = (shipped(), key());
    for version in VERSIONS {
        assert!(!handshake(&shipped.pem, &shipped, &thief, version));
    }
}

#[test]
fn accepts_what_an_authority_in_the_file_issued_for_this_host() {
    let (authority, leaf) = issued("localhost");
    let (_, stranger) = issued("localhost");
    let (elsewhere, misnamed) = issued("gateway.example");
    for version in VERSIONS {
        assert!(handshake(&authority, &leaf, &leaf.key, version));
        assert!(!handshake(&authority, &stranger, &stranger.key, version));
        assert!(!handshake(&elsewhere, &misnamed, &misnamed.key, version));
    }
}
