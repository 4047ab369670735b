//! What was done so far on the page.

use super::page::Page;
use super::snapshot::Snapshot;
use crate::code_source::{CodeSource, PendingCode};
use crate::ending::Verdict;
use crate::factor::FactorKind;
use crate::task::Task;
use ib_cli::{Error, Exit};
use ib_proc::Undo;
use std::time::Instant;
use zeroize::Zeroizing;

/// What was done so far.
#[derive(Default)]
pub struct PageProgress {
    /// How often the page was loaded.
    pub loads: u8,
    /// When it was last looked whether the Gateway listens.
    pub checked: Option<Instant>,
    /// How far username and password have come.
    pub form: FormProgress,
    /// How often the form was changed.
    pub changes: u8,
    /// Since when there is a form without a toggle.
    pub without_toggle: Option<Instant>,
    /// The username was given, on a first step of its own.
    pub has_given_username: bool,
    /// How many answers the page had had when a field was typed that it sends by itself.
    pub handshakes_before: Option<u32>,
    /// How many dialogs about cookies were ended.
    pub dialogs: u8,
    /// Since when the page about IB Key is there.
    pub promo: Option<Instant>,
    /// When its button was clicked.
    pub promo_clicked: Option<Instant>,
    /// The words of the banner of a maintenance.
    pub maintenance: Option<String>,
    /// The second factor that was chosen, or that the page asked for.
    pub kind: Option<FactorKind>,
    /// A device was chosen.
    pub has_chosen: bool,
    /// It was chosen how a code is to be sent.
    pub has_chosen_delivery: bool,
    /// The challenge was asked for in place of the notification.
    pub has_asked_for_challenge: bool,
    /// Whether IBKR has sent a notification to the phone; `None` until a page shows it.
    pub push: Option<bool>,
    /// The notification was announced.
    pub is_announced: bool,
    /// Since when a notification, or the challenge in its place, waits for a person.
    pub waiting: Option<Instant>,
    /// The seconds that the terminal showed last.
    pub seconds_shown: Option<u64>,
    /// The last look found nothing to do but to wait for a person, or for the next code of the app.
    pub is_awaiting: bool,
    /// How many codes were sent.
    pub codes_sent: u8,
    /// The windows of which a code was sent, by this login or another.
    pub windows_used: Vec<u64>,
    /// A code was sent and nothing has been said of it.
    pub awaits_verdict: bool,
    /// Where a code will come from, as it was before the code was asked for.
    pub source: Option<CodeSource>,
    /// A code that is awaited.
    pub pending_code: Option<PendingCode>,
    /// The challenge that is to be answered.
    pub challenge: Option<String>,
    /// The same, as long as it is written where somebody reads it.
    pub shown: Option<Undo>,
    /// The last code, to be taken out of what is kept.
    pub digits: Zeroizing<String>,
}

/// How far username and password have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormProgress {
    /// Nothing was sent that counts.
    #[default]
    Open,
    /// The password was typed into a form that proves it before it is sent; it is recorded.
    Proving,
    /// It was sent.
    Sent,
}

impl PageProgress {
    pub fn new(task: &Task<'_>) -> Self {
        Self {
            windows_used: task.code_windows.clone(),
            ..Self::default()
        }
    }

    /// Whether something was sent that counts.
    pub fn is_submitted(&self) -> bool {
        self.form != FormProgress::Open
    }

    /// The second factor that was used: a notification that was approved is one, whatever stood beside it.
    pub fn second_factor(&self) -> Option<FactorKind> {
        match self.kind {
            Some(FactorKind::Challenge) if self.push == Some(true) && self.codes_sent == 0 => {
                Some(FactorKind::Push)
            }
            kind => kind,
        }
    }

    /// The end of a login that was sent and then broke off: where a person's second factor was awaited as the time ran
    /// out, that one expired.
    pub fn verdict_of(&self, error: Error) -> Verdict {
        let is_over = self.is_awaiting && error.exit == Exit::TimedOut;
        match self.second_factor() {
            Some(FactorKind::Push | FactorKind::Sms | FactorKind::Card | FactorKind::Challenge)
                if is_over =>
            {
                Verdict::Expired(error)
            }
            Some(_) | None => Verdict::BrokenOff(error),
        }
    }

    /// Notes what a page shows of notifications: one that was sent stays sent, whatever comes next.
    ///
    /// True when it shows for the first time that IBKR has sent one.
    pub fn saw(&mut self, seen: &Snapshot, page: &Page) -> bool {
        let is_first = seen.notification && self.push != Some(true);
        if seen.notification {
            self.push = Some(true);
        } else if page.is_without_push() && self.push.is_none() {
            self.push = Some(false);
        }
        is_first
    }
}
