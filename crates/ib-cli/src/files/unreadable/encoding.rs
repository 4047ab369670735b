//! What an editor or a shell on Windows does to a text.

use super::Defect;

/// What an editor or a shell on Windows has done to a text; `None` if it may be UTF-8.
///
/// Sent unchanged, each would be a wrong password, and IBKR counts wrong passwords.
#[must_use]
pub fn encoding_problem(bytes: &[u8]) -> Option<Defect> {
    // Every other byte of Latin text in UTF-16 is a NUL.
    let nuls = |skipped| {
        let half = bytes.iter().skip(skipped).step_by(2);
        half.len() > 1 && bytes.len().is_multiple_of(2) && half.into_iter().all(|byte| *byte == 0)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some(Defect::ByteOrderMark),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Defect::Utf16),
        _ if nuls(0) || nuls(1) => Some(Defect::Utf16),
        _ if bytes.contains(&0) => Some(Defect::Nul),
        _ => None,
    }
}
