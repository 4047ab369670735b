//! What the server chooses: the group, the hash, the protocol, sound or not.

use super::{bytes, number, raise, sha1};
use crate::hex;
use crypto_bigint::{Odd, U2048};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The groups' generator, as `g` is sent.
pub const GENERATOR: u8 = 2;

/// A group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerGroup {
    /// IBKR's own.
    #[default]
    Ibkr,
    /// RFC 5054, appendix A.
    #[serde(rename = "rfc5054-1024")]
    Rfc5054Of1024,
    /// RFC 5054, appendix A.
    #[serde(rename = "rfc5054-2048")]
    Rfc5054Of2048,
    /// One of IBKR's size that no client knows.
    Unknown,
    /// One in which a password is guessed in an afternoon.
    Weak,
}

/// A hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerHash {
    /// IBKR's.
    #[default]
    #[serde(rename = "SHA1")]
    Sha1,
    /// The other that the page knows.
    #[serde(rename = "SHA256")]
    Sha256,
    /// One that no client takes. The server does not compute it either.
    #[serde(rename = "MD5")]
    Md5,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTerms {
    /// The group.
    pub group: ServerGroup,
    /// The hash of every step.
    pub hash: ServerHash,
    /// The protocol, as `proto` is sent.
    pub proto: String,
}

impl ServerGroup {
    /// The modulus, as `N` is sent.
    pub fn modulus(self) -> &'static str {
        match self {
            Self::Ibkr => {
                "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43"
            }
            Self::Rfc5054Of1024 => {
                "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576D674DF7496EA81D3383B4813D692C6E0E0D5D8E250B98BE48E495C1D6089DAD15DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC68EDBC3C05726CC02FD4CBF4976EAA9AFD5138FE8376435B9FC61D2FC0EB06E3"
            }
            Self::Rfc5054Of2048 => {
                "AC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED8193E0757767A13DD52312AB4B03310DCD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3661A05FBD5FAAAE82918A9962F0B93B855F97993EC975EEAA80D740ADBF4FF747359D041D5C33EA71D281E446B14773BCA97B43A23FB801676BD207A436C6481F1D2B9078717461A5B9D32E688F87748544523B524B0D57D5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6AF874E7303CE53299CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB694B5C803D89F7AE435DE236D525F54759B65E372FCD68EF20FA7111F9E4AFF73"
            }
            Self::Unknown => {
                "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca45"
            }
            Self::Weak => "fffffffb",
        }
    }
}

impl ServerTerms {
    pub(super) fn modulus(&self) -> U2048 {
        let bytes = hex::decode(self.group.modulus()).unwrap_or_default();
        number(&bytes).unwrap_or(U2048::ONE)
    }

    pub(super) fn power(&self, base: &U2048, exponent: &U2048) -> U2048 {
        match Odd::new(self.modulus()).into_option() {
            Some(modulus) => raise(base, exponent, modulus),
            None => U2048::ZERO,
        }
    }

    pub(super) fn hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        match self.hash {
            ServerHash::Sha256 => Sha256::digest(parts.concat()).to_vec(),
            ServerHash::Sha1 | ServerHash::Md5 => sha1(parts).to_vec(),
        }
    }

    /// k.
    pub(super) fn multiplier(&self) -> Vec<u8> {
        match self.proto.as_str() {
            "6a" => self.hash(&[&bytes(&self.modulus()), &self.padded(&[GENERATOR])]),
            _ => vec![3],
        }
    }

    /// u.
    pub(super) fn scrambler(&self, client: &[u8], server: &[u8]) -> Vec<u8> {
        match self.proto.as_str() {
            "6a" => self.hash(&[&self.padded(client), &self.padded(server)]),
            _ => self.hash(&[client, server]),
        }
    }

    /// H(N) xor H(g).
    pub(super) fn group_hash(&self) -> Vec<u8> {
        let modulus = self.hash(&[&bytes(&self.modulus())]);
        let generator = self.hash(&[&[GENERATOR]]);
        modulus
            .iter()
            .zip(generator)
            .map(|(left, right)| left ^ right)
            .collect()
    }

    /// A number with as many bytes as the modulus.
    pub(super) fn padded(&self, number: &[u8]) -> Vec<u8> {
        let size = self.group.modulus().len() / 2;
        let mut padded = vec![0; size.saturating_sub(number.len())];
        padded.extend_from_slice(number);
        padded
    }
}
