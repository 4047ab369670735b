//! Interruptions of a login: dialogs about cookies, the page about IB Key, banners about maintenance.

use super::actions::{by_script, click};
use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::{Verdict, without};
use ib_cli::{Result, warn};
use std::time::{Duration, Instant};

/// How often the tool closes a dialog that comes back. After that a script clicks what the dialog covers.
const DIALOGS: u8 = 10;

/// How long the page about IB Key may stay after its button was clicked. After that only the session's status can tell.
/// Without the click the page goes after two minutes (Voyz/ibeam#62, #68).
const PROMO: Duration = Duration::from_secs(15);

impl PageWalk<'_, '_> {
    /// Closes a dialog about cookies, which may come back.
    pub(crate) async fn end_dialog(&mut self, seen: &Snapshot) -> Result<Step> {
        if let Some(button) = &seen.cookies
            && self.progress.dialogs < DIALOGS
        {
            self.progress.dialogs += 1;
            return Ok(click(self.client, button).await?.into());
        }
        if self.progress.is_submitted() {
            return Ok(Step::Waiting);
        }
        self.fill_in(seen).await
    }

    /// Closes the page about IB Key that follows some logins. Its button works after two seconds.
    pub(crate) async fn end_promo(&mut self, seen: &Snapshot) -> Result<Step> {
        let is_first = self.progress.promo.is_none();
        let since = self.progress.promo.get_or_insert_with(Instant::now);
        if since.elapsed() > PROMO {
            return Ok(Step::Ended(Verdict::Accepted, None));
        }
        let clicked = self.progress.promo_clicked;
        let is_due = clicked.is_none_or(|at| at.elapsed() > PROMO / 5);
        if let Some(button) = seen.promo.as_ref().filter(|_| is_due) {
            self.progress.promo_clicked = Some(Instant::now());
            by_script(self.client, button).await?;
        }
        Ok(if is_first { Step::Done } else { Step::Waiting })
    }

    /// An unknown page after the one about IB Key: only the session's status can tell.
    pub(crate) fn after_promo(&self) -> Step {
        match self.progress.promo {
            Some(since) if since.elapsed() > PROMO => Step::Ended(Verdict::Accepted, None),
            Some(_) | None => Step::Waiting,
        }
    }

    /// Reports a banner about maintenance once. The login goes on, since it may work all the same.
    pub(crate) fn note_maintenance(&mut self, seen: &Snapshot) {
        if let (Some(text), None) = (&seen.maintenance, &self.progress.maintenance) {
            let text = without(text, &[self.task.password.expose(), self.task.username]);
            warn("maintenance", &format!("the page says: {text}"));
            self.progress.maintenance = Some(text);
        }
    }
}
