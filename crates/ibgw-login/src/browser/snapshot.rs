//! One look at the page: everything in one round trip.

use crate::factor::OfferedDevice;
use crate::known_page::KnownPage;
use serde::Deserialize;
use serde_json::{Value, json};

/// The script that looks; it returns a [`Snapshot`].
pub(crate) const LOOK: &str = include_str!("look.js");

/// The result of [`LOOK`]. Elements are the driver's references, `None` when the page has none that can be used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Snapshot {
    /// The page has finished loading.
    pub loaded: bool,
    /// The HTTP status of the page; `None` or 0 when the browser does not say.
    pub status: Option<u16>,
    pub path: String,
    /// The address of the page shown, cut to 200 characters.
    pub place: String,
    pub title: String,
    /// All visible text, cut to 400 characters.
    pub text: String,
    /// How many frames the page has.
    pub frames: u16,
    pub username: Option<Value>,
    pub password: Option<Value>,
    pub typed_username: String,
    /// In UTF-16, as JavaScript counts.
    pub typed_password_length: usize,
    pub next: Option<Value>,
    pub toggle: Option<Value>,
    pub toggle_label: Option<Value>,
    /// `None` when the page does not show the mode.
    pub is_paper: Option<bool>,
    pub login_button: Option<Value>,
    pub is_eager: bool,
    /// How many answers the page has had from the login behind it.
    pub handshakes: u32,
    pub error: Option<String>,
    pub loading: bool,
    pub maintenance: Option<String>,
    pub cookies: Option<Value>,
    pub chooser: Option<Value>,
    pub devices: Vec<OfferedDevice>,
    pub delivery: bool,
    pub delivery_by_text: Option<Value>,
    pub code: Option<Value>,
    pub code_is_shown: bool,
    pub code_label: String,
    pub text_message: bool,
    pub challenge_form: bool,
    pub challenge: Option<String>,
    pub card_form: bool,
    /// The words beside the field for a card's values.
    pub card: Option<String>,
    pub temporary_form: bool,
    pub notification: bool,
    pub show_challenge: Option<Value>,
    pub qr_code: bool,
    pub passkey: bool,
    pub email_code: bool,
    pub promo: Option<Value>,
    pub promo_is_shown: bool,
}

/// The arguments of [`LOOK`].
pub(crate) fn arguments(known: &KnownPage) -> Vec<Value> {
    let texts: Vec<_> = known
        .texts(crate::known_page::PagePhrase::LoginButton)
        .collect();
    vec![json!(known.selectors), json!(texts)]
}
