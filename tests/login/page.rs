//! The login page, in a real browser.

use super::on_the_page as login;
use super::*;

#[test]
fn a_flag_wins_over_the_mode_of_the_record() {
    let standin = Standin::serve();
    let login_record = record("paperuser", "Correct-Horse3", None, "live");
    login(&standin)
        .args(["--mode", "paper"])
        .stdin(login_record)
        .run()
        .exits(0);
    assert_eq!(standin.truth()["mode"], "paper");
}

#[test]
fn names_the_mode_when_the_username_is_of_the_other() {
    let standin = Standin::serve();
    let ran = login(&standin)
        .stdin(record("paperuser", "Correct-Horse3", None, "live"))
        .run()
        .exits(4);
    assert_eq!(ran.report()["reason"], "paper_needed", "{}", ran.all());
    assert!(
        ran.error()["message"].to_string().contains("--mode"),
        "{}",
        ran.all()
    );
}

#[test]
fn an_unknown_error_is_a_refusal_in_the_pages_own_words() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"error_text": "Zugang derzeit nicht vorgesehen"}}));
    let ran = login(&standin).stdin(plain()).run().exits(4);
    assert_eq!(ran.report()["reason"], "unknown_error", "{}", ran.all());
    assert_eq!(
        ran.report()["page_text"],
        "Zugang derzeit nicht vorgesehen",
        "{}",
        ran.all()
    );
}

#[test]
fn tells_a_gateway_that_does_nothing_from_a_refusal() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"wedged": true}}));
    let ran = login(&standin)
        .args(["--timeout", "30s"])
        .stdin(plain())
        .run()
        .exits(9);
    assert_eq!(ran.report()["reason"], "nothing_happened", "{}", ran.all());
    assert_eq!(
        ran.report()["failures_left"],
        2,
        "a form that was sent counts: {}",
        ran.all()
    );
}

#[test]
fn a_page_without_a_form_costs_nothing() {
    let standin = Standin::serve();
    let state = TempDir::new().expect("a folder");
    standin.set(&json!({"page": {"never": true}}));
    let ran = login(&standin)
        .state(state.path())
        .args(["--timeout", "8s"])
        .stdin(plain())
        .run()
        .exits(8);
    assert_eq!(ran.error()["retry"], true, "{}", ran.all());
    sent(&standin, 0, 0);
    assert_eq!(
        files(&state.path().join("ledger"), "json"),
        Vec::<PathBuf>::new(),
        "nothing was recorded"
    );
}

#[test]
fn a_banner_of_maintenance_is_reported_and_no_error() {
    let standin = Standin::serve();
    let banner = r#"<div class="alert alert-danger">Scheduled maintenance on Saturday.</div>"#;
    standin.set(&json!({"page": {"maintenance": banner}}));
    let ran = login(&standin).stdin(plain()).run().exits(0);
    let text = "Scheduled maintenance on Saturday.";
    assert_eq!(ran.report()["page_text"], text, "{}", ran.all());
    assert_eq!(
        ran.report()["warnings"],
        json!(["maintenance", "ledger_begun"]),
        "{}",
        ran.all()
    );
}

