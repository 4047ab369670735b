//! The client's side of the login's SRP-6 exchange: a pure function of what both sides send.
//!
//! Numbers and order are those of the page's script. marchenko1985/clientportal (JSON) and
//! michaeljherrmann/ib-gateway-service (XML) have them too. Where the two disagree about leading zeros, this tool does as
//! the page of today, which drops them.

use super::arithmetic::{SrpNumbers, public_number, shared_secret};
use super::hex::{self, stripped};
use super::terms::{Protocol, SrpGroup, SrpTerms};
use crypto_bigint::{CtEq, U256};
use zeroize::Zeroizing;

/// The client, before the server has answered.
pub(crate) struct SrpClient {
    terms: SrpTerms,
    secret: Zeroizing<[u8; 32]>,
    public: Vec<u8>,
}

/// The server's salt and number.
pub(crate) struct SrpServer {
    /// The salt of the password, as it was sent.
    pub salt: Vec<u8>,
    /// Its number B.
    pub number: Vec<u8>,
}

/// A proof that the client knows the password, and what it takes to check the server's.
pub(crate) struct SrpProof {
    key: Zeroizing<Vec<u8>>,
    m1: Vec<u8>,
    m2: Vec<u8>,
    cookie: Zeroizing<Vec<u8>>,
    has_doubtful_zeros: bool,
}

impl SrpClient {
    /// A client from 256 random bits.
    pub(crate) fn new(terms: SrpTerms, secret: Zeroizing<[u8; 32]>) -> Self {
        let public = public_number(terms.group, &*secret);
        Self {
            terms,
            secret,
            public,
        }
    }

    /// The client's number A, without leading zeros.
    pub(crate) fn public(&self) -> &[u8] {
        &self.public
    }

    /// The proof; `None` when the server's number cannot be used.
    pub(crate) fn prove(
        &self,
        username: &str,
        password: &str,
        server: &SrpServer,
    ) -> Option<SrpProof> {
        let hash = |parts: &[&[u8]]| self.terms.hash.of(parts);
        let a = self.public();
        let b = stripped(&server.number);
        let inner = Zeroizing::new(hash(&[username.as_bytes(), b":", password.as_bytes()]));
        let password = Zeroizing::new(hash(&[&server.salt, &inner]));
        let scrambler = self.scrambler(b);
        // With u = 0 the secret would not depend on the password.
        if stripped(&scrambler).is_empty() {
            return None;
        }
        let secret = shared_secret(
            self.terms.group,
            &SrpNumbers {
                server: b,
                multiplier: &self.multiplier(),
                password: &password,
                secret: &*self.secret,
                scrambler: &scrambler,
            },
        )?;
        let whole_key = Zeroizing::new(hash(&[&secret]));
        let key = Zeroizing::new(stripped(&whole_key).to_vec());
        let m1 = hash(&[
            &self.group_hash(),
            stripped(&hash(&[username.as_bytes()])),
            &server.salt,
            a,
            b,
            &key,
        ]);
        let m1 = stripped(&m1).to_vec();
        let full = self.terms.group.size();
        Some(SrpProof {
            m2: hash(&[a, &m1, &key]),
            cookie: Zeroizing::new(hash(&[b, &key])),
            has_doubtful_zeros: whole_key.first() == Some(&0)
                || secret.len() + 2 <= full
                // Clients hash it into the cookie as it was sent, or as a number.
                || server.number.first() == Some(&0)
                // Clients hash them at full length, or as numbers.
                || self.terms.protocol == Protocol::SixA && a.len().min(b.len()) < full,
            m1,
            key,
        })
    }

    /// k: 3, or a hash of the group.
    fn multiplier(&self) -> Vec<u8> {
        match self.terms.protocol {
            Protocol::Six => vec![3],
            Protocol::SixA => {
                let modulus = self.terms.group.modulus_bytes();
                let generator = self.padded(&[SrpGroup::GENERATOR]);
                self.terms.hash.of(&[&modulus, &generator])
            }
        }
    }

    /// u: a hash of both numbers.
    fn scrambler(&self, server: &[u8]) -> Vec<u8> {
        match self.terms.protocol {
            Protocol::Six => self.terms.hash.of(&[self.public(), server]),
            Protocol::SixA => {
                let a = self.padded(self.public());
                let b = self.padded(server);
                self.terms.hash.of(&[&a, &b])
            }
        }
    }

    fn padded(&self, number: &[u8]) -> Vec<u8> {
        let zeros = self.terms.group.size().saturating_sub(number.len());
        [&vec![0; zeros], number].concat()
    }

    /// H(N) xor H(g).
    fn group_hash(&self) -> Vec<u8> {
        let modulus = self.terms.hash.of(&[&self.terms.group.modulus_bytes()]);
        let generator = self.terms.hash.of(&[&[SrpGroup::GENERATOR]]);
        let pairs = modulus.iter().zip(generator);
        pairs.map(|(left, right)| left ^ right).collect()
    }
}

impl SrpProof {
    /// The proof of the password, as it is sent in `M1`: with leading zeros up to a multiple of 8 digits, as the page of
    /// today has it (marchenko1985/clientportal), so that no reader of pairs of digits loses the first.
    pub(crate) fn m1(&self) -> String {
        let digits = hex::digits(&self.m1);
        let width = digits.len().next_multiple_of(8);
        format!("{digits:0>width$}")
    }

    /// The proof that the server must give, as it is sent to the Dispatcher in `M2`.
    pub(crate) fn m2(&self) -> String {
        hex::digits(&self.m2)
    }

    /// The session key K, which `EKX` carries.
    pub(crate) fn key(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::number(&self.key))
    }

    /// The value of the session's cookies.
    pub(crate) fn cookie(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::digits(&self.cookie))
    }

    /// Whether the server's answer proves that it knows the password's verifier. Compared as numbers, since either side
    /// may drop zeros, and in a time that does not show where they differ.
    pub(crate) fn is_answered_by(&self, m2: &str) -> bool {
        let Some(theirs) = hex::bytes(m2).and_then(|bytes| number(&bytes)) else {
            return false;
        };
        number(&self.m2).is_some_and(|ours| ours.ct_eq(&theirs).into())
    }

    /// Whether clients disagree about the leading zeros of such a secret, key or number (marchenko1985/clientportal,
    /// michaeljherrmann/ib-gateway-service). Another exchange costs a request; a proof that does not fit counts as a wrong
    /// password.
    pub(crate) fn has_doubtful_zeros(&self) -> bool {
        self.has_doubtful_zeros
    }
}

fn number(bytes: &[u8]) -> Option<U256> {
    let bytes = stripped(bytes);
    let mut padded = [0; 32];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(U256::from_be_slice(&padded))
}

#[cfg(test)]
mod published;
#[cfg(test)]
mod twin;
#[cfg(test)]
mod vectors;
