//! What is kept of a page that ended a login: a screenshot and the page, without what was typed.

use super::page::EMPTY_FIELDS;
use crate::ending::without;
use fantoccini::Client;
use ib_cli::{warn, write_atomic};
use std::path::Path;
use std::time::SystemTime;

/// Writes `ibgw-login-TIME.png` and `.html` into the folder; the path of the first.
///
/// A screenshot that cannot be made is a warning: it must not hide how the login ended.
pub async fn keep(client: &Client, folder: &Path, secrets: &[&str]) -> Option<String> {
    let name = format!(
        "ibgw-login-{}",
        ib_cli::time(SystemTime::now()).replace([':', '-'], "")
    );
    if client.execute(EMPTY_FIELDS, Vec::new()).await.is_err() {
        warn(
            "no_screenshot",
            "the page's fields could not be emptied, so no picture was made of it",
        );
        return None;
    }
    let page = without(&client.source().await.unwrap_or_default(), secrets);
    let picture = client.screenshot().await.unwrap_or_default();
    let path = folder.join(format!("{name}.png"));
    let written = write_atomic(&path, &picture)
        .and_then(|()| write_atomic(&folder.join(format!("{name}.html")), page.as_bytes()));
    match written {
        Ok(()) if !picture.is_empty() => Some(path.display().to_string()),
        Ok(()) => None,
        Err(error) => {
            warn(
                "no_screenshot",
                &format!("writing {}: {error}", path.display()),
            );
            None
        }
    }
}
