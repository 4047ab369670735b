//! `EKX`: the session key, encrypted with the server's RSA key as IBKR's page does it.

use super::{arithmetic, hex};
use zeroize::Zeroizing;

/// The fewest and the most bits of a server's key: 1024 have been seen.
const SIZES: std::ops::RangeInclusive<usize> = 128..=256;

/// Encrypts a text for the owner of a key with the exponent 3, by PKCS#1 v1.5 (RFC 8017, 7.2); `None` when the key cannot
/// be used. `filling` gives random bytes.
///
/// No crate does it: they refuse the exponent or the size, rightly. The server chooses both, and TLS protects all of it.
pub(crate) fn seal(
    text: &str,
    modulus: &[u8],
    mut filling: impl FnMut(&mut [u8]) -> Option<()>,
) -> Option<String> {
    let modulus = hex::stripped(modulus);
    if !SIZES.contains(&modulus.len()) || text.len() + 11 > modulus.len() {
        return None;
    }
    let mut padded = Zeroizing::new(vec![0; modulus.len()]);
    let end = padded.len() - text.len();
    padded[1] = 2;
    filling(&mut padded[2..end - 1])?;
    // No byte of the filling may be zero: a zero ends it.
    for place in 2..end - 1 {
        while padded[place] == 0 {
            filling(&mut padded[place..=place])?;
        }
    }
    padded[end..].copy_from_slice(text.as_bytes());
    arithmetic::cube(&padded, modulus).map(|sealed| hex::digits(&sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_for_no_key_that_is_even_too_short_or_too_long() {
        let fill = |place: &mut [u8]| {
            place.fill(7);
            Some(())
        };
        let key = |length: usize, last: u8| {
            let mut key = vec![0xff; length];
            key[length - 1] = last;
            key
        };
        for bad in [key(128, 0xfe), key(127, 0xff), key(257, 0xff), vec![0; 128]] {
            assert_eq!(seal("0a1b", &bad, fill), None);
        }
        let sealed = seal("0a1b", &key(128, 0xff), fill);
        assert_eq!(sealed.map(|sealed| sealed.len()), Some(256));
    }
}
