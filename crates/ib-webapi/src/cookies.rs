//! The cookies of one login, each sent where its path says.

use reqwest::Url;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderValue;
use std::sync::Arc;

/// The cookies of one host. In memory only, and nothing here prints one.
pub struct Cookies {
    jar: Arc<Jar>,
    host: Url,
}

impl Cookies {
    /// No cookies yet, for the host of an address; `None` when it is no address.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let host = Url::parse(address).ok()?;
        let jar = Arc::default();
        Some(Self { jar, host })
    }

    /// Keeps a cookie that the host sets with a `Set-Cookie` line in an answer to `path`.
    pub fn take(&self, path: &str, line: &[u8]) {
        if let (Ok(line), Ok(from)) = (HeaderValue::from_bytes(line), self.host.join(path)) {
            self.jar.set_cookies(&mut std::iter::once(&line), &from);
        }
    }

    /// Sets a cookie for every path, as the page's script does.
    pub fn set(&self, name: &str, value: &str) {
        self.jar
            .add_cookie_str(&format!("{name}={value}; Path=/"), &self.host);
    }

    /// What would be sent with a request for `path`; `None` when nothing would.
    #[must_use]
    pub fn line(&self, path: &str) -> Option<Vec<u8>> {
        let line = self.jar.cookies(&self.host.join(path).ok()?)?;
        Some(line.as_bytes().to_vec())
    }

    pub(crate) fn jar(&self) -> Arc<Jar> {
        Arc::clone(&self.jar)
    }
}

#[cfg(test)]
mod tests;
