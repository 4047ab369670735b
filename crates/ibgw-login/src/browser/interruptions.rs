//! What comes between: dialogs about cookies, the page about IB Key, banners of maintenance.

use super::actions::{by_script, click};
use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::{Verdict, without};
use ib_cli::{Result, warn};
use std::time::{Duration, Instant};

/// How often a dialog is ended that comes back; after that what lies under it is clicked by a script.
const DIALOGS: u8 = 10;

/// How long the page about IB Key may take to go, once its button was clicked: then the session's status is the truth.
/// Without the click the page goes by itself after two minutes (Voyz/ibeam#62, #68).
const PROMO: Duration = Duration::from_secs(15);

impl PageWalk<'_, '_> {
    /// Ends a dialog about cookies, which may come back.
    pub async fn end_dialog(&mut self, seen: &Snapshot) -> Result<Step> {
        let is_done_with = self.progress.dialogs >= DIALOGS;
        match &seen.cookies {
            Some(button) if !is_done_with => {
                self.progress.dialogs += 1;
                Ok(click(self.client, button).await?.into())
            }
            _ if self.progress.is_submitted() => Ok(Step::Waiting),
            _ => self.fill_in(seen).await,
        }
    }

    /// Ends the page about IB Key that comes after some logins; its button can be clicked after two seconds.
    pub async fn end_promo(&mut self, seen: &Snapshot) -> Result<Step> {
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
        Ok(match is_first {
            true => Step::Done,
            false => Step::Waiting,
        })
    }

    /// A page that says nothing, after the one about IB Key: only the session's status can tell.
    pub fn after_promo(&self) -> Step {
        match self.progress.promo {
            Some(since) if since.elapsed() > PROMO => Step::Ended(Verdict::Accepted, None),
            _ => Step::Waiting,
        }
    }

    /// Reports a banner of maintenance once; the login goes on, for it may work all the same.
    pub fn note_maintenance(&mut self, seen: &Snapshot) {
        if let (Some(text), None) = (&seen.maintenance, &self.progress.maintenance) {
            let text = without(text, &[self.task.password.expose(), self.task.username]);
            warn("maintenance", &format!("the page says: {text}"));
            self.progress.maintenance = Some(text);
        }
    }
}
