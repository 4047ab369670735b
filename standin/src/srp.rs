//! The server's half of the login's SRP-6 exchange.
//!
//! Numbers and order are those of the page's script; michaeljherrmann/ib-gateway-service
//! (`server/auth`) and deepentropy/ibx publish the same constants. Every number is one of 2048 bits
//! here, in every group.

mod terms;

pub use terms::{GENERATOR, ServerGroup, ServerHash, ServerTerms};

use crate::hex;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, U2048, Uint};
use sha1::{Digest, Sha1};

/// One exchange between INIT and COMPLETEAUTH.
pub struct ServerExchange {
    terms: ServerTerms,
    user: String,
    salt: Vec<u8>,
    client: U2048,
    secret: U2048,
    verifier: U2048,
    server: U2048,
}

/// What a right proof earns: the answer and the two values both sides now share.
#[derive(Clone)]
pub struct Shared {
    /// The client's proof, as it was sent.
    pub m1: String,
    /// The server's own proof, 40 hexadecimal digits.
    pub m2: String,
    /// The session key K, 40 hexadecimal digits.
    pub key: String,
    /// The session cookie's value, 40 hexadecimal digits.
    pub cookie: String,
}

impl ServerExchange {
    /// Starts an exchange; `None` when the client's `A` is not a number or is nothing modulo N.
    pub fn begin(
        terms: ServerTerms,
        user: &str,
        password: &str,
        salt: &[u8],
        client: &str,
        secret: [u8; 32],
    ) -> Option<Self> {
        let client = number(&hex::decode(client)?)?;
        let modulus = NonZero::new(terms.modulus()).into_option()?;
        if client.rem_vartime(&modulus) == U2048::ZERO {
            return None;
        }
        let inner = terms.hash(&[user.as_bytes(), b":", password.as_bytes()]);
        let generator = U2048::from(GENERATOR);
        let verifier = terms.power(&generator, &number(&terms.hash(&[salt, &inner]))?);
        let secret = number(&secret)?;
        let multiplier = number(&terms.multiplier())?;
        let server = verifier
            .mul_mod_vartime(&multiplier, &modulus)
            .add_mod(&terms.power(&generator, &secret), &modulus);
        let (user, salt) = (user.to_owned(), salt.to_owned());
        Some(Self {
            terms,
            user,
            salt,
            client,
            secret,
            verifier,
            server,
        })
    }

    /// The server's public number as `B` is sent: as many digits as the modulus has.
    pub fn server_number(&self) -> String {
        hex::encode(&self.terms.padded(&bytes(&self.server)))
    }

    /// Checks the client's proof; `None` when it is wrong, or is not written as the page writes it: in a multiple of
    /// 8 digits (marchenko1985/clientportal).
    pub fn check(&self, m1: &str) -> Option<Shared> {
        if !m1.len().is_multiple_of(8) {
            return None;
        }
        let (client, server) = (bytes(&self.client), bytes(&self.server));
        let terms = &self.terms;
        let modulus = NonZero::new(terms.modulus()).into_option()?;
        let u = number(&terms.scrambler(&client, &server))?;
        let base = self
            .client
            .mul_mod_vartime(&terms.power(&self.verifier, &u), &modulus);
        let key = terms.hash(&[&bytes(&terms.power(&base, &self.secret))]);
        let user = terms.hash(&[self.user.as_bytes()]);
        // One username in 256 has a hash that begins with a zero byte: older scripts hash 20
        // bytes of it, today's 19, and the server is content with both.
        let right = [&user[..], stripped(&user)]
            .into_iter()
            .map(|user| {
                terms.hash(&[
                    &terms.group_hash(),
                    user,
                    &self.salt,
                    &client,
                    &server,
                    stripped(&key),
                ])
            })
            .find(|proof| hex::same_number(&hex::encode(proof), m1))?;
        Some(Shared {
            m1: m1.to_owned(),
            m2: hex::encode(&terms.hash(&[&client, stripped(&right), stripped(&key)])),
            cookie: hex::encode(&terms.hash(&[&server, stripped(&key)])),
            key: hex::encode(&key),
        })
    }
}

/// Raises `base` to `exponent` modulo an odd number.
pub fn raise<const LIMBS: usize>(
    base: &Uint<LIMBS>,
    exponent: &Uint<LIMBS>,
    modulus: Odd<Uint<LIMBS>>,
) -> Uint<LIMBS> {
    let parameters = FixedMontyParams::new_vartime(modulus);
    FixedMontyForm::new(base, &parameters)
        .pow_vartime(exponent)
        .retrieve()
}

fn number(bytes: &[u8]) -> Option<U2048> {
    let bytes = stripped(bytes);
    let mut padded = [0; 256];
    padded
        .get_mut(256_usize.checked_sub(bytes.len())?..)?
        .copy_from_slice(bytes);
    Some(U2048::from_be_slice(&padded))
}

fn bytes(number: &U2048) -> Vec<u8> {
    stripped(number.to_be_bytes().as_ref()).to_vec()
}

fn stripped(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// SHA-1 over parts written one after the other.
pub fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

#[cfg(test)]
mod vectors;
