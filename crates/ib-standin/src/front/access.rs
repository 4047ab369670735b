//! The IP filter: `ips.allow` and `ips.deny`, as seen with build a27ed42.

use crate::http::Response;
use std::net::IpAddr;

/// The two lists; `None` where the key is missing.
#[derive(Clone, Default)]
pub struct Access {
    /// Those allowed; a list excludes everybody else, an empty one everybody.
    pub allow: Option<Vec<String>>,
    /// Those denied; only an address written as in the other list has an effect.
    pub deny: Option<Vec<String>>,
}

impl Access {
    /// The answer for an address that is kept out, on whatever path: 404, and not 403.
    pub fn refuse(&self, peer: IpAddr) -> Option<Response> {
        let allow = self.allow.as_ref()?;
        if allow.iter().any(|entry| entry == "*") {
            return Some(Response::bare(500, "Internal Server Error"));
        }
        let peer = peer.to_string();
        let denied = self
            .deny
            .iter()
            .flatten()
            .any(|entry| *entry == peer && allow.contains(entry));
        let allowed = !denied && allow.iter().any(|entry| matches(entry, &peer));
        (!allowed).then(|| Response::bare(404, "Access Denied"))
    }
}

/// One trailing star is a wildcard; ranges, CIDR and repeated stars match nothing, except that
/// stars may fill the last places (`127.0.0.*`, `127.*`).
fn matches(entry: &str, peer: &str) -> bool {
    match entry.strip_suffix(".*") {
        Some(prefix) => !prefix.contains('*') && peer.starts_with(&format!("{prefix}.")),
        None => entry == peer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(allow: &[&str], deny: &[&str]) -> String {
        let list = |entries: &[&str]| Some(entries.iter().map(ToString::to_string).collect());
        let access = Access {
            allow: list(allow),
            deny: list(deny),
        };
        let refusal = access.refuse(IpAddr::from([127, 0, 0, 1]));
        refusal.map_or("allowed".to_owned(), |answer| {
            format!(
                "{} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            )
        })
    }

    #[test]
    fn filters_as_the_gateway_does() {
        let everybody = Access::default().refuse(IpAddr::from([127, 0, 0, 1]));
        assert!(everybody.is_none());
        for allow in ["127.0.0.1", "127.*", "127.0.0.*"] {
            assert_eq!(body(&[allow], &["0.0.0.0/0"]), "allowed", "{allow}");
        }
        for allow in ["127.0.0.0/8", "0.0.0.0/0", "126-128.0.0.1", "10.0.0.1"] {
            assert_eq!(body(&[allow], &[]), "404 Access Denied", "{allow}");
        }
        assert_eq!(body(&[], &[]), "404 Access Denied");
        assert_eq!(body(&["127.0.0.1"], &["127.0.0.1"]), "404 Access Denied");
        for deny in ["0-255.*.*.*", "126-128.*.*.*", "127.*.*.*"] {
            assert_eq!(body(&["127.0.0.1"], &[deny]), "allowed", "{deny}");
        }
        assert_eq!(body(&["*"], &[]), "500 Internal Server Error");
    }
}
