//! Numbers as the login writes them: hexadecimal digits, with or without zeros before them.

use data_encoding::HEXLOWER_PERMISSIVE;

/// The most digits of a number: 4096 bits, twice the largest known group.
const MOST_DIGITS: usize = 1024;

/// Bytes as lower-case digits, two for each.
pub(crate) fn digits(bytes: &[u8]) -> String {
    HEXLOWER_PERMISSIVE.encode(bytes)
}

/// A number as digits, without zeros before it.
pub(crate) fn number(bytes: &[u8]) -> String {
    digits(bytes).trim_start_matches('0').to_owned()
}

/// The bytes of hexadecimal digits; an odd number of digits gets a zero in front. `None` when they are not digits, or too
/// many.
pub(crate) fn bytes(digits: &str) -> Option<Vec<u8>> {
    if digits.is_empty() || digits.len() > MOST_DIGITS || !digits.is_ascii() {
        return None;
    }
    let even = format!("{}{digits}", "0".repeat(digits.len() % 2));
    HEXLOWER_PERMISSIVE.decode(even.as_bytes()).ok()
}

/// The bytes of a number, without zeros before them.
pub(crate) fn stripped(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_odd_number_of_digits_and_either_case() {
        assert_eq!(bytes("aB"), Some(vec![0xab]));
        assert_eq!(bytes("1aB"), Some(vec![0x01, 0xab]));
        assert_eq!(number(&[0, 0x0a, 0xbc]), "abc");
    }

    #[test]
    fn refuses_what_is_no_number_and_what_is_too_long() {
        for text in ["", " 1", "0x12", "-1", "g0", "1\n", "\u{661}1"] {
            assert_eq!(bytes(text), None, "{text:?}");
        }
        assert_eq!(bytes(&"1".repeat(10_000)), None);
    }
}
