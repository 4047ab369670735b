//! How a login ended.

use crate::factor::FactorKind;
use crate::reason::{Refusal, StopReason};
use ib_cli::Error;

/// The end of a login.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// IBKR gave the exact text of success.
    Accepted,
    /// IBKR refused the login, or did not prove itself.
    Refused(Refusal),
    /// The tool stopped at a page or a second factor, and touched nothing more.
    Stopped(StopReason),
    /// The browser or the connection died, or the time was up, after something was sent that counts.
    BrokenOff(Error),
    /// The second factor was not given before the time was up.
    Expired(Error),
    /// There was no answer, or none that this tool knows, before anything was sent that counts.
    Unanswered(Error),
}

/// How a login ended, and what was seen on the way.
#[derive(Debug)]
pub(crate) struct LoginEnding {
    pub verdict: Verdict,
    /// IBKR's own words, without secrets; `None` when there were none.
    pub page_text: Option<String>,
    /// The second factor that was used; `None` when IBKR asked for none.
    pub second_factor: Option<FactorKind>,
    /// Whether IBKR sent a notification to the phone; `None` when no page showed it.
    pub push: Option<bool>,
    /// Where the screenshot is; `None` when you asked for none, or the tool could make none.
    pub screenshot: Option<String>,
}

impl LoginEnding {
    /// An ending of which nothing more is known.
    #[must_use]
    pub(crate) fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            page_text: None,
            second_factor: None,
            push: None,
            screenshot: None,
        }
    }
}

/// A text with every secret taken out.
pub(crate) fn without(text: &str, secrets: &[&str]) -> String {
    let real = secrets.iter().filter(|secret| !secret.is_empty());
    real.fold(text.to_owned(), |text, secret| {
        text.replace(secret, "[redacted]")
    })
}
