//! Checks the selectors of the known page with the browser, which alone knows their grammar.

use super::actions::broken;
use crate::known_page::KnownPage;
use fantoccini::Client;
use ib_cli::{Error, Exit, Result};
use serde_json::json;

const CHECK: &str = "
const nowhere = document.createDocumentFragment();
const isNone = (selector) => { try { nowhere.querySelector(selector); return false; } catch { return true; } };
return Object.entries(arguments[0])
  .flatMap(([part, selectors]) => selectors.filter(isNone).map((selector) => `${part}: ${selector}`));";

/// Checks every selector, before the page is opened.
///
/// # Errors
/// `Config` with the first invalid selector, and its key.
pub(crate) async fn check(client: &Client, known: &KnownPage) -> Result<()> {
    let found = client.execute(CHECK, vec![json!(known.selectors)]).await;
    let found = found.map_err(broken)?;
    match found.get(0).and_then(|first| first.as_str()) {
        None => Ok(()),
        Some(first) => {
            let message = format!("{first} is not a CSS selector (see --page)");
            Err(Error::new(Exit::Config, message))
        }
    }
}
