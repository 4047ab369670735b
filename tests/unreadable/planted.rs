//! Secrets in a file, and whether any part of one is in what was printed, in whatever form a program prints bytes.

use std::collections::HashSet;

/// This number of bytes of a secret, one after the other, is no accident.
const WINDOW: usize = 9;

/// The base64 of PKCS#8, of the names of algorithm and curve, and of the head of the secret number, for P-256.
const COMMON: usize = 48;

/// The parts of secrets.
pub(crate) struct Planted(HashSet<Vec<u8>>);

impl Planted {
    pub(crate) fn new<S: AsRef<[u8]>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut parts = HashSet::new();
        for secret in secrets {
            let secret = secret.as_ref();
            assert!(
                secret.len() >= WINDOW,
                "{secret:?} is too short to be known"
            );
            parts.extend(secret.windows(WINDOW).map(<[u8]>::to_vec));
        }
        assert!(!parts.is_empty(), "nothing is planted");
        Self(parts)
    }

    /// The body of an OpenPGP text in armor, line by line.
    pub(crate) fn armor(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        Self::new(lines.filter(|line| line.len() > 2 * WINDOW && !line.starts_with(b"-----")))
    }

    /// The secret part of the key in a PEM text: before it stands what every key of the kind begins with.
    pub(crate) fn key(text: &str) -> Self {
        let (_, key) = text
            .split_once("-----BEGIN PRIVATE KEY-----\n")
            .expect("a key");
        let body = key.lines().take_while(|line| !line.starts_with("-----"));
        let body: Vec<&str> = body.collect();
        Self::new([&body[0][COMMON..], body[1]])
    }

    /// The first part of a secret that is in a text: as it is, as a list of numbers, or in hexadecimal digits.
    pub(crate) fn shown_in(&self, text: &[u8]) -> Option<String> {
        let views = [text.to_vec(), of_numbers(text), of_hex(text)];
        let found = views.iter().find_map(|view| {
            let mut parts = view.windows(WINDOW);
            parts.find(|part| self.0.contains(*part))
        });
        found.map(|part| String::from_utf8_lossy(part).into_owned())
    }
}

/// The bytes of lists such as `[80, 82, 73]`.
fn of_numbers(text: &[u8]) -> Vec<u8> {
    let is_between = |byte: &u8| !byte.is_ascii_digit();
    text.split(is_between)
        .filter_map(|number| std::str::from_utf8(number).ok()?.parse().ok())
        .collect()
}

/// The bytes of runs of hexadecimal digits.
fn of_hex(text: &[u8]) -> Vec<u8> {
    let runs = text.split(|byte| !byte.is_ascii_hexdigit());
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    runs.filter(|run| run.len() >= 2 * WINDOW)
        .flat_map(|run| run.chunks_exact(2).filter_map(pair))
        .collect()
}

#[test]
fn a_secret_is_seen_in_each_form_that_programs_print() {
    let secret = b"Marker-77aa-of-a-key";
    let planted = Planted::new([secret]);
    let numbers = format!("error: {:?}", &secret[3..15]);
    let hex: String = secret.iter().map(|byte| format!("{byte:02X}")).collect();
    for shown in ["no such Marker-77aa-of".to_owned(), numbers, hex] {
        assert!(planted.shown_in(shown.as_bytes()).is_some(), "{shown}");
    }
    assert_eq!(planted.shown_in(b"line 21, column 7 (Marker)"), None);
}
