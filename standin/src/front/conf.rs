//! `conf.yaml`, with the keys and the strictness of build a27ed42.

use super::access::Access;
use super::yaml::YamlNode;
use std::time::Duration;

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
pub(crate) struct FrontConf {
    /// Goes into the login redirect.
    pub ip2loc: String,
    /// The upstream, with its scheme.
    pub remote: String,
    /// The port as it was written, which may be none that exists.
    pub port: i64,
    /// HTTPS.
    pub tls: bool,
    /// The keystore's name on the class path.
    pub keystore: String,
    /// The keystore's password; with one that is null no keystore is opened.
    pub keystore_password: Option<String>,
    /// Between `ssodh/st` and `auth/status`; `None` when it is below 1 ms, which is the end of a bring-up (Vert.x takes
    /// no such timer; seen with build a27ed42).
    pub auth_delay: Option<Duration>,
    /// Between two `/sso/ping`.
    pub ping_every: Duration,
    /// The IP filter; the error is an exception that keeps it from listening.
    pub access: Result<Access, &'static str>,
}

impl FrontConf {
    /// Reads the file's text; the error is what the Gateway's reader complains of.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let Some(file @ YamlNode::Map(_)) = YamlNode::read(text)? else {
            return Err("java.lang.NullPointerException".to_owned());
        };
        if let YamlNode::Map(pairs) = &file {
            for (key, _) in pairs {
                if !KEYS.contains(&key.as_str()) {
                    return Err(format!(
                        "Unable to find property '{key}' on class: ibgroup.web.core.clientportal.gw.Config"
                    ));
                }
            }
        }
        let given = |key: &str| file.get(key).filter(|value| !value.is_null());
        // A property of type String takes the letters as they stand, also those of a number.
        let text = |key: &str, default: &str| {
            let letters = given(key).and_then(YamlNode::letters);
            letters.unwrap_or(default).to_owned()
        };
        let number = |key: &str, default: i64| match file.get(key) {
            None => Ok(default),
            Some(value) => whole(value.letters().unwrap_or_default()),
        };
        let truth = |key: &str, default: bool| match file.get(key) {
            None => Ok(default),
            Some(value) => truth(value.letters().unwrap_or_default()),
        };
        let unsigned = |key: &str, default: i64| {
            number(key, default).map(|number| u64::try_from(number).unwrap_or_default())
        };
        for key in ["proxyRemoteSsl", "ccp", "tst"] {
            truth(key, false)?;
        }
        let access = Access::read(file.get("ips"));
        // A block that is no map is refused by the reader, one that is null by nothing before the class.
        if let (Err(_), Some(block)) = (&access, file.get("ips"))
            && !block.is_null()
        {
            return Err("No suitable constructor found for interface java.util.Map".to_owned());
        }
        Ok(Self {
            ip2loc: text("ip2loc", "US"),
            remote: text("proxyRemoteHost", "gdcdyn.interactivebrokers.com"),
            port: number("listenPort", 5000)?,
            tls: truth("listenSsl", true)?,
            keystore: text("sslCert", "vertx.jks"),
            keystore_password: match file.get("sslPwd") {
                None => Some("mywebapi".to_owned()),
                Some(_) => given("sslPwd")
                    .and_then(YamlNode::letters)
                    .map(str::to_owned),
            },
            auth_delay: Some(unsigned("authDelay", 3000)?)
                .filter(|delay| *delay > 0)
                .map(Duration::from_millis),
            ping_every: Duration::from_secs(60 * unsigned("ssoPing", 5)?.max(1)),
            access,
        })
    }

    /// The upstream as `HOST:PORT`; `None` unless it is plain HTTP: the stand-in has no upstream
    /// over TLS, and one that fails and one that is not there look the same.
    pub(crate) fn authority(&self) -> Option<&str> {
        self.remote
            .strip_prefix("http://")
            .map(|rest| rest.trim_end_matches('/'))
    }
}

/// In any of the forms of YAML 1.1 (ConstructYamlInt): hexadecimal, binary, octal, base sixty, or decimal.
fn whole(letters: &str) -> Result<i64, String> {
    let text = letters.replace('_', "");
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let of = |digits: &str, base| i64::from_str_radix(digits, base).ok();
    let number = if let Some(digits) = digits.strip_prefix("0x") {
        of(digits, 16)
    } else if let Some(digits) = digits.strip_prefix("0b") {
        of(digits, 2)
    } else if let Some(digits) = digits.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        of(digits, 8)
    } else {
        let mut sixties = digits.split(':').map(|digits| of(digits, 10));
        sixties.try_fold(0, |sum: i64, digits| {
            sum.checked_mul(60)?.checked_add(digits?)
        })
    };
    let fits = number.filter(|number| i32::try_from(*number).is_ok());
    let sign = if text.starts_with('-') { -1 } else { 1 };
    fits.map(|number| sign * number)
        .ok_or_else(|| format!("java.lang.NumberFormatException: For input string: \"{letters}\""))
}

/// Any of six words in any case (ConstructYamlBool).
fn truth(letters: &str) -> Result<bool, String> {
    match letters.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" => Ok(true),
        "no" | "false" | "off" => Ok(false),
        _ => Err("java.lang.IllegalArgumentException".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complains_as_the_gateway_does() {
        let complaint = |text: &str| FrontConf::read(text).err().unwrap_or_default();
        assert!(complaint("tickleDelay: 5").starts_with("Unable to find property 'tickleDelay'"));
        assert_eq!(complaint(""), "java.lang.NullPointerException");
        assert_ne!(complaint("a: [1"), "");
        assert!(FrontConf::read("listenPort: 5001\nips:\n  allow:\n    - 127.0.0.1\n").is_ok());
    }
}
