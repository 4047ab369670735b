//! As much of DER (ITU-T X.690) as a key in PKCS#8 takes.

pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OBJECT: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
/// `[0]` and `[1]`, with elements in them.
pub const CONTEXT_0: u8 = 0xa0;
pub const CONTEXT_1: u8 = 0xa1;

/// One element of DER.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut element = vec![tag];
    match content.len() {
        short @ 0..0x80 => element.push(u8::try_from(short).unwrap_or_default()),
        _ => {
            element.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            element.extend(digits);
        }
    }
    element.extend(content);
    element
}

/// The first element of a text in DER.
pub struct Element<'a> {
    /// All of it.
    pub whole: &'a [u8],
    pub content: &'a [u8],
    /// What follows it.
    pub rest: &'a [u8],
}

/// The first element, which must have this tag; `None` when it has another, or is cut short.
pub fn first(der: &[u8], tag: u8) -> Option<Element<'_>> {
    let (length, behind) = match der {
        [found, _, ..] if *found != tag => return None,
        [_, short @ 0..=0x7f, rest @ ..] => (usize::from(*short), rest),
        [_, long @ 0x81..=0x84, rest @ ..] => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let add = |length, digit: &u8| length << 8 | usize::from(*digit);
            (digits.iter().fold(0, add), rest)
        }
        _ => return None,
    };
    let (content, rest) = behind.split_at_checked(length)?;
    let whole = &der[..der.len() - rest.len()];
    Some(Element {
        whole,
        content,
        rest,
    })
}
