//! The key under which a client sends K (`rsapub`, `EKX`): 1024 bits, exponent 3, PKCS#1 v1.5.

use crate::{hex, srp};
use crypto_bigint::{Odd, U1024};

/// The modulus as `rsapub` is sent. The key belongs to the stand-in alone and protects nothing.
pub(crate) const MODULUS: &str = "bf4197d90e8ff1285924923b375fd2815ea46bbc9b0146a5110dabbe7c0ba95ad49cdb11a70e82ed01ca244f15c8fa3f8da941c5d41a08841c47906e0c7e1cb744c6de360628fbf97bb643cff3c5e1011ea342effd8a5e432a55c7c4969ec6d8010882a8aeae83443676487cba33f95190accae1a58ca22c95ad65d701a5759b";
const PRIVATE_EXPONENT: &str = "7f810fe609b54b703b6db6d224ea8c563f1847d31200d9c360b3c7d452b270e73868920bc4b45748abdc1834b930a6d5091b812e8d66b05812da60495da96879053c440067efee9a9789d1ce98a9701130c79eaf0b3bcb9bf63d774a308be2bdc1ebbfaf87c314579706242488e2c0a19b5ae115026791ba103a55700fda778b";

/// Opens `EKX`: the text a client has padded (type 2) and encrypted; `None` when it is not that.
pub(crate) fn open(sealed: &str) -> Option<String> {
    let sealed = hex::decode(sealed)?;
    if sealed.len() != 128 {
        return None;
    }
    let modulus = Option::from(Odd::new(U1024::from_be_hex(MODULUS)))?;
    let opened = srp::raise(
        &U1024::from_be_slice(&sealed),
        &U1024::from_be_hex(PRIVATE_EXPONENT),
        modulus,
    );
    let opened = opened.to_be_bytes();
    let padded = opened.as_ref().strip_prefix(&[0, 2])?;
    let end = padded
        .iter()
        .position(|byte| *byte == 0)
        .filter(|length| *length >= 8)?;
    String::from_utf8(padded[end + 1..].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(padded: &[u8; 128]) -> String {
        let modulus = Option::from(Odd::new(U1024::from_be_hex(MODULUS))).unwrap();
        let sealed = srp::raise(&U1024::from_be_slice(padded), &U1024::from(3_u8), modulus);
        hex::encode(sealed.to_be_bytes().as_ref())
    }

    #[test]
    fn opens_what_the_public_half_sealed_and_nothing_else() {
        let mut padded = [0xa5; 128];
        padded[..2].copy_from_slice(&[0, 2]);
        padded[123] = 0;
        padded[124..].copy_from_slice(b"0a1b");
        assert_eq!(open(&seal(&padded)).as_deref(), Some("0a1b"));
        padded[1] = 1;
        assert_eq!(open(&seal(&padded)), None);
        assert_eq!(open("00"), None);
    }
}
