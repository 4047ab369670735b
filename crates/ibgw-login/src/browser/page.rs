//! Which page a look shows.

use super::snapshot::Snapshot;
use crate::known_page::{KnownPage, PagePhrase};
use serde::Deserialize;

/// The pages that the tool tells apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
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
pub enum CodeField {
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
    pub fn of(seen: &Snapshot, known: &KnownPage) -> Self {
        let is_code = seen.code_is_shown && !seen.challenge_form;
        match () {
            () if seen.is_of_the_browser() => Self::OfTheBrowser,
            () if known.is_just(PagePhrase::Success, &seen.text) => Self::Success,
            () if seen.promo_is_shown => Self::Promo,
            // While the page is busy an old error may still be visible. A notification may keep it busy for minutes.
            () if seen.loading && !seen.notification => Self::Busy,
            () if seen.error.is_some() => Self::Error(seen.error.clone().unwrap_or_default()),
            () if seen.chooser.is_some() && !seen.code_is_shown => Self::Chooser,
            () if seen.delivery => Self::Delivery,
            () if seen.code_is_shown && seen.code.is_none() => Self::Busy,
            () if known.says(PagePhrase::Email, &seen.code_label) => Self::EmailCode,
            () if is_code => Self::Code(seen.asks_for(known)),
            () if seen.code_is_shown => Self::Challenge,
            () if seen.notification => Self::Push,
            () if seen.qr_code => Self::QrCode,
            () if seen.passkey => Self::Passkey,
            () if seen.email_code => Self::EmailCode,
            () if known.says(
                PagePhrase::Verification,
                &format!("{}\n{}", seen.title, seen.path),
            ) =>
            {
                Self::Verification
            }
            () if seen.cookies.is_some() => Self::Cookies,
            () if seen.username.is_some() && seen.password.is_some() => Self::Credentials,
            () if seen.username.is_some() && seen.next.is_some() => Self::UsernameFirst,
            () if seen.password.is_some() => Self::PasswordAlone,
            () => Self::without_form(seen, known),
        }
    }

    fn without_form(seen: &Snapshot, known: &KnownPage) -> Self {
        let has = |status: fn(u16) -> bool| seen.status.is_some_and(status);
        match () {
            () if known.is_just(PagePhrase::AccessDenied, &seen.text) => Self::AccessDenied,
            () if known.says(PagePhrase::Blocked, &seen.text) || has(|it| it == 403) => {
                Self::Blocked
            }
            () if known.says(PagePhrase::Unavailable, &seen.text)
                || has(|it| it == 429 || it >= 500) =>
            {
                Self::Unavailable
            }
            () => Self::Unknown,
        }
    }

    /// Whether it is a second factor without a notification.
    pub fn is_without_push(&self) -> bool {
        matches!(self, Self::Chooser | Self::Delivery | Self::Code(_))
    }

    /// Its name in the log, without the words of an error: these may hold the username.
    pub fn name(&self) -> String {
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
        match () {
            () if self.card_form => CodeField::Card,
            () if self.temporary_form => CodeField::Temporary,
            () if known.says(PagePhrase::Authenticator, &self.code_label) => CodeField::App,
            () if self.text_message => CodeField::TextMessage,
            () => CodeField::AppOrTextMessage,
        }
    }
}

#[cfg(test)]
mod tests;
