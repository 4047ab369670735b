//! What the login's own words mean.

use crate::ending::Reason;
use crate::known_page::{KnownPage, Words};
use ib_cli::Mode;

/// What an error text means, in a login to a mode.
///
/// Seen texts are those of Voyz/ibeam#61, #100, #237 and of IBKR's help pages; nobody has published those of a
/// locked username, nor that of a live username on paper, so these are matched by their words. What is unknown is a
/// refusal, never a reason to go on.
#[must_use]
pub fn meaning(text: &str, mode: Mode, known: &KnownPage) -> Reason {
    let says = |words| known.says(words, text);
    if says(Words::Locked) {
        Reason::Locked
    } else if says(Words::PaperNeeded) {
        Reason::PaperNeeded
    } else if says(Words::LiveNeeded) {
        Reason::LiveNeeded
    } else if says(Words::OtherModeNeeded) {
        match mode {
            Mode::Live => Reason::PaperNeeded,
            Mode::Paper => Reason::LiveNeeded,
        }
    } else if says(Words::WrongCode) {
        Reason::WrongCode
    } else if says(Words::WrongCredentials) || known.is_just(Words::WrongCredentialsAlone, text) {
        Reason::WrongCredentials
    } else {
        Reason::UnknownError
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_texts_that_users_have_reported() {
        let known = KnownPage::defaults().unwrap_or_else(|error| panic!("{error}"));
        for (text, mode, reason) in [
            (
                "Invalid username password combination",
                Mode::Live,
                Reason::WrongCredentials,
            ),
            (
                "Invalid user name password combination",
                Mode::Live,
                Reason::WrongCredentials,
            ),
            ("failed", Mode::Live, Reason::WrongCredentials),
            ("Incorrect security code", Mode::Live, Reason::WrongCode),
            ("Your account is locked", Mode::Live, Reason::Locked),
            ("Too many failed attempts", Mode::Live, Reason::Locked),
            (
                "You have selected the Live Account Mode, but the specified user is a Paper Trading user. \
                 Please select the correct Login mode.",
                Mode::Live,
                Reason::PaperNeeded,
            ),
            (
                "You have selected the Paper Account Mode, but the specified user is a Live Trading user. \
                 Please select the correct Login mode.",
                Mode::Paper,
                Reason::LiveNeeded,
            ),
            (
                "Please select the correct login mode.",
                Mode::Paper,
                Reason::LiveNeeded,
            ),
            ("ERROR", Mode::Live, Reason::UnknownError),
            ("Zugang verweigert", Mode::Live, Reason::UnknownError),
        ] {
            assert_eq!(meaning(text, mode, &known), reason, "{text}");
        }
    }
}
