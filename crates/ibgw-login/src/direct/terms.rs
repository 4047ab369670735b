//! The terms of the exchange on which both sides must agree: the group, the hash, the protocol.

use super::hex;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The groups that are known to be sound. A server that may choose another one could choose one in which it learns about
/// the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SrpGroup {
    /// IBKR's own, of 512 bits (michaeljherrmann/ib-gateway-service, deepentropy/ibx).
    Ibkr,
    /// RFC 5054, appendix A: 1024 bits.
    Rfc5054Of1024,
    /// RFC 5054, appendix A: 2048 bits.
    Rfc5054Of2048,
}

impl SrpGroup {
    const ALL: [Self; 3] = [Self::Ibkr, Self::Rfc5054Of1024, Self::Rfc5054Of2048];

    /// The modulus, a safe prime, in hexadecimal digits.
    pub(crate) fn modulus(self) -> &'static str {
        match self {
            Self::Ibkr => {
                "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43"
            }
            Self::Rfc5054Of1024 => {
                "eeaf0ab9adb38dd69c33f80afa8fc5e86072618775ff3c0b9ea2314c9c256576d674df7496ea81d3383b4813d692c6e0e0d5d8e250b98be48e495c1d6089dad15dc7d7b46154d6b6ce8ef4ad69b15d4982559b297bcf1885c529f566660e57ec68edbc3c05726cc02fd4cbf4976eaa9afd5138fe8376435b9fc61d2fc0eb06e3"
            }
            Self::Rfc5054Of2048 => {
                "ac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13dd52312ab4b03310dcd7f48a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b855f97993ec975eeaa80d740adbf4ff747359d041d5c33ea71d281e446b14773bca97b43a23fb801676bd207a436c6481f1d2b9078717461a5b9d32e688f87748544523b524b0d57d5ea77a2775d2ecfa032cfbdbf52fb3786160279004e57ae6af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9dbfbb694b5c803d89f7ae435de236d525f54759b65e372fcd68ef20fa7111f9e4aff73"
            }
        }
    }

    /// The generator: 2 in each of them.
    pub(crate) const GENERATOR: u8 = 2;

    /// The modulus as bytes.
    pub(crate) fn modulus_bytes(self) -> Vec<u8> {
        hex::bytes(self.modulus()).unwrap_or_default()
    }

    /// How many bytes the modulus has.
    pub(crate) fn size(self) -> usize {
        self.modulus().len() / 2
    }

    /// The group of a modulus and a generator; `None` when it is not known.
    fn of(modulus: &str, generator: &str) -> Option<Self> {
        let modulus = modulus.trim_start_matches('0').to_ascii_lowercase();
        let is_known = generator == "2";
        Self::ALL
            .into_iter()
            .find(|group| is_known && group.modulus() == modulus)
    }
}

/// The hash of every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SrpHash {
    /// The hash that IBKR uses.
    Sha1,
    /// The other hash that its page knows.
    Sha256,
}

impl SrpHash {
    /// The hash of parts, one after the other.
    pub(crate) fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn all<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let hash = parts.iter().fold(D::new(), Digest::chain_update);
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha1 => all::<Sha1>(parts),
            Self::Sha256 => all::<Sha256>(parts),
        }
    }
}

/// The SRP protocols. SRP-3, which IBKR's page would speak too, is not among them: with it a server may try two passwords
/// in one login (SRP-6: Improvements and Refinements, Wu 2002).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// `6`: the multiplier is 3.
    Six,
    /// `6a`: the multiplier is a hash of the group, and numbers are hashed at full length.
    SixA,
}

/// Group, hash and protocol together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SrpTerms {
    pub group: SrpGroup,
    pub hash: SrpHash,
    pub protocol: Protocol,
}

impl SrpTerms {
    /// The terms of every IBKR login that has been published.
    pub(crate) const USUAL: Self = Self {
        group: SrpGroup::Ibkr,
        hash: SrpHash::Sha1,
        protocol: Protocol::Six,
    };

    /// The terms that a server wants.
    ///
    /// # Errors
    /// Which part of it is not known to be sound.
    pub(crate) fn offered(
        modulus: &str,
        generator: &str,
        hash: &str,
        protocol: &str,
    ) -> Result<Self, &'static str> {
        let group = SrpGroup::of(modulus, generator).ok_or("a group (N, g) that is not known")?;
        let hash = match hash.to_ascii_uppercase().replace('-', "").as_str() {
            "SHA1" => SrpHash::Sha1,
            "SHA256" => SrpHash::Sha256,
            _ => return Err("a hash that is not known"),
        };
        let protocol = match protocol {
            "6" => Protocol::Six,
            "6a" => Protocol::SixA,
            _ => return Err("a protocol (proto) that is not known"),
        };
        Ok(Self {
            group,
            hash,
            protocol,
        })
    }
}
