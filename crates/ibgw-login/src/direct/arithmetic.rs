//! Powers in a group, in a time that does not depend on the bits of the exponents.

use super::hex::stripped;
use super::terms::SrpGroup;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, Uint};
use zeroize::Zeroizing;

/// The exponents and numbers of the shared secret, each as bytes.
pub(crate) struct SrpNumbers<'a> {
    /// The server's number B.
    pub server: &'a [u8],
    /// The multiplier k.
    pub multiplier: &'a [u8],
    /// The password's exponent x.
    pub password: &'a [u8],
    /// The client's exponent a.
    pub secret: &'a [u8],
    /// The scrambler u.
    pub scrambler: &'a [u8],
}

/// A = g^a.
pub(crate) fn public_number(group: SrpGroup, secret: &[u8]) -> Vec<u8> {
    let number = match group {
        SrpGroup::Ibkr => {
            GroupNumbers::<8>::new(group).and_then(|numbers| numbers.public_number(secret))
        }
        SrpGroup::Rfc5054Of1024 => {
            GroupNumbers::<16>::new(group).and_then(|numbers| numbers.public_number(secret))
        }
        SrpGroup::Rfc5054Of2048 => {
            GroupNumbers::<32>::new(group).and_then(|numbers| numbers.public_number(secret))
        }
    };
    // No server takes an empty number.
    number.unwrap_or_default()
}

/// S = (B - k g^x)^(a + u x); `None` when B is zero in the group, or longer than it.
pub(crate) fn shared_secret(group: SrpGroup, parts: &SrpNumbers) -> Option<Zeroizing<Vec<u8>>> {
    match group {
        SrpGroup::Ibkr => GroupNumbers::<8>::new(group)?.shared_secret(parts),
        SrpGroup::Rfc5054Of1024 => GroupNumbers::<16>::new(group)?.shared_secret(parts),
        SrpGroup::Rfc5054Of2048 => GroupNumbers::<32>::new(group)?.shared_secret(parts),
    }
}

/// The cube of a number modulo an odd one, both as bytes of one length; `None` when the modulus is even or has more
/// than 2048 bits.
pub(crate) fn cube(number: &[u8], modulus: &[u8]) -> Option<Vec<u8>> {
    let odd = Option::from(Odd::new(uint::<32>(modulus)?))?;
    let parameters = FixedMontyParams::new_vartime(odd);
    let base = FixedMontyForm::new(&uint(number)?, &parameters);
    let cube = base.square().mul(&base).retrieve();
    let bytes = cube.to_be_bytes();
    let bytes = bytes.as_ref();
    Some(bytes[bytes.len().checked_sub(modulus.len())?..].to_vec())
}

/// The numbers of one group, `LIMBS` words of 64 bits each.
struct GroupNumbers<const LIMBS: usize> {
    parameters: FixedMontyParams<LIMBS>,
}

impl<const LIMBS: usize> GroupNumbers<LIMBS> {
    /// `None` for an even modulus, which no group has.
    fn new(group: SrpGroup) -> Option<Self> {
        let modulus = Option::from(Odd::new(Uint::from_be_hex(group.modulus())))?;
        let parameters = FixedMontyParams::new_vartime(modulus);
        Some(Self { parameters })
    }

    fn number(&self, bytes: &[u8]) -> Option<FixedMontyForm<LIMBS>> {
        Some(FixedMontyForm::new(&uint(bytes)?, &self.parameters))
    }

    fn generator(&self) -> FixedMontyForm<LIMBS> {
        FixedMontyForm::new(&Uint::from(SrpGroup::GENERATOR), &self.parameters)
    }

    fn public_number(&self, secret: &[u8]) -> Option<Vec<u8>> {
        Some(bytes(&raised(&self.generator(), secret)?).to_vec())
    }

    fn shared_secret(&self, parts: &SrpNumbers) -> Option<Zeroizing<Vec<u8>>> {
        let server = self.number(parts.server)?;
        if server.retrieve() == Uint::ZERO {
            return None;
        }
        let verifier = raised(&self.generator(), parts.password)?;
        let base = server.sub(&self.number(parts.multiplier)?.mul(&verifier));
        // As two powers, since the exponent as a whole is longer than the smallest group.
        let scrambled = raised(&base, parts.scrambler)?;
        let secret = raised(&base, parts.secret)?.mul(&raised(&scrambled, parts.password)?);
        Some(bytes(&secret))
    }
}

/// A power; its time shows how many bytes the exponent has, not which.
fn raised<const LIMBS: usize>(
    base: &FixedMontyForm<LIMBS>,
    exponent: &[u8],
) -> Option<FixedMontyForm<LIMBS>> {
    let bits = u32::try_from(exponent.len() * 8).ok()?;
    let exponent = Zeroizing::new(uint::<LIMBS>(exponent)?);
    Some(base.pow_bounded_exp(&exponent, bits))
}

fn uint<const LIMBS: usize>(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    let mut padded = Zeroizing::new(vec![0; LIMBS * 8]);
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(Uint::from_be_slice(&padded))
}

/// The bytes of a number, without zeros before them.
fn bytes<const LIMBS: usize>(number: &FixedMontyForm<LIMBS>) -> Zeroizing<Vec<u8>> {
    let number = Zeroizing::new(number.retrieve());
    Zeroizing::new(stripped(number.to_be_bytes().as_ref()).to_vec())
}
