//! The options with which Chromium starts.

use super::options::BrowserOptions;
use serde_json::{Value, json};

/// `goog:chromeOptions`.
pub(crate) fn options(options: &BrowserOptions<'_>) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        // Otherwise Chromium opens a port through which every user of this machine sees the page (chromedriver's stays).
        "--remote-debugging-pipe".to_owned(),
        // Chromium crashes in the 64 MB that containers give /dev/shm.
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--no-default-browser-check".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-default-apps".to_owned(),
        "--disable-sync".to_owned(),
        // The page works without the scripts that it loads from other hosts, and they must not see the password.
        // localhost means 127.0.0.1 as for our own client, so that a program on [::1] does not get what is typed.
        format!(
            "--host-resolver-rules=MAP localhost 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE {}",
            options.host()
        ),
    ];
    arguments.extend(options.arguments.iter().cloned());
    json!({ "args": arguments })
}
