//! As much of DER (ITU-T X.690) as a keystore takes to be looked into.

/// One element, and what follows it.
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub rest: &'a [u8],
}

/// The first element; `None` when there is none, or its length is not given.
pub fn element(der: &[u8]) -> Option<Element<'_>> {
    let tag = *der.first()?;
    let (length, header) = match *der.get(1)? {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let digits = der.get(2..2 + usize::from(long & 0x7f))?;
            if digits.is_empty() || digits.len() > 4 {
                return None;
            }
            let length = digits
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, 2 + digits.len())
        }
    };
    let (content, rest) = der.get(header..)?.split_at_checked(length)?;
    Some(Element { tag, content, rest })
}

/// All elements of a content.
pub fn elements(mut der: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut all = Vec::new();
    while !der.is_empty() {
        let next = element(der)?;
        der = next.rest;
        all.push(next);
    }
    Some(all)
}
