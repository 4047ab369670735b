//! The options of either browser.

use std::path::PathBuf;

/// The page that a browser opens, and how it starts.
pub(crate) struct BrowserOptions<'a> {
    /// The address of the page.
    pub url: &'a str,
    /// Whether that is on this machine.
    pub is_loopback: bool,
    /// The browser; the one the driver finds when `None`.
    pub binary: Option<&'a PathBuf>,
    /// Further arguments for it.
    pub arguments: &'a [String],
}

impl<'a> BrowserOptions<'a> {
    /// The same options for another browser.
    pub(crate) fn with_binary(&self, binary: &'a PathBuf) -> Self {
        Self {
            binary: Some(binary),
            ..*self
        }
    }

    /// The host of the address, with the brackets of an IPv6 one. `localhost` is mapped, so it stands for its address.
    pub(crate) fn host(&self) -> &str {
        host(self.url)
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = match rest.find(']') {
        Some(bracket) => bracket + 1,
        None => rest.find([':', '/']).unwrap_or(rest.len()),
    };
    match &rest[..end] {
        "localhost" => "127.0.0.1",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_host_out_of_an_address() {
        for (url, expected) in [
            ("https://localhost:5000", "127.0.0.1"),
            ("https://gateway.example:5000/", "gateway.example"),
            ("https://[::1]:5000", "[::1]"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
