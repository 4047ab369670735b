//! What Chromium is started with.

use super::options::BrowserOptions;
use serde_json::{Value, json};

/// `goog:chromeOptions`.
pub fn options(options: &BrowserOptions<'_>) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        // Otherwise it opens a port through which every user of this machine sees the page (chromedriver's stays).
        "--remote-debugging-pipe".to_owned(),
        // Containers give /dev/shm 64 MB, in which Chromium crashes.
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--no-default-browser-check".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-default-apps".to_owned(),
        "--disable-sync".to_owned(),
        // The page works without the scripts it loads from elsewhere, and its password is none of their business.
        // localhost is what our own client takes it for, so that nobody on [::1] gets what is typed.
        format!(
            "--host-resolver-rules=MAP localhost 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE {}",
            options.host()
        ),
    ];
    arguments.extend(options.arguments.iter().cloned());
    json!({ "args": arguments })
}
