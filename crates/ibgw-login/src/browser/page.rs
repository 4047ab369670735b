//! The login page as it is known: where things are, and what is said when it is over.
//!
//! Its markup comes from captures that users published between 2023 and 2026: Voyz/ibeam#226 and #284, machdat's
//! broker-gateway, bogdanripa's ibkr-gateway. Every block is in the page at once, so only what is visible counts.

use serde_json::{Value, json};

/// The page's path, below the Gateway's address.
pub const PATH: &str = "/sso/Login?forwardTo=22&RL=1&ip2loc=US";

/// The whole text of the page after a login that succeeded.
pub const SUCCESS: &str = "Client login succeeds";

/// Where to find what: for each thing the selectors to try, the best first.
pub fn selectors() -> Value {
    json!({
        "username": ["#xyz-field-username", "input[name=username]", "#user_name", "#xyz-field-credential"],
        "password": ["#xyz-field-password", "input[name=password]", "#password"],
        "toggle": ["#toggle1", ".xyz-paper-switch", "input[name=paperSwitch]"],
        "label": ["label[for=toggle1]", ".xyz-paperswitch .toggle-label", ".xyz-paperswitch"],
        "submit": ["form.xyzform-username .xyz-button-login", ".xyz-button-login", "#submitForm"],
        "error": [".xyzblock-error .xyz-errormessage", ".alert.alert-danger", ".invalid-feedback"],
        "chooser": ["select.xyz-multipleselect", ".xyzblock-multiplesf select"],
        "code": ["#xyz-field-silver-response", "[name=silver-response]"],
        "challenge": ["#xyz-field-gold-response", ".xyz-goldchallenge"],
        "other_code": ["#xyz-field-bronze-response", "#xyz-field-temp-response", ".xyzblock-otpselector"],
        "push": [".xyzblock-notification", ".xyzblock-qrcode", ".login-step-notification"],
        "passkey": [".xyzblock-fido"],
        "cookies": ["#gdpr-reject-all", "#gdpr-reject-all-banner"],
        "loading": [".xyzblock-loading .position-absolute", ".xyzblock-loading"],
    })
}

/// Looks at the page once and says all that is there: one round trip in place of twenty.
pub const LOOK: &str = r"
const where = arguments[0];
const shown = element => {
  const box = element.getBoundingClientRect();
  return element.isConnected && box.width > 0 && box.height > 0
    && getComputedStyle(element).visibility !== 'hidden';
};
const all = name => where[name].flatMap(selector => [...document.querySelectorAll(selector)]);
const first = name => all(name).find(shown) ?? null;
const free = name => all(name).find(element => shown(element) && !element.disabled) ?? null;
const text = element => (element?.innerText ?? '').trim();
const toggle = all('toggle')[0] ?? null;
const chooser = first('chooser');
return {
  loaded: document.readyState === 'complete',
  text: text(document.body).slice(0, 400),
  username: free('username'),
  password: free('password'),
  typed_username: free('username')?.value ?? '',
  typed_password_length: free('password')?.value.length ?? 0,
  toggle: toggle,
  toggle_label: first('label'),
  is_paper: toggle ? toggle.checked : null,
  submit: free('submit'),
  error: all('error').filter(shown).map(text).find(words => words !== '') ?? null,
  chooser: chooser,
  devices: chooser ? [...chooser.options].map(option => ({value: option.value, label: option.text.trim()})) : [],
  code: free('code'),
  code_is_shown: first('code') !== null,
  challenge: first('challenge') !== null,
  other_code: first('other_code') !== null,
  push: first('push') !== null,
  passkey: first('passkey') !== null,
  cookies: free('cookies'),
  loading: first('loading') !== null,
};";

/// Empties every field, so that neither screenshot nor page shows what was typed.
pub const EMPTY_FIELDS: &str = r"
for (const field of document.querySelectorAll('input, textarea')) {
  field.value = '';
  field.removeAttribute('value');
}
for (const script of document.querySelectorAll('script')) { script.remove(); }";

/// Empties the error that was read.
pub const EMPTY_ERRORS: &str = r"
for (const selector of arguments[0].error) {
  for (const element of document.querySelectorAll(selector)) { element.textContent = ''; }
}";
