//! The login page's moods: which of its versions is played, and what its users have met on it.

use serde::{Deserialize, Serialize};

/// The login page's moods. Each key stands for something that was published; a guess is called a guess.
///
/// Nothing here delays or breaks what the page asks of `/sso/Authenticator`: scripted answers do.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PageMoods {
    /// Which page.
    pub version: Version,
    /// What is at `/sso/Login` in its place; the page when `None`.
    pub instead: Option<Instead>,
    /// What `/sso/Dispatcher` shows to a login that misses nothing; the session is opened when `None`.
    pub after: Option<Instead>,
    /// What lies in a child frame, the top document being empty but for it.
    pub frame: Frame,
    /// The page's title.
    pub title: String,
    /// HTML of the banner on maintenance, in `.gstat` or `.gsss`; no banner when `None`. No text of one was published.
    pub maintenance: Option<String>,
    /// How many times the dialog on cookies is put over the page: again after each dismissal but the last. With the
    /// cookie `IB_PRIV_PREFS` it never comes (bogdanripa/ibkr-gateway).
    pub cookie_dialogs: u32,
    /// It comes, once, when the mouse is over the button already.
    pub cookie_dialog_under_mouse: bool,

    /// How long the form takes to be injected; some took more than 30 s (Voyz/ibeam#145, #187).
    pub form_delay_ms: u64,
    /// The form never comes (Voyz/ibeam#203).
    pub never: bool,
    /// The username is asked for first, the password after it (bogdanripa/ibkr-gateway).
    pub two_step: bool,
    /// The username's field is `#xyz-field-credential` (one mention, in machdat/broker-gateway).
    pub credential_field: bool,
    /// There is no toggle, and the username decides the mode, as before March 2025 (Voyz/ibeam#96, #125, #237).
    pub no_toggle: bool,
    /// The toggle stands on Paper at first.
    pub start_in_paper: bool,
    /// The toggle empties the fields.
    pub clear_fields_on_toggle: bool,
    /// Something transparent lies over the toggle and its label too, so that no click arrives.
    pub toggle_covered: bool,
    /// One button changes its words with the mode, where there are otherwise two with one of them hidden.
    pub one_button: bool,

    /// How long the transparent overlay stays after a submit.
    pub overlay_ms: u64,
    /// Submitting does nothing (Voyz/ibeam#204).
    pub wedged: bool,
    /// An error shown instead of logging in.
    pub error_text: Option<String>,
    /// The words for wrong credentials (Voyz/ibeam#61; those of IBKR's help page say "user name").
    pub wrong_text: String,
    /// The words for a locked username. They are not published.
    pub locked_text: String,

    /// An error beside the form of the second factor, before any code was sent.
    pub factor_error: Option<String>,
    /// How long the code's field is disabled once it is visible.
    pub silver_disabled_ms: u64,
    /// The page asks first how a one-time code is to be sent.
    pub otp_selector: bool,
    /// How long the button that sends another text message is disabled.
    pub resend_after_ms: u64,
    /// How often the page asks whether the notification was approved.
    pub push_poll_ms: u64,
    /// How long a challenge that came beside a notification stays hidden.
    pub challenge_after_ms: u64,
}

/// Which of the two login pages.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Version {
    /// 2020 to March 2023: its form is in the HTML, and it asks `/sso/Authenticator` when a field loses the focus
    /// (Voyz/ibeam#21, #65, #84, #100).
    V1,
    /// Since March 2023: a script injects every block at once (machdat/broker-gateway).
    #[default]
    V2,
}

/// What is there in place of what should be.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Instead {
    /// No byte, for as long as the client waits (Voyz/ibeam#145).
    Hang,
    /// A page that has no form.
    Formless,
    /// 403 "Access Denied" of Akamai, which stands before IBKR (Voyz/ibeam#179).
    Akamai,
    /// 404 `Access Denied`, 13 bytes: the Gateway's own filter of addresses (seen with build a27ed42).
    Filter,
    /// 503 (Voyz/ibeam#222).
    Unavailable,
    /// The login page, as after a login that failed (Voyz/ibeam#134, #257).
    Login,
    /// The page that praises IB Key, which goes on by its button or after two minutes (Voyz/ibeam#62, #68).
    Promo,
    /// "Verification Needed": a code that was sent by email (file#52213379022 of a published Android app).
    Restricted,
    /// A page that was never published.
    Other,
}

/// What lies in a child frame.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Frame {
    /// Nothing.
    #[default]
    None,
    /// The whole page.
    Form,
    /// The form of the second factor (isaacrowntree/sovereign-ibkr-fund).
    Factor,
}

impl Default for PageMoods {
    fn default() -> Self {
        Self {
            version: Version::V2,
            instead: None,
            after: None,
            frame: Frame::None,
            title: "IBKR Login".to_owned(),
            maintenance: None,
            cookie_dialogs: 0,
            cookie_dialog_under_mouse: false,
            form_delay_ms: 50,
            never: false,
            two_step: false,
            credential_field: false,
            no_toggle: false,
            start_in_paper: false,
            clear_fields_on_toggle: false,
            toggle_covered: false,
            one_button: false,
            overlay_ms: 100,
            wedged: false,
            error_text: None,
            wrong_text: "Invalid username password combination".to_owned(),
            locked_text: "Too many failed login attempts. Your account is locked.".to_owned(),
            factor_error: None,
            silver_disabled_ms: 100,
            otp_selector: false,
            resend_after_ms: 10_000,
            push_poll_ms: 3000,
            challenge_after_ms: 0,
        }
    }
}
