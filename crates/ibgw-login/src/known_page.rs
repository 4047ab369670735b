//! What the tool knows of the login page: where each part is, and what its words mean.
//!
//! It is data. When IBKR changes the page, a file of yours is enough, without a new release. Markup and texts come
//! from captures that users published between 2020 and 2026: Voyz/ibeam#226, #237 and #284, machdat's broker-gateway,
//! bogdanripa's ibkr-gateway. Every block is in the page at once, so only what is visible counts.

mod overrides;

use ib_cli::{Error, Exit, Report, Result, Unreadable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const SCHEMA: &str = "ibgw-login-page/1";

const DEFAULTS: &str = include_str!("known_page.json");

/// The table of what the tool knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct KnownPage {
    /// For each part of the page the CSS selectors to try, the best first; empty when the tool does not look for it.
    pub selectors: BTreeMap<PagePart, Vec<String>>,
    /// For each meaning the words by which the tool knows it, in any case of letters.
    pub texts: BTreeMap<PagePhrase, Vec<String>>,
}

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePart {
    /// The field for the username.
    Username,
    /// The field for the password.
    Password,
    /// The button after the username, where the password comes on a second step.
    Next,
    /// The checkbox between live and paper.
    Toggle,
    /// The label that lies over it, which the tool clicks in its place.
    ToggleLabel,
    /// The hidden field that says the mode: 1 is live, 2 is paper.
    LoginType,
    /// The button that sends the form.
    LoginButton,
    /// A form that proves the password when its fields are left, before it is sent (version 1 of the page).
    EagerForm,
    /// Where the page shows errors.
    Error,
    /// What is visible while the page is busy.
    Loading,
    /// The banner of IBKR's maintenance.
    Maintenance,
    /// The buttons that end a dialog about cookies, the most reserved first.
    Cookies,
    /// The choice among several devices.
    Chooser,
    /// The choice how IBKR sends a code.
    Delivery,
    /// The button in it for a text message.
    DeliveryByText,
    /// The field for a code or an answer.
    Code,
    /// What is visible beside a field for the code of a text message.
    TextMessage,
    /// What is visible beside a field for the answer to a challenge.
    ChallengeForm,
    /// The challenge.
    Challenge,
    /// What is visible beside a field for the values of a card.
    CardForm,
    /// What is visible beside a field for a temporary code.
    TemporaryForm,
    /// What is visible once a notification is on the phone.
    Notification,
    /// The link that shows a challenge in place of the notification.
    ShowChallenge,
    /// A picture for the phone to read.
    QrCode,
    /// What asks for a passkey.
    Passkey,
    /// What asks for a code that came by email.
    EmailCode,
    /// The button that ends the page about IB Key after a login.
    Promo,
}

/// Meanings of texts on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePhrase {
    /// The whole text of the page after a login that succeeded.
    Success,
    /// The whole text of the login button, where no selector finds it.
    LoginButton,
    /// In the label of a code's field: the authenticator app makes it.
    Authenticator,
    /// In the label of a code's field: it came by email.
    Email,
    /// The username is locked.
    Locked,
    /// The username is one for paper.
    PaperNeeded,
    /// The username is one for live.
    LiveNeeded,
    /// The username is one for the other mode.
    OtherModeNeeded,
    /// The code is wrong.
    WrongCode,
    /// Username and password do not fit.
    WrongCredentials,
    /// The same, when it is the whole text.
    WrongCredentialsAlone,
    /// While a notification is on the phone: it was not approved in time.
    PushOver,
    /// In the title or the path of a page that wants something confirmed.
    Verification,
    /// The whole text of the Gateway's own filter of addresses.
    AccessDenied,
    /// What IBKR's edge says when it turns an address away.
    Blocked,
    /// A server's error in place of the page.
    Unavailable,
}

impl KnownPage {
    /// What this version knows.
    ///
    /// # Errors
    /// `Unexpected` when it cannot be read, which a test rules out.
    pub fn defaults() -> Result<Self> {
        serde_json::from_str(DEFAULTS).map_err(|error| {
            let why = Unreadable::from(error);
            Error::new(Exit::Unexpected, format!("the page as it is known: {why}"))
        })
    }

    /// The selectors of a part.
    #[must_use]
    pub fn selectors(&self, part: PagePart) -> &[String] {
        self.selectors.get(&part).map_or(&[], Vec::as_slice)
    }

    /// Whether a text has one of these words in it.
    #[must_use]
    pub fn says(&self, words: PagePhrase, text: &str) -> bool {
        let text = text.to_lowercase();
        self.texts(words).any(|known| text.contains(&known))
    }

    /// Whether a text is one of these, and nothing else.
    #[must_use]
    pub fn is_just(&self, words: PagePhrase, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.texts(words).any(|known| text == known)
    }

    /// The texts of a meaning, in lower case.
    pub fn texts(&self, words: PagePhrase) -> impl Iterator<Item = String> {
        let known = self.texts.get(&words).into_iter().flatten();
        known.map(|text| text.trim().to_lowercase())
    }
}

impl Report for KnownPage {
    fn schema(&self) -> &'static str {
        SCHEMA
    }

    /// The output is itself a file for `--page`, which has no such key.
    fn warnings(&self) -> Option<Vec<String>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_is_the_whole_text_and_nothing_like_it() {
        let known = KnownPage::defaults().unwrap_or_else(|error| panic!("{error}"));
        assert!(known.is_just(PagePhrase::Success, " Client login succeeds\n"));
        assert!(!known.is_just(PagePhrase::Success, "Client login succeeds soon"));
    }
}
