//! Hexadecimal text, as the login and the bring-up put bytes on the wire.

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn encode(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads hexadecimal digits; an odd number of them is padded on the left with one zero, as the
/// Gateway does (bogdanripa/ibkr-gateway docs/cpg-protocol.md). `None` when it is not hexadecimal.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let even = format!("{}{text}", if text.len() % 2 == 1 { "0" } else { "" });
    (0..even.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&even[at..at + 2], 16).ok())
        .collect()
}

/// Two hexadecimal numbers behind each other, as the Gateway's `compute_sk` puts them: each without leading zeros, since
/// they are Java's `BigInteger` there (seen with build a27ed42; with one in eight logins they are not the digits sent).
pub(crate) fn joined(left: &str, right: &str) -> String {
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    bare(left) + &bare(right)
}

/// Whether two hexadecimal numbers are equal. Leading zeros do not count: some of the page's
/// scripts drop them, some do not.
pub(crate) fn same_number(left: &str, right: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches('0').to_ascii_lowercase();
    bare(left) == bare(right)
}
