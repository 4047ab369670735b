//! Where a server is: the Gateway, the token host, the Web API.

use ib_cli::flag_group::PLACES;
use ib_cli::{Error, Exit, Result};
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// The flags that say which Gateway to talk to.
#[derive(clap::Args, Clone, Debug)]
pub struct GatewayArgs {
    /// Talk to the Gateway at this address
    ///
    /// Give a scheme, a host and a port, nothing else. Plain http is for a loopback host alone. `localhost` means
    /// 127.0.0.1, because the Gateway listens on IPv4 alone. A loopback host is reached without a proxy; for other hosts
    /// HTTPS_PROXY counts.
    #[arg(long, value_name = "URL", default_value = "https://localhost:5000", help_heading = PLACES)]
    pub url: String,
    /// Accept only a certificate in this file, or one issued by it
    ///
    /// The file is in PEM form. A certificate that is byte for byte in the file is accepted as it is, expired or not.
    /// Without this flag, a loopback host may show any certificate. Any other host needs one that the system's roots
    /// trust. A browser does not read this file.
    #[arg(long, value_name = "FILE", help_heading = PLACES)]
    pub cacert: Option<PathBuf>,
}

/// Where a server is: scheme, host and port, and the path that all its endpoints are below.
pub(crate) struct UrlAddress {
    /// Without a slash at its end, so that a path can follow.
    pub(crate) url: String,
    /// Where it is on this machine; `None` when it is elsewhere.
    pub(crate) loopback: Option<IpAddr>,
    pub(crate) port: u16,
}

/// Which server's address is read, and what the address may consist of.
#[derive(Clone, Copy)]
pub(crate) struct Whose {
    /// As in "the Gateway's address".
    pub(crate) name: &'static str,
    /// What to give in place of one that cannot be used.
    pub(crate) hint: &'static str,
    pub(crate) may_have_path: bool,
    /// Whether plain http will do, whatever the host.
    pub(crate) may_be_plain: bool,
}

pub(crate) const GATEWAY: Whose = Whose {
    name: "the Gateway's",
    hint: "give --url https://HOST:PORT",
    may_have_path: false,
    may_be_plain: false,
};

pub(crate) const TOKEN_HOST: Whose = Whose {
    name: "the token host's",
    hint: "give --token-url https://HOST/PATH",
    may_have_path: true,
    may_be_plain: false,
};

pub(crate) const API: Whose = Whose {
    name: "the Web API's",
    hint: "give --api-url https://HOST/PATH",
    may_have_path: true,
    may_be_plain: false,
};

pub(crate) const SECRET_MANAGER: Whose = Whose {
    name: "Secret Manager's",
    hint: "give --gcp-url https://HOST",
    may_have_path: false,
    may_be_plain: false,
};

/// The metadata server has no certificate: only this machine can reach it.
pub(crate) const METADATA: Whose = Whose {
    name: "the metadata server's",
    hint: "GCE_METADATA_HOST is HOST or HOST:PORT",
    may_have_path: false,
    may_be_plain: true,
};

impl UrlAddress {
    pub(crate) fn parse(text: &str, whose: Whose) -> Result<Self> {
        // The text itself is not repeated: an address with a user in it may carry a password.
        let refused = |why: &str| {
            let Whose { name, hint, .. } = whose;
            let message = format!("{name} address cannot be used: {why} ({hint})");
            Err(Error::new(Exit::Usage, message))
        };
        let Ok(url) = Url::parse(text) else {
            return refused("it is no URL");
        };
        let Some(host) = url.host_str() else {
            return refused("it names no host");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refused("it has a user in it");
        }
        let has_path = !matches!(url.path(), "" | "/");
        if url.query().is_some() || url.fragment().is_some() || has_path && !whose.may_have_path {
            return refused("it has a path or a query");
        }
        let loopback = loopback(host);
        match url.scheme() {
            "https" => {}
            "http" if loopback.is_some() || whose.may_be_plain => {}
            "http" => return refused("plain http is for a loopback host alone"),
            _ => return refused("its scheme is not https"),
        }
        let Some(port) = url.port_or_known_default().filter(|port| *port != 0) else {
            return refused("its port is not a port");
        };
        Ok(Self {
            url: url.as_str().trim_end_matches('/').to_owned(),
            loopback,
            port,
        })
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback.is_some()
    }
}

fn loopback(host: &str) -> Option<IpAddr> {
    if host == "localhost" {
        // The Gateway listens on IPv4 alone.
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse().ok();
    address.filter(IpAddr::is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_scheme_a_host_and_a_port() {
        for (text, url, loopback, port) in [
            (
                "https://localhost:5000",
                "https://localhost:5000",
                Some("127.0.0.1"),
                5000,
            ),
            (
                "https://localhost/",
                "https://localhost",
                Some("127.0.0.1"),
                443,
            ),
            (
                "http://127.8.9.1:80",
                "http://127.8.9.1",
                Some("127.8.9.1"),
                80,
            ),
            (
                "https://[::1]:5001",
                "https://[::1]:5001",
                Some("::1"),
                5001,
            ),
            (
                "https://gateway.example:5000/",
                "https://gateway.example:5000",
                None,
                5000,
            ),
        ] {
            let address =
                UrlAddress::parse(text, GATEWAY).unwrap_or_else(|error| panic!("{text}: {error}"));
            let place = address.loopback.map(|ip| ip.to_string());
            assert_eq!(
                (address.url.as_str(), place.as_deref(), address.port),
                (url, loopback, port),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_everything_else_without_repeating_it() {
        for text in [
            "",
            "localhost:5000",
            "planted",
            "https://",
            "https://planted:planted@localhost:5000",
            "https://localhost:5000/planted",
            "https://localhost:5000?planted",
            "https://localhost:5000#planted",
            "http://gateway.example:5000",
            "http://127.0.0.1.gateway.example",
            "ftp://localhost",
            "https://localhost:0",
            "https://localhost:65536",
        ] {
            let Err(error) = UrlAddress::parse(text, GATEWAY) else {
                panic!("{text} was taken")
            };
            assert_eq!(error.exit, Exit::Usage, "{text}");
            assert!(!error.to_string().contains("planted"), "{text}: {error}");
        }
    }
}
