//! The address in the QR code of an authenticator app, `otpauth://totp/LABEL?secret=SEED&...`:
//! <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.

use ib_cli::{Error, Exit, Result, SecretText};

/// The seed in such an address; `None` when the text is not an address.
///
/// # Errors
/// `Config` when its codes differ from IBKR's: six digits of SHA-1 each 30 seconds.
pub(crate) fn seed(text: &str) -> Result<Option<SecretText>> {
    let refused = |why: &str| Err(Error::new(Exit::Config, format!("it is {why}")));
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(None);
    };
    match scheme.to_ascii_lowercase().as_str() {
        "otpauth" => {}
        "otpauth-migration" => {
            return refused(
                "an export of Google Authenticator, not a seed (take the seed from the page where the app is set up)",
            );
        }
        "steam" => return refused(STEAM),
        _ => return refused("an address that is not an otpauth address (give the seed alone)"),
    }
    let (label, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (kind, label) = label.split_once('/').unwrap_or((label, ""));
    if !kind.eq_ignore_ascii_case("totp") {
        return refused(
            "an otpauth address of codes that are counted, not timed: IBKR has none such",
        );
    }
    let mut seed = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let is = |known: &[&str]| known.iter().any(|known| value.eq_ignore_ascii_case(known));
        match name.to_ascii_lowercase().as_str() {
            "secret" if seed.is_some() => {
                return refused("an otpauth address with two secrets (give the seed alone)");
            }
            "secret" => seed = Some(SecretText::new(value)),
            "digits" if !is(&["6"]) => {
                return refused("an otpauth address of codes without six digits (digits)");
            }
            "period" if !is(&["30"]) => {
                return refused("an otpauth address of codes that do not last 30 seconds (period)");
            }
            "algorithm" if !is(&["SHA1", "SHA-1", "HMACSHA1"]) => {
                return refused(
                    "an otpauth address of codes that are not made with SHA1 (algorithm)",
                );
            }
            "encoder" | "issuer" if is(&["steam"]) => return refused(STEAM),
            _ => {}
        }
    }
    if label.to_ascii_lowercase().starts_with("steam:") {
        return refused(STEAM);
    }
    match seed.filter(|seed| !seed.expose().is_empty()) {
        Some(seed) => Ok(Some(seed)),
        None => refused("an otpauth address without a secret (copy it again)"),
    }
}

const STEAM: &str = "a seed of Steam, whose codes are not those of IBKR";
