//! As much of DER (ITU-T X.690) as a key in PKCS#8 takes.

pub const INTEGER: u8 = 0x02;
pub const OCTET_STRING: u8 = 0x04;
pub const SEQUENCE: u8 = 0x30;

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
