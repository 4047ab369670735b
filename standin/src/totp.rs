//! Time-based codes (RFC 6238): SHA-1, 30 seconds, 6 digits, as IBKR's authenticator factor has
//! them.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How long one code is the current one.
pub(crate) const WINDOW_SECONDS: u64 = 30;

/// The window a moment lies in, counted from 1970.
pub(crate) fn window(unix_seconds: u64) -> u64 {
    unix_seconds / WINDOW_SECONDS
}

/// The code of one window; `None` when the seed is not base32.
pub(crate) fn code(seed: &str, window: u64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(&base32(seed)?).ok()?;
    mac.update(&window.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0xf);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().ok()?) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text
        .bytes()
        .filter(|letter| !matches!(letter, b' ' | b'=' | b'-'))
    {
        let value = match letter.to_ascii_uppercase() {
            upper @ b'A'..=b'Z' => upper - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_codes_of_the_rfc() {
        let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (at, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code(seed, window(at)).as_deref(), Some(expected), "at {at}");
        }
        assert_eq!(code("not base32!", 1), None);
    }
}
