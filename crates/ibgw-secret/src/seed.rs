//! TOTP seeds as people copy them.

use crate::otpauth;
use crate::secret_line::SecretLine;
use ib_cli::{Error, Exit, Result};
use zeroize::Zeroizing;

/// The seed in upper case, without what pages, apps and editors show it with: blanks, hyphens, quotes, padding; also out
/// of the address that a QR code holds.
///
/// # Errors
/// `Config` with the position of the first character that is not base32, when characters are missing, or for another
/// kind of authenticator.
pub(crate) fn plain(seed: &SecretLine) -> Result<SecretLine> {
    match otpauth::seed(seed.expose())? {
        Some(seed) => base32(&seed)
            .map_err(|error| error.within("the secret of the otpauth address".to_owned())),
        None => base32(seed.expose()),
    }
}

fn base32(seed: &str) -> Result<SecretLine> {
    let refused = |message: String| Err(Error::new(Exit::Config, message));
    let begun = seed.trim_start_matches(is_around);
    let skipped = seed.chars().count() - begun.chars().count();
    let given = begun.trim_end_matches(|end| end == '=' || is_around(end));
    let mut plain = Zeroizing::new(String::with_capacity(given.len()));
    for (place, character) in given.chars().enumerate() {
        match character.to_ascii_uppercase() {
            upper @ ('A'..='Z' | '2'..='7') => plain.push(upper),
            _ if is_between(character) => {}
            // A code is typed, and never makes another one.
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
    // RFC 4648, 6: five bits a character make no whole number of bytes with these lengths.
    if plain.is_empty() || matches!(plain.len() % 8, 1 | 3 | 6) {
        return refused(
            "it is cut short: no base32 text has this length (copy it again)".to_owned(),
        );
    }
    Ok(SecretLine::from_plain(&plain))
}

const CODE: &str = "it is a code, not the seed that codes are made from (the page shows the seed when the app is set up)";

/// What stands between the groups of a seed on a page, and is never part of one: blanks, hyphens and dashes, characters
/// without a width.
fn is_between(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
}

/// The same at either end, where quotes may stand too.
pub(crate) fn is_around(character: char) -> bool {
    is_between(character) || matches!(character, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
}

/// What an authenticator app shows: six to eight digits, in groups or not.
fn is_code(given: &str) -> bool {
    let rest = || given.chars().filter(|character| !is_between(*character));
    (6..=8).contains(&rest().count()) && rest().all(|character| character.is_ascii_digit())
}
