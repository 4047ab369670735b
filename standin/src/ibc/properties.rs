//! Files of settings as `java.util.Properties` reads them.

use std::collections::BTreeMap;
use std::iter::Peekable;

/// The settings in a file. Never fails: Java ignores a backslash before a letter that is no escape.
pub(crate) fn read(bytes: &[u8]) -> BTreeMap<String, String> {
    logical_lines(bytes)
        .into_iter()
        .map(|line| {
            let mut rest = line.into_iter().peekable();
            let key = word(&mut rest, true);
            skip_blanks(&mut rest);
            if rest.next_if(|byte| is_separator(*byte)).is_some() {
                skip_blanks(&mut rest);
            }
            (key, word(&mut rest, false))
        })
        .collect()
}

/// The lines without comments and empty ones, those that end in a backslash joined to the next.
fn logical_lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut goes_on = false;
    for line in natural_lines(bytes) {
        let start = line.iter().take_while(|byte| is_blank(**byte)).count();
        let line = &line[start..];
        if !goes_on {
            if line.is_empty() || line.starts_with(b"#") || line.starts_with(b"!") {
                continue;
            }
            lines.push(Vec::new());
        }
        let backslashes = line.iter().rev().take_while(|byte| **byte == b'\\').count();
        goes_on = backslashes % 2 == 1;
        if let Some(last) = lines.last_mut() {
            last.extend_from_slice(&line[..line.len() - usize::from(goes_on)]);
        }
    }
    lines
}

fn natural_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    // A CR before an LF leaves an empty line, which does not count anyway, except after a backslash.
    let whole = bytes.split(|byte| *byte == b'\n');
    whole.flat_map(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.split(|byte| *byte == b'\r')
    })
}

/// A key, which ends at a separator or a blank, or a value, which ends with its line.
fn word(rest: &mut Peekable<impl Iterator<Item = u8>>, is_key: bool) -> String {
    let mut units: Vec<u16> = Vec::new();
    while let Some(byte) = rest.next_if(|byte| !is_key || !is_separator(*byte) && !is_blank(*byte))
    {
        units.push(match byte {
            b'\\' => escaped(rest),
            // Java reads ISO-8859-1, also where the file was written in UTF-8.
            _ => u16::from(byte),
        });
    }
    String::from_utf16_lossy(&units)
}

fn escaped(rest: &mut Peekable<impl Iterator<Item = u8>>) -> u16 {
    match rest.next() {
        Some(b't') => u16::from(b'\t'),
        Some(b'n') => u16::from(b'\n'),
        Some(b'r') => u16::from(b'\r'),
        Some(b'f') => 0x0c,
        Some(b'u') => (0..4).fold(0, |unit, _| {
            let digit = rest.next().and_then(|byte| char::from(byte).to_digit(16));
            unit << 4 | u16::try_from(digit.unwrap_or_default()).unwrap_or_default()
        }),
        Some(byte) => u16::from(byte),
        None => 0,
    }
}

fn skip_blanks(rest: &mut Peekable<impl Iterator<Item = u8>>) {
    while rest.next_if(|byte| is_blank(*byte)).is_some() {}
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0c)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'=' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(file: &str, expected: &[(&str, &str)]) {
        let read = read(file.as_bytes());
        let read: Vec<(&str, &str)> = read.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(read, expected, "{file:?}");
    }

    #[test]
    fn reads_keys_and_values() {
        reads(
            "a=1\nb:2\r\nc 3\rd = 4 ",
            &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4 ")],
        );
        reads("# a=1\n  ! b=2\n\n  c=#=:!\n", &[("c", "#=:!")]);
        reads("a\na=\n", &[("a", "")]);
        reads("a\\ b=1", &[("a b", "1")]);
    }

    #[test]
    fn takes_a_backslash_for_an_escape() {
        reads("a=\\\\x\\tb\\q", &[("a", "\\x\tbq")]);
        reads("a=\\u00e9\\uD83D\\uDE00", &[("a", "é😀")]);
    }

    #[test]
    fn a_backslash_at_the_end_swallows_the_next_line() {
        reads("a=1\\\n   b=2\nc=3", &[("a", "1b=2"), ("c", "3")]);
        reads("a=1\\\\\nb=2", &[("a", "1\\"), ("b", "2")]);
    }

    #[test]
    fn takes_each_byte_for_a_character() {
        reads("a=é", &[("a", "Ã©")]);
    }
}
