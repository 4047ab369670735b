//! The one cookie jar all clients share.

use crate::http::{Headers, HttpRequest};

/// The names the Gateway keeps (constants of build a27ed42; bogdanripa/ibkr-gateway
/// docs/cpg-protocol.md).
const KEPT: [&str; 16] = [
    "URL_PARAM",
    "RL",
    "JSESSIONID",
    "cp",
    "cp.qa",
    "api",
    "api.nn",
    "api.alpha",
    "portal",
    "cp.alpha",
    "cp.beta",
    "USERID",
    "XYZAB",
    "REGION",
    "XYZAB_AM.LOGIN",
    "web",
];
const FROM_CLIENTS: [&str; 2] = ["XYZAB", "XYZAB_AM.LOGIN"];

struct Cookie {
    name: String,
    value: String,
    path: String,
}

/// The jar. In memory only: a restart needs a new login.
pub(crate) struct Jar(Vec<Cookie>);

impl Default for Jar {
    /// Holds the empty cookies the login page is asked with first.
    fn default() -> Self {
        let preset = [
            ("JSESSIONID", ""),
            ("REGION", ""),
            ("USERID", ""),
            ("VERSION", "1.0.0"),
        ];
        let cookie = |(name, value): (&str, &str)| Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/sso/Login".to_owned(),
        };
        Self(preset.into_iter().map(cookie).collect())
    }
}

impl Jar {
    /// Keeps what an answer to `/sso/…` sets; empty values are ignored, so that nothing can be
    /// deleted. Returns what was kept, for the log.
    pub(crate) fn keep_answer(&mut self, headers: &Headers) -> Vec<String> {
        let mut kept = Vec::new();
        for line in headers.all("set-cookie") {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let path = parts
                .find_map(|part| part.strip_prefix("Path="))
                .unwrap_or("/");
            if self.set(name, value, path) {
                kept.push(format!("{name}={value}"));
            }
        }
        kept
    }

    /// Takes over the session cookies a client sends to `/sso/…`: the page's script sets them in
    /// the browser, and any stale tab can so swap the session. Returns what was kept.
    pub(crate) fn keep_request(&mut self, request: &HttpRequest) -> Vec<String> {
        let sent = FROM_CLIENTS
            .iter()
            .filter_map(|name| request.cookie(name).map(|value| (*name, value)));
        let kept = sent.filter(|(name, value)| self.set(name, value, "/"));
        kept.map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    fn set(&mut self, name: &str, value: &str, path: &str) -> bool {
        if value.is_empty() || !KEPT.contains(&name) {
            return false;
        }
        self.0.retain(|cookie| cookie.name != name);
        self.0.push(Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            path: path.to_owned(),
        });
        true
    }

    /// The `Cookie` line for a path. A cookie goes wherever the path *contains* its own.
    pub(crate) fn line(&self, path: &str) -> Option<String> {
        let fit = self.0.iter().filter(|cookie| path.contains(&cookie.path));
        let line = fit
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect::<Vec<_>>()
            .join("; ");
        (!line.is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_a_cookie_wherever_the_path_contains_its_own() {
        let mut jar = Jar::default();
        let mut headers = Headers::default();
        headers.push("Set-Cookie", "JSESSIONID=abc; Path=/sso; HttpOnly");
        headers.push("Set-Cookie", "x-sess-uuid=def; Path=/");
        headers.push("Set-Cookie", "USERID=1; Path=/");
        assert_eq!(jar.keep_answer(&headers), ["JSESSIONID=abc", "USERID=1"]);
        for path in [
            "/sso/Dispatcher",
            "/v1/api/sso/validate",
            "/v1/api/iserver/auth/ssodh/init",
        ] {
            assert_eq!(
                jar.line(path).as_deref(),
                Some("JSESSIONID=abc; USERID=1"),
                "{path}"
            );
        }
        assert_eq!(jar.line("/v1/api/tickle").as_deref(), Some("USERID=1"));
        headers = Headers::default();
        headers.push("Set-Cookie", "USERID=; Path=/; Max-Age=0");
        assert!(jar.keep_answer(&headers).is_empty());
    }
}
