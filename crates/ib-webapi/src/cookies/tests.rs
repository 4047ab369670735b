use super::*;
use proptest::prelude::*;

fn cookies() -> Cookies {
    Cookies::of("https://localhost:5000").expect("an address")
}

fn line(cookies: &Cookies, path: &str) -> String {
    String::from_utf8(cookies.line(path).unwrap_or_default()).expect("UTF-8")
}

#[test]
fn a_cookie_goes_where_its_path_says() {
    let cookies = cookies();
    cookies.take(
        "/sso/Login",
        b"JSESSIONID=abc; Path=/sso; HttpOnly; Secure; SameSite=None",
    );
    cookies.set("XYZAB", "0123");
    assert_eq!(line(&cookies, "/v1/api/tickle"), "XYZAB=0123");
    let mut sent: Vec<_> = line(&cookies, "/sso/Authenticator")
        .split("; ")
        .map(str::to_owned)
        .collect();
    sent.sort();
    assert_eq!(sent, ["JSESSIONID=abc", "XYZAB=0123"]);
}

#[test]
fn a_cookie_of_another_host_is_not_kept() {
    let cookies = cookies();
    cookies.take("/", b"XYZAB=0123; Domain=example.com");
    assert_eq!(cookies.line("/"), None);
}

#[test]
fn a_cookie_that_has_expired_is_gone() {
    let cookies = cookies();
    cookies.take("/", b"partnerID=abc; Path=/");
    cookies.take("/", b"partnerID=; Path=/; Max-Age=0");
    assert_eq!(cookies.line("/"), None);
}

proptest! {
    // The same as fuzz/fuzz_targets/login_cookies.rs.
    #[test]
    fn whatever_is_set_nothing_breaks_and_no_line_is_broken(
        lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20),
        path in "/[ -~]{0,40}",
    ) {
        let cookies = cookies();
        for line in &lines {
            cookies.take("/sso/Login", line);
        }
        let sent = cookies.line(&path).unwrap_or_default();
        prop_assert!(!sent.contains(&b'\n') && !sent.contains(&b'\r') && !sent.contains(&0));
    }

    #[test]
    fn a_path_below_sso_is_never_sent_to_the_web_api(name in "[A-Za-z]{1,8}", value in "[a-z0-9]{1,16}", rest in "[a-z]{0,5}") {
        let cookies = cookies();
        cookies.take("/sso/Login", format!("{name}={value}; Path=/sso{rest}").as_bytes());
        prop_assert_eq!(cookies.line("/v1/api/tickle"), None);
    }
}
