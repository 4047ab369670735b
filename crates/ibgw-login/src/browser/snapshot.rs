//! One look at the page, and what it amounts to.

use super::page::SUCCESS;
use serde::Deserialize;
use serde_json::Value;

/// What [`super::page::LOOK`] returns; elements are the driver's references, `None` when not there to be used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    pub loaded: bool,
    pub text: String,
    pub username: Option<Value>,
    pub password: Option<Value>,
    pub typed_username: String,
    pub typed_password_length: usize,
    pub toggle: Option<Value>,
    pub toggle_label: Option<Value>,
    pub is_paper: Option<bool>,
    pub submit: Option<Value>,
    pub error: Option<String>,
    pub chooser: Option<Value>,
    pub devices: Vec<Device>,
    pub code: Option<Value>,
    pub code_is_shown: bool,
    pub challenge: bool,
    pub other_code: bool,
    pub push: bool,
    pub passkey: bool,
    pub cookies: Option<Value>,
    pub loading: bool,
}

/// One entry of the chooser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Device {
    /// The SF code; empty for "Select Type".
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// What the page amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The login succeeded.
    Success,
    /// An error in the page's words.
    Error(String),
    /// The Gateway's filter of addresses.
    AccessDenied,
    /// A server's error in place of the page.
    Unavailable,
    /// Several devices to choose from.
    Chooser,
    /// A field for a code of six digits.
    Code,
    /// A challenge to be answered.
    Challenge,
    /// A code from a card or a text message.
    OtherCode,
    /// A notification was sent to a phone.
    Push,
    /// A passkey is wanted.
    Passkey,
    /// A dialog about cookies lies over the page.
    Cookies,
    /// The page is busy; whatever else is visible does not count yet.
    Busy,
    /// Fields for username and password.
    Credentials,
    /// Nothing known.
    Unknown,
}

impl Page {
    /// Whether IBKR has sent a notification to the phone, as far as this page tells.
    pub fn shows_push(&self) -> Option<bool> {
        match self {
            Self::Push => Some(true),
            Self::Chooser | Self::Code | Self::OtherCode => Some(false),
            // A challenge or a passkey may stand beside a notification.
            _ => None,
        }
    }
}

impl Snapshot {
    /// What the page amounts to.
    ///
    /// Order matters: every block is in the page at once, and an error may stand beside a form
    /// (a wrong code leaves the form for the next one).
    pub fn page(&self) -> Page {
        let text = self.text.trim();
        match () {
            () if text == SUCCESS => Page::Success,
            // While the page is busy an old error may still be visible.
            () if self.loading => Page::Busy,
            () if self.error.is_some() => Page::Error(self.error.clone().unwrap_or_default()),
            () if self.chooser.is_some() && !self.code_is_shown => Page::Chooser,
            () if self.code.is_some() => Page::Code,
            () if self.code_is_shown => Page::Busy,
            () if self.challenge => Page::Challenge,
            () if self.other_code => Page::OtherCode,
            () if self.push => Page::Push,
            () if self.passkey => Page::Passkey,
            () if self.cookies.is_some() => Page::Cookies,
            () if self.username.is_some() && self.password.is_some() => Page::Credentials,
            () if text == "Access Denied" => Page::AccessDenied,
            () if is_server_error(text) => Page::Unavailable,
            () => Page::Unknown,
        }
    }

    /// The device to choose: the one wanted by label or SF code, else the one that `fallback` names.
    pub fn device(&self, wanted: Option<&str>, fallback: &str) -> Option<&Device> {
        let Some(wanted) = wanted else {
            return self.devices.iter().find(|device| device.value == fallback);
        };
        let (wanted, real) = (wanted.to_lowercase(), || {
            self.devices
                .iter()
                .filter(|device| !device.value.is_empty())
        });
        let exact = real().find(|device| device.label.to_lowercase() == wanted);
        let within = || real().find(|device| device.label.to_lowercase().contains(&wanted));
        let by_code = || real().find(|device| device.value == wanted);
        exact.or_else(within).or_else(by_code)
    }

    /// What the chooser offers, for a person to read.
    pub fn offered(&self) -> String {
        let real = self
            .devices
            .iter()
            .filter(|device| !device.value.is_empty());
        real.map(|device| format!("{} ({})", device.label, device.value))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn is_server_error(text: &str) -> bool {
    [
        "Service Unavailable",
        "Bad Gateway",
        "Gateway Timeout",
        "Internal Server Error",
        "Too Many Requests",
    ]
    .iter()
    .any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(snapshot: Value) -> Page {
        serde_json::from_value::<Snapshot>(snapshot)
            .expect("a snapshot")
            .page()
    }

    #[test]
    fn success_is_the_exact_text_and_nothing_like_it() {
        assert_eq!(
            seen(json!({"text": "Client login succeeds"})),
            Page::Success
        );
        assert_eq!(
            seen(json!({"text": "Client login succeeds soon"})),
            Page::Unknown
        );
    }

    #[test]
    fn an_error_comes_before_the_form_beside_it() {
        let form = json!({"error": "Incorrect security code", "code": "e", "code_is_shown": true});
        assert_eq!(
            seen(form),
            Page::Error("Incorrect security code".to_owned())
        );
    }

    #[test]
    fn nothing_counts_while_the_page_is_busy() {
        assert_eq!(
            seen(json!({"loading": true, "error": "old", "username": "e", "password": "e"})),
            Page::Busy
        );
        assert_eq!(
            seen(json!({"code_is_shown": true, "code": null})),
            Page::Busy
        );
    }

    #[test]
    fn tells_the_pages_that_are_no_login_page() {
        assert_eq!(seen(json!({"text": "Access Denied"})), Page::AccessDenied);
        assert_eq!(
            seen(json!({"text": "503 Service Unavailable"})),
            Page::Unavailable
        );
        assert_eq!(
            seen(json!({"text": "Welcome to something else"})),
            Page::Unknown
        );
    }

    #[test]
    fn chooses_a_device_by_label_then_by_code_and_never_another() {
        let snapshot: Snapshot = serde_json::from_value(json!({"devices": [
            {"value": "", "label": "Select Type"},
            {"value": "5.2a", "label": "IB Key"},
            {"value": "4", "label": "Mobile Authenticator App"},
        ]}))
        .expect("a snapshot");
        let chosen = |wanted| {
            snapshot
                .device(wanted, "4")
                .map(|device| device.value.as_str())
        };
        assert_eq!(chosen(None), Some("4"));
        assert_eq!(chosen(Some("ib key")), Some("5.2a"));
        assert_eq!(chosen(Some("authenticator")), Some("4"));
        assert_eq!(chosen(Some("5.2a")), Some("5.2a"));
        assert_eq!(chosen(Some("Select")), None);
        assert_eq!(chosen(Some("Passkey")), None);
        assert_eq!(
            snapshot.offered(),
            "IB Key (5.2a), Mobile Authenticator App (4)"
        );
    }
}
