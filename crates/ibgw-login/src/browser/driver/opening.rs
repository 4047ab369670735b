//! Opening a browser over its driver, and noticing at once when it does not start.

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use ib_proc::descendants::NewDescendants;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

/// The pause between two looks at the browser's processes.
const PAUSE: Duration = Duration::from_millis(200);

/// Opens a browser.
///
/// With `processes`, those that the driver starts for it, a browser that ended is an error after two looks: chromedriver
/// waits a minute for the answer of a browser that it steers through a pipe (seen with chromedriver 156).
///
/// # Errors
/// The driver's words, or that the browser has ended.
pub(crate) async fn open(
    driver: SocketAddr,
    capabilities: &Capabilities,
    processes: Option<&NewDescendants>,
) -> Result<Client, String> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let mut builder = ClientBuilder::new(connector);
    builder.capabilities(capabilities.clone());
    let address = format!("http://{driver}");
    let mut opening = pin!(builder.connect(&address));
    let mut looks_at_the_end = 0;
    while looks_at_the_end < 2 {
        if let Ok(opened) = tokio::time::timeout(PAUSE, opening.as_mut()).await {
            return opened.map_err(|error| error.to_string());
        }
        if has_ended(processes).await {
            looks_at_the_end += 1;
        } else {
            looks_at_the_end = 0;
        }
    }
    Err("it ended at once".to_owned())
}

/// What starts below a process from now on.
pub(crate) async fn new_below(root: u32) -> Option<NewDescendants> {
    let look = tokio::task::spawn_blocking(move || NewDescendants::from_now(root));
    look.await.ok()
}

/// Looks on another thread, as [`new_below`] does: /proc has a file for each process of the machine.
async fn has_ended(processes: Option<&NewDescendants>) -> bool {
    let Some(processes) = processes.cloned() else {
        return false;
    };
    let look = tokio::task::spawn_blocking(move || processes.have_all_ended());
    look.await.unwrap_or(false)
}

/// The name and the version of an opened browser, as its driver says them.
pub(crate) fn name_of(client: &Client) -> Option<String> {
    let capabilities = client.capabilities()?;
    let text = |key| capabilities.get(key)?.as_str();
    Some(format!(
        "{} {}",
        text("browserName")?,
        text("browserVersion")?
    ))
}
