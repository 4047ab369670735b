//! Reads the cookies that a login sets. The ordinary tests do the same: crates/ib-webapi/src/cookies/tests.rs.
#![no_main]

use ib_webapi::Cookies;

libfuzzer_sys::fuzz_target!(|lines: &[u8]| {
    let Some(cookies) = Cookies::of("https://localhost:5000") else {
        return;
    };
    for line in lines.split(|byte| *byte == b'\n') {
        cookies.take("/sso/Login", line);
    }
    for path in ["/", "/sso/Authenticator", "/v1/api/tickle"] {
        let sent = cookies.line(path).unwrap_or_default();
        assert!(!sent.contains(&b'\n') && !sent.contains(&b'\r'));
    }
});
