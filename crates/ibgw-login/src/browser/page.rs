//! Which page a look shows.

use super::snapshot::Snapshot;
use crate::known_page::{KnownPage, PagePhrase};
use serde::Deserialize;

/// The pages that the tool tells apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Page {
    /// The login succeeded.
    Success,
    /// The login succeeded, and IBKR advertises its app first.
    Promo,
    /// An error in the page's words.
    Error(String),
    /// A choice among several devices.
    Chooser,
    /// A choice how IBKR sends a code.
    Delivery,
    /// A field for a code.
    Code(CodeField),
    /// A field for the answer to a challenge, perhaps beside a notification.
    Challenge,
    /// A notification was sent to a phone.
    Push,
    /// A picture that the phone reads.
    QrCode,
    /// IBKR wants a passkey.
    Passkey,
    /// IBKR wants a code that it sent by email.
    EmailCode,
    /// IBKR wants something confirmed.
    Verification,
    /// A dialog about cookies covers the page.
    Cookies,
    /// The page is busy; what else is visible does not count yet.
    Busy,
    /// Fields for username and password.
    Credentials,
    /// A field for the password alone, as on a second step.
    PasswordAlone,
    /// A field for the username, and a button that leads to the password.
    UsernameFirst,
    /// An error page of the browser's own, in place of one that it could not load.
    OfTheBrowser,
    /// The Gateway's address filter refuses this machine.
    AccessDenied,
    /// IBKR's edge turns this address away.
    Blocked,
    /// A server's error in place of the page.
    Unavailable,
    /// Nothing known.
    Unknown,
}

/// Which code a field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CodeField {
    /// One of the authenticator app.
    App,
    /// One that was sent as a text message.
    TextMessage,
    /// The page does not say which of the two.
    AppOrTextMessage,
    /// The values of a card.
    Card,
    /// A temporary one.
    Temporary,
}

impl Page {
    /// The page that a look shows.
    ///
    /// The order matters: every block is in the page at once, and an error may stand beside a form (a wrong code leaves the
    /// form for the next one).
    pub(crate) fn of(seen: &Snapshot, known: &KnownPage) -> Self {
        if seen.is_of_the_browser() {
            Self::OfTheBrowser
        } else if known.is_just(PagePhrase::Success, &seen.text) {
            Self::Success
        } else if seen.promo_is_shown {
            Self::Promo
        } else if seen.loading && !seen.notification {
            // While the page is busy an old error may still be visible. A notification may keep it busy for minutes.
            Self::Busy
        } else if let Some(error) = &seen.error {
            Self::Error(error.clone())
        } else if let Some(second_factor) = Self::second_factor(seen, known) {
            second_factor
        } else {
            Self::without_second_factor(seen, known)
        }
    }

    fn second_factor(seen: &Snapshot, known: &KnownPage) -> Option<Self> {
        if seen.chooser.is_some() && !seen.code_is_shown {
            Some(Self::Chooser)
        } else if seen.delivery {
            Some(Self::Delivery)
        } else if seen.code_is_shown && seen.code.is_none() {
            Some(Self::Busy)
        } else if known.says(PagePhrase::Email, &seen.code_label) {
            Some(Self::EmailCode)
        } else if seen.code_is_shown && !seen.challenge_form {
            Some(Self::Code(seen.asks_for(known)))
        } else if seen.code_is_shown {
            Some(Self::Challenge)
        } else if seen.notification {
            Some(Self::Push)
        } else if seen.qr_code {
            Some(Self::QrCode)
        } else if seen.passkey {
            Some(Self::Passkey)
        } else if seen.email_code {
            Some(Self::EmailCode)
        } else {
            None
        }
    }

    fn without_second_factor(seen: &Snapshot, known: &KnownPage) -> Self {
        let place = format!("{}\n{}", seen.title, seen.path);
        if known.says(PagePhrase::Verification, &place) {
            Self::Verification
        } else if seen.cookies.is_some() {
            Self::Cookies
        } else if seen.username.is_some() && seen.password.is_some() {
            Self::Credentials
        } else if seen.username.is_some() && seen.next.is_some() {
            Self::UsernameFirst
        } else if seen.password.is_some() {
            Self::PasswordAlone
        } else {
            Self::without_form(seen, known)
        }
    }

    fn without_form(seen: &Snapshot, known: &KnownPage) -> Self {
        let has = |status: fn(u16) -> bool| seen.status.is_some_and(status);
        if known.is_just(PagePhrase::AccessDenied, &seen.text) {
            Self::AccessDenied
        } else if known.says(PagePhrase::Blocked, &seen.text) || has(|it| it == 403) {
            Self::Blocked
        } else if known.says(PagePhrase::Unavailable, &seen.text)
            || has(|it| it == 429 || it >= 500)
        {
            Self::Unavailable
        } else {
            Self::Unknown
        }
    }

    /// Whether it is a second factor without a notification.
    pub(crate) fn is_without_push(&self) -> bool {
        matches!(self, Self::Chooser | Self::Delivery | Self::Code(_))
    }

    /// Its name in the log, without the words of an error: these may hold the username.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Error(_) => "an error".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        }
    }
}

impl Snapshot {
    /// Whether the browser shows an error page of its own. Chromium gives it an own address; Firefox gives it that of the page
    /// it could not load, and the document another.
    fn is_of_the_browser(&self) -> bool {
        const OWN: [&str; 4] = [
            "chrome-error:",
            "about:neterror",
            "about:certerror",
            "about:httpsonlyerror",
        ];
        OWN.iter().any(|own| self.place.starts_with(own))
    }

    fn asks_for(&self, known: &KnownPage) -> CodeField {
        if self.card_form {
            CodeField::Card
        } else if self.temporary_form {
            CodeField::Temporary
        } else if known.says(PagePhrase::Authenticator, &self.code_label) {
            CodeField::App
        } else if self.text_message {
            CodeField::TextMessage
        } else {
            CodeField::AppOrTextMessage
        }
    }
}

#[cfg(test)]
mod tests;
