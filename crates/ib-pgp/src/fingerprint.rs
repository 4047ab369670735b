//! Fingerprints in the forms that people copy.

use std::fmt;
use std::str::FromStr;

/// The fingerprint of an OpenPGP key of version 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 20]);

impl FromStr for Fingerprint {
    type Err = String;

    /// Takes 40 hexadecimal digits in either case, with the blanks that gpg prints among them.
    fn from_str(text: &str) -> Result<Self, String> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.ok_or("a fingerprint has hexadecimal digits only")?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?))
            .collect();
        match <[u8; 20]>::try_from(bytes) {
            Ok(bytes) if digits.len() == 40 => Ok(Self(bytes)),
            // A key ID is the end of a fingerprint, and anyone can make a key with a chosen key ID.
            _ => Err(format!(
                "a fingerprint has 40 hexadecimal digits, and these are {} (gpg --fingerprint prints it)",
                digits.len()
            )),
        }
    }
}

impl fmt::Display for Fingerprint {
    /// 40 upper-case digits without blanks.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

    #[test]
    fn takes_what_gpg_prints() {
        for text in [
            PLAIN.to_owned(),
            PLAIN.to_lowercase(),
            "0123 4567 89AB CDEF 0123  4567 89ab cdef 0123 4567\n".to_owned(),
        ] {
            let parsed = text.parse::<Fingerprint>();
            assert_eq!(
                parsed.map(|parsed| parsed.to_string()),
                Ok(PLAIN.to_owned()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "89ABCDEF01234567",
            &PLAIN[..39],
            &format!("{PLAIN}0"),
            &format!("0x{PLAIN}"),
        ] {
            assert!(text.parse::<Fingerprint>().is_err(), "{text:?}");
        }
    }
}
