//! `conf.yaml`, with the keys and the strictness of build a27ed42.

use super::access::Access;
use std::time::Duration;
use yaml_rust2::{Yaml, YamlLoader};

const KEYS: [&str; 18] = [
    "ip2loc",
    "proxyRemoteSsl",
    "proxyRemoteHost",
    "listenPort",
    "listenSsl",
    "ccp",
    "svcEnvironment",
    "sslCert",
    "sslPwd",
    "authDelay",
    "portalBaseURL",
    "twsBaseURL",
    "tst",
    "ssoPing",
    "serverOptions",
    "cors",
    "webApps",
    "ips",
];

/// What the file says, or the built-in default.
#[derive(Clone)]
pub struct Conf {
    /// Goes into the login redirect.
    pub ip2loc: String,
    /// The upstream, with its scheme.
    pub remote: String,
    /// The port, whatever was written.
    pub port: i64,
    /// HTTPS.
    pub tls: bool,
    /// The keystore's name on the class path.
    pub keystore: String,
    /// The keystore's password.
    pub keystore_password: String,
    /// Between `ssodh/st` and `auth/status`; `None` when it is below 1 ms, which is the end of a bring-up (Vert.x takes
    /// no such timer; seen with build a27ed42).
    pub auth_delay: Option<Duration>,
    /// Between two `/sso/ping`.
    pub ping_every: Duration,
    /// The IP filter.
    pub access: Access,
}

impl Conf {
    /// Reads the file's text; the error is what the Gateway's reader complains of.
    pub fn read(text: &str) -> Result<Self, String> {
        let documents = YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
        let Some(Yaml::Hash(keys)) = documents.first() else {
            return Err("java.lang.NullPointerException".to_owned());
        };
        for key in keys.keys().filter_map(Yaml::as_str) {
            if !KEYS.contains(&key) {
                return Err(format!(
                    "Unable to find property '{key}' on class: ibgroup.web.core.clientportal.gw.core.ClientPortalGatewayConfig"
                ));
            }
        }
        let file = &documents[0];
        let text = |key: &str, default: &str| file[key].as_str().unwrap_or(default).to_owned();
        let number = |key: &str, default: i64| file[key].as_i64().unwrap_or(default);
        let unsigned =
            |key: &str, default: i64| u64::try_from(number(key, default)).unwrap_or_default();
        Ok(Self {
            ip2loc: text("ip2loc", "US"),
            remote: text("proxyRemoteHost", "gdcdyn.interactivebrokers.com"),
            port: number("listenPort", 5000),
            tls: file["listenSsl"].as_bool().unwrap_or(true),
            keystore: text("sslCert", "vertx.jks"),
            keystore_password: text("sslPwd", "mywebapi"),
            auth_delay: Some(unsigned("authDelay", 3000))
                .filter(|delay| *delay > 0)
                .map(Duration::from_millis),
            ping_every: Duration::from_secs(60 * unsigned("ssoPing", 5).max(1)),
            access: Access {
                allow: list(&file["ips"]["allow"], Yaml::as_str),
                deny: list(&file["ips"]["deny"], Yaml::as_str),
            },
        })
    }

    /// The upstream as `HOST:PORT`; `None` unless it is plain HTTP: the stand-in has no upstream
    /// over TLS, and one that fails and one that is not there look the same.
    pub fn authority(&self) -> Option<&str> {
        self.remote
            .strip_prefix("http://")
            .map(|rest| rest.trim_end_matches('/'))
    }
}

fn list<'a>(value: &'a Yaml, text: fn(&'a Yaml) -> Option<&'a str>) -> Option<Vec<String>> {
    match value {
        Yaml::Array(entries) => Some(entries.iter().filter_map(text).map(str::to_owned).collect()),
        // A key without entries is an empty list.
        Yaml::Null => Some(Vec::new()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complains_as_the_gateway_does() {
        let complaint = |text: &str| Conf::read(text).err().unwrap_or_default();
        assert!(complaint("tickleDelay: 5").starts_with("Unable to find property 'tickleDelay'"));
        assert_eq!(complaint(""), "java.lang.NullPointerException");
        assert_ne!(complaint("a: [1"), "");
        assert!(Conf::read("listenPort: 5001\nips:\n  allow:\n    - 127.0.0.1\n").is_ok());
    }
}
