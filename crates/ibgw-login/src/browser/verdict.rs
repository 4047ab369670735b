//! What the last page means: a refusal, or why the tool waits no longer.

use super::actions::broken;
use super::progress::FormProgress;
use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::Verdict;
use crate::error_text;
use crate::factor::FactorKind;
use crate::known_page::{KnownPage, PagePart, PagePhrase};
use crate::reason::{Refusal, StopReason};
use fantoccini::Client;
use ib_cli::Result;
use ib_guard::limits::CODES_PER_LOGIN;
use serde_json::json;

/// The script that empties the errors.
const EMPTY: &str = "
for (const selector of arguments[0]) {
  for (const element of document.querySelectorAll(selector)) element.textContent = '';
}";

/// Empties the errors on the page, so that the next one is seen to be new, even with the same text.
pub(crate) async fn empty_errors(client: &Client, known: &KnownPage) -> Result<()> {
    let selectors = json!(known.selectors(PagePart::Error));
    client
        .execute(EMPTY, vec![selectors])
        .await
        .map_err(broken)?;
    Ok(())
}

impl PageWalk<'_, '_> {
    /// An error after something was sent ends the login, except a wrong code where another one may follow.
    pub(crate) async fn refused(&mut self, text: String) -> Result<Step> {
        let verdict = self.verdict(&text);
        let may_go_on = self.progress.kind == Some(FactorKind::App)
            && (1..CODES_PER_LOGIN).contains(&self.progress.codes_sent);
        match verdict {
            Verdict::Refused(Refusal::WrongCode) if may_go_on => {
                empty_errors(self.client, self.task.page).await?;
                self.progress.awaits_verdict = false;
                Ok(Step::Done)
            }
            verdict => Ok(Step::Ended(verdict, Some(text))),
        }
    }

    fn verdict(&self, text: &str) -> Verdict {
        let mode = self.task.mode;
        let known = self.task.page;
        let is_about_code = self.progress.codes_sent > 0;
        let is_about_push = self.progress.push == Some(true) && !is_about_code;
        match error_text::refusal(text, mode, known) {
            _ if is_about_push && known.says(PagePhrase::PushOver, text) => {
                Verdict::Stopped(StopReason::SecondFactorExpired)
            }
            // IBKR has more than one text for a wrong code. After a code, this one means that too.
            Refusal::WrongCredentials if is_about_code => Verdict::Refused(Refusal::WrongCode),
            Refusal::WrongCredentials if is_about_push => Verdict::Refused(Refusal::PushDenied),
            other => Verdict::Refused(other),
        }
    }

    /// Why the tool waits no longer.
    pub(crate) fn give_up(&self, seen: &Snapshot) -> (Verdict, Option<String>) {
        let has_form = seen.password.is_some() && seen.username.is_some();
        let has_field = seen.password.is_some() || seen.username.is_some();
        let reason = match self.progress.form {
            // The error behind an overlay that stays was not an old one, but the answer.
            FormProgress::Proving | FormProgress::Sent if seen.error.is_some() => {
                let text = seen.error.clone().unwrap_or_default();
                return (self.verdict(&text), Some(text));
            }
            FormProgress::Proving | FormProgress::Sent if has_form => StopReason::NothingHappened,
            FormProgress::Proving | FormProgress::Sent => StopReason::UnknownPage,
            FormProgress::Open if has_field => StopReason::FormNotFilled,
            FormProgress::Open if seen.loaded && !seen.text.is_empty() => StopReason::FormNotFound,
            FormProgress::Open => StopReason::PageNotLoaded,
        };
        (Verdict::Stopped(reason), Some(seen.text.clone()))
    }
}
