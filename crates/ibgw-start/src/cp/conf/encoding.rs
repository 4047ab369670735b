//! The encoding of a file, which Notepad, PowerShell or an editor may have chosen.
//!
//! The Gateway's own reader knows the same three encodings (UnicodeReader of snakeyaml 1.17). The byte order mark is not
//! part of the text.

/// The text; `None` when the Gateway does not read its encoding.
pub(crate) fn decoded(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        rest => utf8(rest),
    }
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).collect::<Result<String, _>>();
    text.ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_mark_for_no_part_of_the_text() {
        let utf16 = |unit: fn(u16) -> [u8; 2]| {
            let units = "\u{feff}a: é".encode_utf16();
            units.flat_map(unit).collect::<Vec<u8>>()
        };
        for bytes in [
            b"\xEF\xBB\xBFa: \xC3\xA9".to_vec(),
            b"a: \xC3\xA9".to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ] {
            assert_eq!(decoded(&bytes).as_deref(), Some("a: é"));
        }
        for bytes in [&b"a: \xE9"[..], b"\xFF\xFEa", b"\xFF\xFE\x00\xD8"] {
            assert_eq!(decoded(bytes), None, "{bytes:?}");
        }
    }
}
