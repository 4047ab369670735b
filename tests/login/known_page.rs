//! What is known of the page, as a file of the user's changes it.

use super::on_the_page as login;
use super::*;

fn with_file(standin: &Standin, text: &str) -> Tool {
    let tool = login(standin).args(["--page", "page.json"]);
    fs::write(tool.folder.path().join("page.json"), text).expect("it can be written");
    tool
}

#[test]
fn what_it_prints_is_what_it_takes() {
    let standin = Standin::serve();
    let defaults = Tool::new("ibgw-login").args(["--page-defaults"]).run();
    let defaults = defaults.exits(0).is_silent_on_stderr();
    assert_eq!(defaults.report()["schema"], "ibgw-login-page/1");
    assert!(
        defaults.stdout.starts_with(r#"{"schema":"#),
        "{}",
        defaults.all()
    );
    with_file(&standin, &defaults.stdout)
        .stdin(plain())
        .run()
        .exits(0);
    sent(&standin, 1, 0);
}

#[test]
fn a_page_that_has_changed_is_known_by_a_file() {
    // The button's class is another, and so are the words of success.
    let standin = Standin::serve();
    let script = r#"document.addEventListener("DOMContentLoaded", () => {
        document.querySelector("form").addEventListener("submit", (event) => {
            event.preventDefault();
            document.body.textContent = "You are logged in";
        });
    });"#;
    let body = format!(
        "<script>{script}</script><form><input name=who><input name=word type=password>\
         <input type=hidden name=loginType value=1><a id=go>Go</a><button class=new>Los</button></form>"
    );
    let headers = json!({"Content-Type": "text/html"});
    let page = json!({"path": "/sso/Login", "status": 200, "headers": headers, "body": body});
    standin.set(&json!({"answers": [page]}));
    let known = json!({"schema": "ibgw-login-page/1",
        "selectors": {"username": ["[name=who]"], "password": ["[name=word]"], "login_button": ["button.new"]},
        "texts": {"success": ["you are logged in"]}});
    let ran = with_file(&standin, &known.to_string())
        .args(["--timeout", "60s"])
        .stdin(plain())
        .run();
    // The page says so, and nothing was asked of the login behind it: never ready.
    assert_eq!(ran.report()["reason"], "not_ready", "{}", ran.all());
    assert_eq!(ran.report()["submissions"], 1, "{}", ran.all());
}

#[test]
fn an_unknown_key_and_an_invalid_selector_are_named_and_nothing_is_sent() {
    for (file, named) in [
        (
            r#"{"schema":"ibgw-login-page/1","selectors":{"login_buton":["x"]}}"#,
            "login_buton",
        ),
        (
            r#"{"schema":"ibgw-login-page/1","texts":{"locked":[""]}}"#,
            "locked",
        ),
        (
            r##"{"schema":"ibgw-login-page/1","selectors":{"error":["#a","b["]}}"##,
            "error: b[",
        ),
        (r#"{"schema":"ibgw-login/1"}"#, "ibgw-login-page/1"),
        ("{", "page.json"),
    ] {
        let standin = Standin::serve();
        let ran = with_file(&standin, file).stdin(plain()).run().exits(6);
        let message = ran.error()["message"].to_string();
        assert!(message.contains(named), "{named}: {}", ran.all());
        sent(&standin, 0, 0);
        assert_eq!(standin.truth()["pages"], 0, "{}", ran.all());
    }
    let standin = Standin::serve();
    let missing = login(&standin).args(["--page", "nowhere.json"]);
    let ran = missing.stdin(plain()).run().exits(6);
    assert!(ran.error()["message"].to_string().contains("nowhere.json"));
}
