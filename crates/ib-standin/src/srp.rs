//! The server's half of the login's SRP-6 exchange: protocol `6`, SHA-1, the 512-bit group.
//!
//! Numbers and order are those of the page's script; michaeljherrmann/ib-gateway-service
//! (`server/auth`) and deepentropy/ibx publish the same constants.

use crate::hex;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, U512, Uint};
use sha1::{Digest, Sha1};

/// The group's modulus, as `N` is sent.
pub const MODULUS: &str = "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43";
/// The group's generator, as `g` is sent.
pub const GENERATOR: u8 = 2;
const MULTIPLIER: u64 = 3;

/// One exchange between INIT and COMPLETEAUTH.
pub struct Exchange {
    user: String,
    salt: Vec<u8>,
    client: U512,
    secret: U512,
    verifier: U512,
    server: U512,
}

/// What a right proof earns: the answer and the two values both sides now share.
#[derive(Clone)]
pub struct Shared {
    /// The server's own proof, 40 hexadecimal digits.
    pub m2: String,
    /// The session key K, 40 hexadecimal digits.
    pub key: String,
    /// The session cookie's value, 40 hexadecimal digits.
    pub cookie: String,
}

impl Exchange {
    /// Starts an exchange; `None` when the client's `A` is not a number or is nothing modulo N.
    pub fn begin(
        user: &str,
        password: &str,
        salt: &[u8],
        client: &str,
        secret: [u8; 32],
    ) -> Option<Self> {
        let client = number(&hex::decode(client)?)?;
        let modulus = modulus();
        if client.rem_vartime(&modulus) == U512::ZERO {
            return None;
        }
        let inner = sha1(&[user.as_bytes(), b":", password.as_bytes()]);
        let verifier = power(&U512::from(GENERATOR), &number(&sha1(&[salt, &inner]))?);
        let secret = number(&secret)?;
        let server = verifier
            .mul_mod_vartime(&U512::from(MULTIPLIER), &modulus)
            .add_mod(&power(&U512::from(GENERATOR), &secret), &modulus);
        let (user, salt) = (user.to_owned(), salt.to_owned());
        Some(Self {
            user,
            salt,
            client,
            secret,
            verifier,
            server,
        })
    }

    /// The server's public number as `B` is sent: 128 digits.
    pub fn server_number(&self) -> String {
        hex::encode(self.server.to_be_bytes().as_ref())
    }

    /// Checks the client's proof; `None` when it is wrong.
    pub fn check(&self, m1: &str) -> Option<Shared> {
        let (client, server) = (bytes(&self.client), bytes(&self.server));
        let u = number(&sha1(&[&client, &server]))?;
        let base = self
            .client
            .mul_mod_vartime(&power(&self.verifier, &u), &modulus());
        let key = sha1(&[&bytes(&power(&base, &self.secret))]);
        let user = sha1(&[self.user.as_bytes()]);
        // One username in 256 has a hash that begins with a zero byte: older scripts hash 20
        // bytes of it, today's 19, and the server is content with both.
        let right = [&user[..], stripped(&user)]
            .into_iter()
            .map(|user| {
                sha1(&[
                    &group_hash(),
                    user,
                    &self.salt,
                    &client,
                    &server,
                    stripped(&key),
                ])
            })
            .find(|proof| hex::same_number(&hex::encode(proof), m1))?;
        Some(Shared {
            m2: hex::encode(&sha1(&[&client, stripped(&right), stripped(&key)])),
            cookie: hex::encode(&sha1(&[&server, stripped(&key)])),
            key: hex::encode(&key),
        })
    }
}

fn modulus() -> NonZero<U512> {
    NonZero::<U512>::new_unwrap(U512::from_be_hex(MODULUS))
}

fn group_hash() -> Vec<u8> {
    let (modulus, generator) = (sha1(&[&bytes(&modulus())]), sha1(&[&[GENERATOR]]));
    modulus
        .iter()
        .zip(generator)
        .map(|(left, right)| left ^ right)
        .collect()
}

fn power(base: &U512, exponent: &U512) -> U512 {
    match Option::<Odd<U512>>::from(Odd::new(U512::from_be_hex(MODULUS))) {
        Some(modulus) => raise(base, exponent, modulus),
        None => U512::ZERO,
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

fn number(bytes: &[u8]) -> Option<U512> {
    let bytes = stripped(bytes);
    let mut padded = [0; 64];
    padded
        .get_mut(64_usize.checked_sub(bytes.len())?..)?
        .copy_from_slice(bytes);
    Some(U512::from_be_slice(&padded))
}

fn bytes(number: &U512) -> Vec<u8> {
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
