//! The meaning of an error that IBKR shows.

use crate::known_page::{KnownPage, PagePhrase};
use crate::reason::Refusal;
use ib_cli::Mode;

/// The refusal that an error text means, in a login to a mode.
///
/// The texts that users have seen are those of Voyz/ibeam#61, #100, #237 and of IBKR's help pages. No source has those of
/// a locked username, or that of a live username on paper, so the tool matches these by their words. An unknown text is a
/// refusal, never a reason to go on.
#[must_use]
pub(crate) fn refusal(text: &str, mode: Mode, known: &KnownPage) -> Refusal {
    let says = |words| known.says(words, text);
    if says(PagePhrase::Locked) {
        Refusal::Locked
    } else if says(PagePhrase::PaperNeeded) {
        Refusal::PaperNeeded
    } else if says(PagePhrase::LiveNeeded) {
        Refusal::LiveNeeded
    } else if says(PagePhrase::OtherModeNeeded) {
        match mode {
            Mode::Live => Refusal::PaperNeeded,
            Mode::Paper => Refusal::LiveNeeded,
        }
    } else if says(PagePhrase::WrongCode) {
        Refusal::WrongCode
    } else if says(PagePhrase::WrongCredentials)
        || known.is_just(PagePhrase::WrongCredentialsAlone, text)
    {
        Refusal::WrongCredentials
    } else {
        Refusal::UnknownError
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_texts_that_users_have_reported() {
        let known = KnownPage::defaults().unwrap_or_else(|error| panic!("{error}"));
        for (text, mode, expected) in [
            (
                "Invalid username password combination",
                Mode::Live,
                Refusal::WrongCredentials,
            ),
            (
                "Invalid user name password combination",
                Mode::Live,
                Refusal::WrongCredentials,
            ),
            ("failed", Mode::Live, Refusal::WrongCredentials),
            ("Incorrect security code", Mode::Live, Refusal::WrongCode),
            ("Your account is locked", Mode::Live, Refusal::Locked),
            ("Too many failed attempts", Mode::Live, Refusal::Locked),
            (
                "You have selected the Live Account Mode, but the specified user is a Paper Trading user. \
                 Please select the correct Login mode.",
                Mode::Live,
                Refusal::PaperNeeded,
            ),
            (
                "You have selected the Paper Account Mode, but the specified user is a Live Trading user. \
                 Please select the correct Login mode.",
                Mode::Paper,
                Refusal::LiveNeeded,
            ),
            (
                "Please select the correct login mode.",
                Mode::Paper,
                Refusal::LiveNeeded,
            ),
            ("ERROR", Mode::Live, Refusal::UnknownError),
            ("Zugang verweigert", Mode::Live, Refusal::UnknownError),
        ] {
            assert_eq!(refusal(text, mode, &known), expected, "{text}");
        }
    }
}
