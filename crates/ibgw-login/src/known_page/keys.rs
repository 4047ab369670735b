//! The keys of what is known of the page.

use serde::{Deserialize, Serialize};

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
    /// What lies over it and is clicked in its place.
    ToggleLabel,
    /// The hidden field that says the mode: 1 is live, 2 is paper.
    LoginType,
    /// The button that sends the form.
    LoginButton,
    /// A form that proves the password when its fields are left, before it is sent (version 1 of the page).
    EagerForm,
    /// Where errors are.
    Error,
    /// What is visible while the page is busy.
    Loading,
    /// The banner of IBKR's maintenance.
    Maintenance,
    /// The buttons that end a dialog about cookies, the most reserved first.
    Cookies,
    /// The choice among several devices.
    Chooser,
    /// The choice how a code is to be sent.
    Delivery,
    /// The button in it that has the code sent as a text message.
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

/// Things that are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
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
    /// The same, when it is all that is said.
    WrongCredentialsAlone,
    /// Said while a notification is on the phone: nobody approved it in time.
    PushOver,
    /// In the title or the path of a page that wants something confirmed.
    Verification,
    /// The whole text of the Gateway's own filter of addresses.
    AccessDenied,
    /// What IBKR's edge says to whom it turns away.
    Blocked,
    /// A server's error in place of the page.
    Unavailable,
}