#[test]
fn a_refusal_leaves_a_picture_without_what_was_typed() {
    let standin = Standin::serve();
    let folder = TempDir::new().expect("a folder");
    let wrong = record("testuser01", "Wrong-Horse9", None, "live");
    let directory = folder.path().to_str().expect("a path");
    let ran = login(&standin)
        .args(["--screenshot-dir", directory])
        .stdin(wrong)
        .run()
        .exits(4);
    let picture = ran.report()["screenshot"]
        .as_str()
        .expect("a path")
        .to_owned();
    let bytes = fs::read(&picture).expect("it is there");
    assert!(
        bytes.starts_with(b"\x89PNG") && bytes.len() > 1000,
        "{} bytes",
        bytes.len()
    );
    assert_eq!(
        fs::metadata(&picture)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    let page = fs::read_to_string(picture.replace(".png", ".html")).expect("it is there");
    assert!(page.contains("xyz-field-username"), "{page}");
    for secret in ["testuser01", "Wrong-Horse9"] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
}

/// The page folds the username, and may repeat it.
#[test]
fn a_picture_shows_the_username_in_no_spelling() {
    let standin = Standin::serve();
    let banner = r#"<div class="alert alert-danger">testuser01, we are being mended.</div>"#;
    standin.set(&json!({"page": {"maintenance": banner}}));
    let folder = TempDir::new().expect("a folder");
    let directory = folder.path().to_str().expect("a path");
    let ran = login(&standin)
        .args(["--screenshot-dir", directory])
        .stdin(record("TestUser01", "Wrong-Horse9", None, "live"))
        .run()
        .exits(4)
        .never_shows("testuser01");
    let picture = ran.report()["screenshot"]
        .as_str()
        .expect("a path")
        .to_owned();
    let page = fs::read_to_string(picture.replace(".png", ".html")).expect("it is there");
    assert!(
        page.contains("we are being mended") && !page.contains("testuser01"),
        "{page}"
    );
}

/// Something may have been typed into any frame that is looked into.
#[test]
fn a_picture_is_made_of_no_frame_that_was_not_emptied() {
    let frames = r#"<iframe srcdoc="<input value=typed-into-it>"></iframe>"#.repeat(7);
    let standin = with_page(200, &frames);
    let folder = TempDir::new().expect("a folder");
    let directory = folder.path().to_str().expect("a path");
    let ran = login(&standin)
        .args(["--screenshot-dir", directory, "--timeout", "20s"])
        .stdin(plain())
        .run();
    let picture = ran.report()["screenshot"].as_str().map(str::to_owned);
    let picture = picture.unwrap_or_else(|| panic!("{}", ran.all()));
    let page = fs::read_to_string(picture.replace(".png", ".html")).expect("it is there");
    let (_, last) = page.split_once("<!-- frame 6 -->").expect("the last frame");
    assert!(last.contains("<input>"), "{last}");
}

/// A page in place of the real one, as the browser sees it.
fn with_page(status: u16, body: &str) -> Standin {
    let standin = Standin::serve();
    let headers = json!({"Content-Type": "text/html"});
    let answer = json!({"path": "/sso/Login", "status": status, "headers": headers, "body": body});
    standin.set(&json!({"answers": [answer]}));
    standin
}

#[test]
fn pages_that_are_no_login_page_have_their_own_reasons_and_cost_nothing() {
    let form = |inner: &str| {
        format!(
            "<form><input name=username {inner}><input name=password type=password>\
            <button class=xyz-button-login>Login</button></form>"
        )
    };
    let toggle = "><input type=checkbox id=toggle1";
    for (status, body, exit, reason) in [
        (503, "Service Unavailable".to_owned(), 12, "unavailable"),
        (404, "Access Denied".to_owned(), 6, "access_denied"),
        (200, form(""), 9, "no_toggle"),
        (
            200,
            form(&format!("oninput=\"this.value='x'\"{toggle}")),
            9,
            "form_not_filled",
        ),
    ] {
        let standin = with_page(status, &body);
        let ran = login(&standin).stdin(plain()).run();
        assert_eq!(ran.status, exit, "{reason}: {}", ran.all());
        assert_eq!(ran.report()["reason"], reason, "{}", ran.all());
        sent(&standin, 0, 0);
    }
}

#[test]
fn a_driver_that_gets_no_port_is_started_once_more() {
    let standin = Standin::serve();
    let tool = login(&standin).args(["--driver", "./driver"]);
    let driver = tool.folder.path().join("driver");
    let script = "#!/bin/sh\n[ -e tried ] || { touch tried; exit 1; }\nexec chromedriver \"$@\"\n";
    fs::write(&driver, script).expect("it can be written");
    fs::set_permissions(&driver, fs::Permissions::from_mode(0o700)).expect("a mode can be set");
    tool.stdin(plain()).run().exits(0);
    sent(&standin, 1, 0);
}
