//! The login pages and what stands in their place, as far as they can be seen without a browser.

use crate::login::{dispatch, prove};
use crate::served::Served;
use serde_json::json;
use std::time::Duration;

const LOGIN: &str = "/sso/Login?forwardTo=22&RL=1&ip2loc=US";

fn with_page(page: &serde_json::Value) -> Served {
    let standin = Served::start();
    standin.control("POST", "/set", &json!({"page": page}).to_string());
    standin
}

#[test]
fn shows_what_is_put_in_the_place_of_the_page() {
    for (instead, status, text) in [
        ("akamai", 403, "You don't have permission to access"),
        ("filter", 404, "Access Denied"),
        ("unavailable", 503, "503 Service Temporarily Unavailable"),
        ("formless", 200, "This page has no form."),
        ("restricted", 200, "Verification Needed"),
        ("other", 200, "Something else is needed"),
        ("login", 200, "loginformWrapper"),
    ] {
        let standin = with_page(&json!({"instead": instead}));
        let answer = standin.ask("GET", LOGIN, "");
        assert_eq!(answer.status, status, "{instead}");
        assert!(answer.text().contains(text), "{instead}: {}", answer.text());
    }
    let filter = with_page(&json!({"instead": "filter"}));
    assert_eq!(filter.ask("GET", LOGIN, "").body.len(), 13);
}

#[test]
fn sends_no_byte_in_place_of_the_page() {
    let standin = with_page(&json!({"instead": "hang"}));
    let error = standin
        .try_ask("GET", LOGIN, "", "", Duration::from_millis(300))
        .expect_err("nothing comes");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}");
}

#[test]
fn shows_the_promotion_once_and_opens_the_session_behind_it() {
    let standin = with_page(&json!({"after": "promo"}));
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert!(dispatch(&standin, &proof).contains("ibkey-promo-skip"));
    assert_eq!(standin.state()["sso"], false);
    assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
    assert_eq!(standin.state()["sso"], true);
}

#[test]
fn shows_nothing_else_at_the_dispatcher_to_a_login_that_misses_something() {
    let standin = with_page(&json!({"after": "promo"}));
    let (proof, _) = prove(&standin, "testuser01", "Wrong-Horse", 1);
    assert!(dispatch(&standin, &proof).contains("loginformWrapper"));
}

#[test]
fn shows_the_login_page_again_to_a_right_login_when_told_to() {
    let standin = with_page(&json!({"after": "login"}));
    let (proof, _) = prove(&standin, "testuser01", "Correct-Horse1", 1);
    assert!(dispatch(&standin, &proof).contains("loginformWrapper"));
    let state = standin.state();
    assert_eq!((&state["sso"], &state["pages"]), (&json!(false), &json!(2)));
}

#[test]
fn plays_the_page_before_with_its_form_in_the_html_and_its_button_twice() {
    let standin = with_page(&json!({"version": "v1"}));
    let html = standin.ask("GET", LOGIN, "").text();
    for id in [
        "user_name",
        "password",
        "paperSwitch",
        "sf_select",
        "otp-delivery",
        "ERRORMSG",
        "twofactbase",
        "chlginput",
    ] {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    assert_eq!(html.matches("id=\"submitForm\"").count(), 2);
    let script = standin.ask("GET", "/sso/lib/xyz.before.js", "");
    assert!(script.text().contains("function xyz_initialize()"));
}

#[test]
fn puts_the_page_into_a_frame_of_an_empty_one() {
    let standin = with_page(&json!({"frame": "form"}));
    let outer = standin.ask("GET", LOGIN, "").text();
    let target = outer.split('"').find(|text| text.starts_with("/sso/Login"));
    let target = target.expect("a frame").replace("&amp;", "&");
    assert!(!outer.contains("loginformWrapper"), "{outer}");
    let inner = standin.ask("GET", &target, "").text();
    assert!(inner.contains("loginformWrapper"), "{inner}");
}

#[test]
fn gives_the_banner_on_maintenance() {
    let banner = "<b>Closed on Sunday</b>";
    let standin = with_page(&json!({"maintenance": banner}));
    let answer = standin.ask("POST", "/portal.proxy/v1/gstat/bulletins", "{}");
    assert_eq!(answer.text(), banner);
}

#[test]
fn lets_the_username_decide_where_there_is_no_toggle() {
    let standin = with_page(&json!({"no_toggle": true}));
    for (username, password, mode) in [
        ("paperuser", "Correct-Horse3", "paper"),
        ("testuser01", "Correct-Horse1", "live"),
    ] {
        let (proof, _) = prove(&standin, username, password, 1);
        assert_eq!(dispatch(&standin, &proof), "Client login succeeds");
        assert_eq!(standin.state()["mode"], mode);
    }
}

#[test]
fn refuses_a_live_username_without_a_paper_account_in_paper_mode() {
    let standin = Served::start();
    let user = json!({"username": "liveuser", "password": "Correct-Horse5", "live_only": true});
    standin.control("POST", "/set", &json!({"users": [user]}).to_string());
    let (_, answer) = prove(&standin, "liveuser", "Correct-Horse5", 2);
    let text = answer["error"].as_str().unwrap_or_default();
    assert!(text.contains("select the correct Login mode"), "{answer}");
    assert_eq!(standin.state()["failed_logins"], json!({}));
}
