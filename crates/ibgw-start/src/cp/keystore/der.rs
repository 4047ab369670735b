//! The part of DER (ITU-T X.690) that keys and keystores use.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
/// `[0]` and `[1]`, with elements in them.
pub(crate) const CONTEXT_0: u8 = 0xa0;
pub(crate) const CONTEXT_1: u8 = 0xa1;

/// One element of DER.
pub(crate) fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut element = vec![tag];
    if content.len() < 0x80 {
        element.push(u8::try_from(content.len()).unwrap_or_default());
    } else {
        element.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
        element.extend(digits);
    }
    element.extend(content);
    element
}

/// One element, and what follows it.
pub(crate) struct DerElement<'a> {
    pub(crate) tag: u8,
    /// The element with its tag and length.
    pub(crate) whole: &'a [u8],
    pub(crate) content: &'a [u8],
    pub(crate) rest: &'a [u8],
}

/// The first element; `None` when it is cut short, or its length is not given.
pub(crate) fn element(der: &[u8]) -> Option<DerElement<'_>> {
    let (tag, length, behind) = match der {
        [tag, short @ 0..=0x7f, rest @ ..] => (*tag, usize::from(*short), rest),
        [tag, long @ 0x81..=0x84, rest @ ..] => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let add = |length, digit: &u8| length << 8 | usize::from(*digit);
            (*tag, digits.iter().fold(0, add), rest)
        }
        _ => return None,
    };
    let (content, rest) = behind.split_at_checked(length)?;
    let whole = &der[..der.len() - rest.len()];
    Some(DerElement {
        tag,
        whole,
        content,
        rest,
    })
}

/// The first element, which must have this tag; `None` when it has another, or is cut short.
pub(crate) fn first(der: &[u8], tag: u8) -> Option<DerElement<'_>> {
    element(der).filter(|element| element.tag == tag)
}

/// All elements of a content.
pub(crate) fn elements(mut der: &[u8]) -> Option<Vec<DerElement<'_>>> {
    let mut all = Vec::new();
    while !der.is_empty() {
        let next = element(der)?;
        der = next.rest;
        all.push(next);
    }
    Some(all)
}
