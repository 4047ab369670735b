//! Typing and clicking on the page. Each action says whether it reached the page, or must be done again.

use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use ib_cli::{Error, Exit, Result};
use serde_json::Value;

/// Whether a touch reached the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It did.
    Landed,
    /// The page was changing meanwhile: the next look finds it as it is then, and touches it again.
    Missed,
}

/// Empties a field that is not empty, and types into it.
pub(crate) async fn fill(
    client: &Client,
    field: &Value,
    is_empty: bool,
    text: &str,
) -> Result<Touch> {
    let field = element(client, field)?;
    // Real key events: the page's script reads the events, not the field.
    match async {
        // A field that is emptied loses the focus, and then version 1 of the page sends what is in it.
        if !is_empty {
            field.clear().await?;
        }
        field.send_keys(text).await
    }
    .await
    {
        Ok(()) => Ok(Touch::Landed),
        // The page may have replaced the field: the next look finds the new one.
        Err(error) if is_passing(&error) => Ok(Touch::Missed),
        Err(error) => Err(broken(error)),
    }
}

/// Clicks once, by a script where another element covers the target.
pub(crate) async fn click(client: &Client, target: &Value) -> Result<Touch> {
    match element(client, target)?.click().await {
        Ok(()) => Ok(Touch::Landed),
        // The driver looks before it clicks: it did not click a covered element.
        Err(error) if is_covered(&error) => by_script(client, target).await,
        Err(error) if is_gone(&error) => Ok(Touch::Missed),
        Err(error) => Err(broken(error)),
    }
}

/// Clicks a target that must not be clicked twice.
///
/// Between the driver's look and its click another element may cover the target, and take the click. So the page counts
/// the clicks that arrive: the first one passes, and the script clicks only if none has.
pub(crate) async fn press(client: &Client, target: &Value) -> Result<()> {
    let run = async |script: &str| match client.execute(script, vec![target.clone()]).await {
        Err(error) if !is_passing(&error) => Err(broken(error)),
        Ok(_) | Err(_) => Ok(()),
    };
    run(LET_ONE_CLICK_THROUGH).await?;
    match element(client, target)?.click().await {
        Err(error) if !is_passing(&error) => Err(broken(error)),
        Ok(()) | Err(_) => run(CLICK_UNLESS_CLICKED).await,
    }
}

const LET_ONE_CLICK_THROUGH: &str = r#"
const target = arguments[0];
const isCounted = "clicksLeft" in target;
target.clicksLeft = 1;
if (isCounted) return;
target.ownerDocument.defaultView.addEventListener("click", (event) => {
  if (!event.composedPath().includes(target)) return;
  if (target.clicksLeft === 0) {
    event.stopImmediatePropagation();
    event.preventDefault();
  }
  target.clicksLeft = 0;
}, true);
"#;

const CLICK_UNLESS_CLICKED: &str = "if (arguments[0].clicksLeft === 1) arguments[0].click();";

/// Clicks by a script, even if another element covers the target.
pub(crate) async fn by_script(client: &Client, target: &Value) -> Result<Touch> {
    match client
        .execute("arguments[0].click()", vec![target.clone()])
        .await
    {
        Ok(_) => Ok(Touch::Landed),
        Err(error) if is_passing(&error) => Ok(Touch::Missed),
        Err(error) => Err(broken(error)),
    }
}

/// The element behind the driver's reference.
pub(crate) fn element(client: &Client, reference: &Value) -> Result<Element> {
    // {"element-6066-11e4-a52e-4f735466cecf": ID}: https://www.w3.org/TR/webdriver2/#elements
    let id = reference
        .as_object()
        .and_then(|object| object.values().next())
        .and_then(Value::as_str);
    let id = id.ok_or_else(|| Error::new(Exit::Unexpected, "the driver returned no element"))?;
    Ok(Element::from_element_id(
        client.clone(),
        id.to_owned().into(),
    ))
}

/// Whether the page was only changing at that moment.
pub(crate) fn is_passing(error: &CmdError) -> bool {
    is_gone(error)
        || is_covered(error)
        || error.is_invalid_element_state()
        || error.is_javascript_error()
        || error.to_string().contains("execution context")
}

fn is_gone(error: &CmdError) -> bool {
    error.is_stale_element_reference()
        || error.is_no_such_element()
        // The words of chromedriver for an element that goes while it clicks.
        || error.to_string().contains("does not belong to the document")
}

fn is_covered(error: &CmdError) -> bool {
    let is_intercepted = matches!(
        error,
        CmdError::Standard(cause) if cause.error == ErrorStatus::ElementClickIntercepted
    );
    is_intercepted || error.is_element_not_interactable()
}

/// The error of a driver that does not do what the tool asks.
pub(crate) fn broken(error: CmdError) -> Error {
    // A driver's message fills a screen; its first line says what is wrong.
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    Error::new(Exit::Unexpected, format!("driving the browser: {first}"))
}

/// Whether such an error is about a tab that is gone or does not answer. After a crash chromedriver says so for each
/// command; the command of that moment may end as a script that takes too long (seen with Chromium 156).
pub(crate) fn is_of_a_lost_tab(error: &Error) -> bool {
    let text = error.to_string();
    let is_named = ["crash", "script timeout", "message from renderer"]
        .iter()
        .any(|words| text.contains(words));
    error.exit == Exit::Unexpected && is_named
}

#[cfg(test)]
mod tests {
    use super::*;
    use fantoccini::error::WebDriver;

    #[test]
    fn tells_a_tab_that_is_lost_from_a_page_that_cannot_be_driven() {
        let says = |status, message: &str| {
            let error = WebDriver::new(status, message.to_owned());
            broken(CmdError::Standard(error))
        };
        for (error, is_lost) in [
            (
                says(ErrorStatus::UnknownError, "tab crashed\n  (Session info)"),
                true,
            ),
            (
                says(
                    ErrorStatus::ScriptTimeout,
                    "script timeout\n  (Session info)",
                ),
                true,
            ),
            (
                says(
                    ErrorStatus::Timeout,
                    "timeout: Timed out receiving message from renderer: 30.0",
                ),
                true,
            ),
            (
                says(ErrorStatus::JavascriptError, "javascript error: x is null"),
                false,
            ),
            (Error::new(Exit::TimedOut, "script timeout"), false),
        ] {
            assert_eq!(is_of_a_lost_tab(&error), is_lost, "{error}");
        }
    }
}
