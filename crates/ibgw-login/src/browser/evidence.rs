//! The screenshot and the source of a page that ended a login, without what was typed.

use super::page_reader::MANY_FRAMES;
use crate::ending::without;
use fantoccini::Client;
use fantoccini::error::CmdError;
use ib_cli::{warn, write_atomic};
use serde_json::json;
use std::path::Path;
use std::time::SystemTime;

/// Takes what was typed out of the page.
const REDACT: &str = include_str!("redact.js");

/// Writes `ibgw-login-TIME.png` and `.html` into the folder; the path of the first.
///
/// Neither shows any of `secrets`. The script in the page gets only those that the page was `given` before.
///
/// A screenshot that fails is a warning: it must not hide how the login ended.
pub(crate) async fn keep(
    client: &Client,
    folder: &Path,
    secrets: &[&str],
    given: &[&str],
) -> Option<String> {
    let name = format!(
        "ibgw-login-{}",
        ib_cli::time(SystemTime::now()).replace([':', '-'], "")
    );
    let Ok(page) = source(client, secrets, given).await else {
        warn(
            "no_screenshot",
            "the page's fields could not be emptied, so no picture was made of it",
        );
        return None;
    };
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

/// The source of the page and of each frame, with every secret taken out.
async fn source(client: &Client, secrets: &[&str], given: &[&str]) -> Result<String, CmdError> {
    let mut page = redacted(client, secrets, given).await?;
    // Every frame into which the tool may have typed.
    for frame in 0..MANY_FRAMES {
        match client.enter_frame(frame).await {
            Ok(()) => {}
            Err(error) if error.is_no_such_frame() => break,
            // The picture may show what is in that frame.
            Err(error) => return Err(error),
        }
        page.push_str(&format!("\n<!-- frame {frame} -->\n"));
        page.push_str(&redacted(client, secrets, given).await?);
        client.enter_parent_frame().await?;
    }
    Ok(page)
}

async fn redacted(client: &Client, secrets: &[&str], given: &[&str]) -> Result<String, CmdError> {
    let given: Vec<_> = given.iter().filter(|it| !it.is_empty()).collect();
    client.execute(REDACT, vec![json!(given)]).await?;
    let page = client.source().await?;
    // In a source their markup may be escaped.
    let escaped: Vec<_> = secrets.iter().map(|secret| escaped(secret)).collect();
    let escaped = escaped.iter().map(String::as_str);
    let both: Vec<_> = secrets.iter().copied().chain(escaped).collect();
    Ok(without(&page, &both))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
