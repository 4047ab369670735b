//! The second factors: what each kind is begun with, and what is counted of it.

use crate::login::{authenticate_as, dispatch, prove};
use crate::proof::Proof;
use crate::served::Served;
use serde_json::{Value, json};

/// A login that is proven and wants a second factor, of one of these devices.
pub(crate) struct Begun {
    pub standin: Served,
    pub proof: Proof,
    device: &'static str,
}

impl Begun {
    /// The first of the devices is used.
    pub(crate) fn with(devices: &[&'static str], script: &Value) -> Self {
        let standin = Served::start();
        let user = json!({"username": "keyuser", "password": "Correct-Horse5", "devices": devices});
        standin.control("POST", "/set", &json!({"users": [user]}).to_string());
        standin.control("POST", "/set", &script.to_string());
        let (proof, answer) = prove(&standin, "keyuser", "Correct-Horse5", 1);
        assert_eq!(answer["sftypes"], json!(devices));
        Self {
            standin,
            proof,
            device: devices[0],
        }
    }

    /// Chooses the device, with further fields that begin with `&`.
    pub(crate) fn choose(&self, further: &str) -> Value {
        let form = format!(
            "ACTION=COMPLETEAUTH_1&M1={}&VERSION=1&SF={}{further}",
            self.proof.m1, self.device
        );
        authenticate_as(&self.standin, &self.proof, &form)["two_factor"].clone()
    }

    /// Gives a code, or asks for the notification.
    pub(crate) fn give(&self, what: &str) -> Value {
        let form = format!("ACTION=COMPLETETWOFACT&{what}&SF={}&VERSION=1", self.device);
        authenticate_as(&self.standin, &self.proof, &form)
    }

    pub(crate) fn counts(&self, key: &str, expected: u64) {
        assert_eq!(self.standin.state()[key], expected, "{key}");
    }
}

#[test]
fn begins_each_device_in_its_own_way() {
    for (device, script, begun) in [
        ("4.2", json!({}), json!({"type": "SWTK"})),
        ("3", json!({}), json!({"type": "SWTK"})),
        ("6", json!({}), json!({"type": "IBTK"})),
        (
            "5.1",
            json!({}),
            json!({"type": "SWCR", "challenge": "111 222"}),
        ),
        ("5.2a", json!({}), json!({"type": "PUSH"})),
        (
            "5.2a",
            json!({"push": {"by_qr_code": true}}),
            json!({"type": "QR"}),
        ),
        ("passkey", json!({}), json!({"type": "passkey"})),
        ("email", json!({}), json!({"type": "email"})),
        ("9.9", json!({}), json!({"type": "9.9"})),
    ] {
        let login = Begun::with(&[device, "4"], &script);
        assert_eq!(login.choose(""), begun, "{device}");
    }
}

#[test]
fn counts_text_messages_and_not_what_goes_another_way() {
    let login = Begun::with(&["4.2"], &json!({}));
    login.choose("&DELIVERY=voice");
    login.counts("texts", 0);
    login.choose("&DELIVERY=text");
    login.counts("texts", 1);
    login.choose("");
    login.counts("texts", 2);
    login.counts("resends", 2);
    assert_eq!(login.give("RESPONSE=482913"), json!({"auth_res": true}));
    login.counts("codes", 1);
}

#[test]
fn spoils_a_right_answer_that_is_sent_twice() {
    let login = Begun::with(&["5.1"], &json!({}));
    login.choose("");
    assert_eq!(login.give("RESPONSE=39166143"), json!({"auth_res": true}));
    assert_eq!(
        login.give("RESPONSE=39166143"),
        json!({"auth_res": false, "error": "Authentication failed"})
    );
    assert!(dispatch(&login.standin, &login.proof).contains("loginformWrapper"));
}

#[test]
fn asks_a_live_username_in_paper_mode_too_when_told_to() {
    let standin = Served::start();
    let user = json!({"username": "keyuser", "password": "Correct-Horse5", "devices": ["4.2"], "factors_in_paper": true});
    standin.control("POST", "/set", &json!({"users": [user]}).to_string());
    let (_, answer) = prove(&standin, "keyuser", "Correct-Horse5", 2);
    assert_eq!(answer["sftypes"], json!(["4.2"]));
}
