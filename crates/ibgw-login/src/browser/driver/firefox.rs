//! The options with which Firefox starts.

use super::options::BrowserOptions;
use serde_json::{Value, json};

/// Where no user's program listens: only root can open this port ("discard", RFC 863).
const NOWHERE: (&str, u16) = ("127.0.0.1", 9);

/// `moz:firefoxOptions`. The driver's own preferences switch Firefox's updates and reports off already.
pub(crate) fn options(options: &BrowserOptions<'_>) -> Value {
    let mut arguments = vec!["-headless".to_owned()];
    arguments.extend(options.arguments.iter().cloned());
    let host = options.host().trim_matches(['[', ']']);
    json!({
        "args": arguments,
        "prefs": {
            // The page works without the scripts that it loads from other hosts, and they must not see the password.
            // So requests to other hosts go nowhere, and their names are not looked up.
            "network.proxy.type": 1,
            "network.proxy.http": NOWHERE.0,
            "network.proxy.http_port": NOWHERE.1,
            "network.proxy.ssl": NOWHERE.0,
            "network.proxy.ssl_port": NOWHERE.1,
            "network.proxy.socks": NOWHERE.0,
            "network.proxy.socks_port": NOWHERE.1,
            "network.proxy.socks_remote_dns": true,
            "network.proxy.failover_direct": false,
            // Otherwise Firefox uses no proxy for addresses of this machine.
            "network.proxy.allow_hijacking_localhost": true,
            "network.proxy.no_proxies_on": format!("localhost, {host}"),
            "network.trr.mode": 5,
            // localhost means 127.0.0.1 as for our own client, so that a program on [::1] does not get what is typed.
            "network.dns.disableIPv6": !host.contains(':'),
            "network.dns.disablePrefetch": true,
            "network.prefetch-next": false,
            "network.predictor.enabled": false,
            "network.http.speculative-parallel-limit": 0,
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
            // Firefox writes nothing of the page to the disk: no cache, no cookies, nothing that is typed.
            "browser.privatebrowsing.autostart": true,
            "browser.sessionstore.privacy_level": 2,
            "signon.rememberSignons": false,
            "signon.autofillForms": false,
            "browser.cache.disk.enable": false,
        },
    })
}
