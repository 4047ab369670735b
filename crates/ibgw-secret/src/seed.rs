//! TOTP seeds as people copy them.

use crate::text::Text;
use ib_cli::{Error, Exit, Result};
use zeroize::Zeroizing;

/// The seed in upper case, without the blanks and the padding that pages and apps show it with.
///
/// # Errors
/// `Config` with the position of the first character that is not base32, or when characters are missing.
pub(crate) fn plain(seed: &Text) -> Result<Text> {
    let given = seed.expose().trim_end_matches(['=', ' ']);
    let mut plain = Zeroizing::new(String::with_capacity(given.len()));
    for (place, character) in given.chars().enumerate() {
        match character.to_ascii_uppercase() {
            ' ' => {}
            upper @ ('A'..='Z' | '2'..='7') => plain.push(upper),
            _ => {
                let message = format!(
                    "character {} is not base32 (a seed is letters and the digits 2 to 7)",
                    place + 1
                );
                return Err(Error::new(Exit::Config, message));
            }
        }
    }
    // RFC 4648, 6: five bits a character make no whole number of bytes with these lengths.
    if plain.is_empty() || matches!(plain.len() % 8, 1 | 3 | 6) {
        let message = "it is cut short: no base32 text has this length (copy it again)";
        return Err(Error::new(Exit::Config, message));
    }
    Ok(Text::from_plain(&plain))
}
