//! TOTP seeds as people copy them.

use crate::otpauth;
use ib_cli::{Error, Exit, Result, SecretText};

/// The seed in upper case, without the blanks, hyphens, quotes and padding that pages, apps and editors add. It may
/// also stand in the address that a QR code holds.
///
/// # Errors
/// `Config` with the position of the first character that is not base32, when characters are missing, or for another
/// kind of authenticator.
pub(crate) fn plain(seed: &SecretText) -> Result<SecretText> {
    match otpauth::seed(seed.expose().trim_matches(is_around))? {
        Some(seed) => base32(seed.expose())
            .map_err(|error| error.within("the secret of the otpauth address".to_owned())),
        None => base32(seed.expose()),
    }
}

fn base32(seed: &str) -> Result<SecretText> {
    let refused = |message: String| Err(Error::new(Exit::Config, message));
    let begun = seed.trim_start_matches(is_around);
    let skipped = seed.chars().count() - begun.chars().count();
    let given = begun.trim_end_matches(|end| end == '=' || is_around(end));
    let mut plain = String::with_capacity(given.len());
    for (place, character) in given.chars().enumerate() {
        match character.to_ascii_uppercase() {
            upper @ ('A'..='Z' | '2'..='7') => plain.push(upper),
            _ if is_between(character) => {}
            // A code cannot serve as a seed.
            _ if is_code(given) => return refused(CODE.to_owned()),
            _ => {
                let place = skipped + place + 1;
                return refused(format!(
                    "character {place} is not base32 (a seed is letters and the digits 2 to 7)"
                ));
            }
        }
    }
    if is_code(given) {
        return refused(CODE.to_owned());
    }
    // RFC 4648, 6: with five bits a character, no whole number of bytes has one of these lengths.
    if plain.is_empty() || matches!(plain.len() % 8, 1 | 3 | 6) {
        return refused(
            "it is cut short: no base32 text has this length (copy it again)".to_owned(),
        );
    }
    Ok(SecretText::new(plain))
}

const CODE: &str = "it is a code, not the seed that codes are made from (the page shows the seed when the app is set up)";

/// Whether a character separates the groups of a seed on a page: a blank, a hyphen or dash, a character without a
/// width.
fn is_between(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
}

/// Whether a character may stand before or after a seed: quotes may too.
fn is_around(character: char) -> bool {
    is_between(character) || matches!(character, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
}

/// Whether this is a code as an authenticator app shows it: six to eight digits, in groups or not.
fn is_code(given: &str) -> bool {
    let rest = || given.chars().filter(|character| !is_between(*character));
    (6..=8).contains(&rest().count()) && rest().all(|character| character.is_ascii_digit())
}
