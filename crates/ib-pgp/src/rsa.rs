//! RSA signatures with a key that OpenSSL prepares once.
//!
//! The OpenPGP library computes with Nettle, which takes twice as long for a signature of RSA-4096. Its OpenSSL backend
//! takes four times as long: it passes only n, e and d, and does so for each signature (sequoia-openpgp 2.4.2,
//! `src/crypto/backend/openssl/asymmetric.rs`, `sign_backend`).

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;
use openssl::md::{Md, MdRef};
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, RsaPrivateKeyBuilder};
use sequoia_openpgp as openpgp;
use sequoia_openpgp::crypto::{Signer, mpi};
use sequoia_openpgp::packet::Key;
use sequoia_openpgp::packet::key::{PublicParts, UnspecifiedRole};
use sequoia_openpgp::types::HashAlgorithm;

/// An RSA key that is ready to sign, also in several threads.
#[derive(Clone)]
pub(crate) struct RsaSigner {
    public: Key<PublicParts, UnspecifiedRole>,
    prepared: PKey<Private>,
}

impl RsaSigner {
    /// Prepares a key; `None` when it is not an RSA key.
    pub(crate) fn prepare(
        public: &Key<PublicParts, UnspecifiedRole>,
        secret: &mpi::SecretKeyMaterial,
    ) -> Option<Result<Self, ErrorStack>> {
        let (mpi::PublicKey::RSA { e, n }, mpi::SecretKeyMaterial::RSA { d, p, q, u }) =
            (public.mpis(), secret)
        else {
            return None;
        };
        let numbers = Numbers { n, e, d, p, q, u };
        let signer = numbers.prepare().map(|prepared| Self {
            public: public.clone(),
            prepared,
        });
        Some(signer)
    }
}

impl Signer for RsaSigner {
    fn public(&self) -> &Key<PublicParts, UnspecifiedRole> {
        &self.public
    }

    fn sign(&mut self, hash: HashAlgorithm, digest: &[u8]) -> openpgp::Result<mpi::Signature> {
        let mut context = PkeyCtx::new(&self.prepared)?;
        context.sign_init()?;
        context.set_rsa_padding(Padding::PKCS1)?;
        context.set_signature_md(message_digest(hash)?)?;
        let mut signature = Vec::new();
        context.sign_to_vec(digest, &mut signature)?;
        let s = mpi::MPI::new(&signature);
        Ok(mpi::Signature::RSA { s })
    }
}

fn message_digest(hash: HashAlgorithm) -> openpgp::Result<&'static MdRef> {
    match hash {
        HashAlgorithm::SHA256 => Ok(Md::sha256()),
        HashAlgorithm::SHA384 => Ok(Md::sha384()),
        HashAlgorithm::SHA512 => Ok(Md::sha512()),
        // Weaker hashes are never used.
        other => Err(openpgp::Error::UnsupportedHashAlgorithm(other).into()),
    }
}

/// The numbers of a key, with the names of RFC 9580, 5.5.5.1; u is the inverse of p modulo q.
struct Numbers<'a> {
    n: &'a mpi::MPI,
    e: &'a mpi::MPI,
    d: &'a mpi::ProtectedMPI,
    p: &'a mpi::ProtectedMPI,
    q: &'a mpi::ProtectedMPI,
    u: &'a mpi::ProtectedMPI,
}

impl Numbers<'_> {
    fn prepare(&self) -> Result<PKey<Private>, ErrorStack> {
        let d = BigNum::from_slice(self.d.value())?;
        // OpenSSL takes the inverse of the second factor modulo the first (RFC 8017, 3.2), so p and q change places.
        let first = BigNum::from_slice(self.q.value())?;
        let second = BigNum::from_slice(self.p.value())?;
        let of_first = exponent(&d, &first)?;
        let of_second = exponent(&d, &second)?;
        let n = BigNum::from_slice(self.n.value())?;
        let e = BigNum::from_slice(self.e.value())?;
        let coefficient = BigNum::from_slice(self.u.value())?;
        // OpenSSL wipes these numbers when it frees the key (RSA_free).
        let key = RsaPrivateKeyBuilder::new(n, e, d)?
            .set_factors(first, second)?
            .set_crt_params(of_first, of_second, coefficient)?
            .build();
        PKey::from_rsa(key)
    }
}

/// d modulo (prime - 1), in constant time.
fn exponent(d: &BigNumRef, prime: &BigNumRef) -> Result<BigNum, ErrorStack> {
    let mut modulus = prime.to_owned()?;
    modulus.sub_word(1)?;
    let mut secret = d.to_owned()?;
    secret.set_const_time();
    let mut exponent = BigNum::new_secure()?;
    let mut context = BigNumContext::new_secure()?;
    let done = exponent.nnmod(&secret, &modulus, &mut context);
    secret.clear();
    modulus.clear();
    done.map(|()| exponent)
}
