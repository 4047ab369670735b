//! Where the API's socket is.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The host and port of an API's socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAddress {
    /// Without brackets, where it is an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl ApiAddress {
    /// A port of this machine.
    #[must_use]
    pub fn local(port: u16) -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.to_string(),
            port,
        }
    }
}

impl FromStr for ApiAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = text
            .rsplit_once(':')
            .ok_or("write it as HOST:PORT, such as 127.0.0.1:4002")?;
        let port = port.parse().ok().filter(|port| *port != 0);
        let port = port.ok_or("its port is not a port")?;
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let is_host = match bare {
            Some(bare) => bare.parse::<Ipv6Addr>().is_ok(),
            None => !host.is_empty() && host.chars().all(is_of_a_name),
        };
        if !is_host {
            return Err("its host is not a host (an IPv6 address goes into brackets)");
        }
        let host = match bare.unwrap_or(host) {
            // As everywhere in these tools, and without a resolver.
            "localhost" => Ipv4Addr::LOCALHOST.to_string(),
            host => host.to_owned(),
        };
        Ok(Self { host, port })
    }
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

impl fmt::Display for ApiAddress {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(to, "[{}]:{}", self.host, self.port)
        } else {
            write!(to, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_host_and_a_port() {
        for (text, shown) in [
            ("127.0.0.1:4002", "127.0.0.1:4002"),
            ("localhost:4001", "127.0.0.1:4001"),
            ("ib-gateway_1.example:7497", "ib-gateway_1.example:7497"),
            ("[::1]:65535", "[::1]:65535"),
        ] {
            let address: ApiAddress = text.parse().unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(address.to_string(), shown);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "4002",
            ":4002",
            "localhost",
            "localhost:",
            "localhost:0",
            "localhost:65536",
            "localhost:api",
            "::1:4002",
            "[localhost]:4002",
            "[::1]",
            "user@localhost:4002",
            "http://localhost:4002",
            "local host:4002",
            "localhost:4002/",
        ] {
            assert!(text.parse::<ApiAddress>().is_err(), "{text} was taken");
        }
    }
}
