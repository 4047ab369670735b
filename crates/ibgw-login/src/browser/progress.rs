//! What the login has done on the page so far.

use super::page::Page;
use super::snapshot::Snapshot;
use crate::code_source::{CodeSource, PendingCode};
use crate::ending::Verdict;
use crate::factor::FactorKind;
use crate::task::Task;
use ib_cli::{Error, Exit, SecretText};
use ib_proc::Undo;
use std::time::Instant;

/// What the login has done on the page so far.
#[derive(Default)]
pub(crate) struct PageProgress {
    /// How often the page was loaded.
    pub loads: u8,
    /// When the tool last checked that the Gateway listens.
    pub checked: Option<Instant>,
    /// How far username and password have come.
    pub form: FormProgress,
    /// How often the tool changed the form.
    pub changes: u8,
    /// Since when the form has no toggle.
    pub without_toggle: Option<Instant>,
    /// The username was given, on a first step of its own.
    pub has_given_username: bool,
    /// How many answers the page had when the tool typed into a field that the page sends at once.
    pub handshakes_before: Option<u32>,
    /// How many dialogs about cookies the tool closed.
    pub dialogs: u8,
    /// Since when the page about IB Key is shown.
    pub promo: Option<Instant>,
    /// When its button was clicked.
    pub promo_clicked: Option<Instant>,
    /// The words of the banner about maintenance.
    pub maintenance: Option<String>,
    /// The second factor that was chosen, or that the page asked for.
    pub kind: Option<FactorKind>,
    /// A device was chosen.
    pub has_chosen: bool,
    /// The tool has chosen how IBKR sends a code.
    pub has_chosen_delivery: bool,
    /// The tool has asked for the challenge in place of the notification.
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
    /// The 30-second windows of which this login or another one sent a code.
    pub windows_used: Vec<u64>,
    /// A code was sent, and IBKR has not answered it yet.
    pub awaits_verdict: bool,
    /// Where a code will come from, as it was before IBKR was asked for the code.
    pub source: Option<CodeSource>,
    /// A code that is awaited.
    pub pending_code: Option<PendingCode>,
    /// The challenge to answer.
    pub challenge: Option<String>,
    /// Removes the challenge from `--challenge-out`; `None` when it is not written there.
    pub shown: Option<Undo>,
    /// The last code, so that no report or file shows it.
    pub digits: SecretText,
}

/// How far username and password have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FormProgress {
    /// The tool has sent nothing that counts.
    #[default]
    Open,
    /// The password was typed into a form that proves it before it is sent; it is recorded.
    Proving,
    /// It was sent.
    Sent,
}

impl PageProgress {
    pub(crate) fn new(task: &Task<'_>) -> Self {
        Self {
            windows_used: task.code_windows.clone(),
            ..Self::default()
        }
    }

    /// Whether something was sent that counts.
    pub(crate) fn is_submitted(&self) -> bool {
        self.form != FormProgress::Open
    }

    /// The second factor that was used. An approved notification counts, even if a challenge stood beside it.
    pub(crate) fn second_factor(&self) -> Option<FactorKind> {
        match self.kind {
            Some(FactorKind::Challenge) if self.push == Some(true) && self.codes_sent == 0 => {
                Some(FactorKind::Push)
            }
            kind => kind,
        }
    }

    /// The end of a login that was sent and then broke off: where a person's second factor was awaited as the time ran
    /// out, that one expired.
    pub(crate) fn verdict_of(&self, error: Error) -> Verdict {
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

    /// Notes what a page shows about notifications. A notification that was sent stays sent, whatever page comes next.
    ///
    /// True when the page shows for the first time that IBKR has sent one.
    pub(crate) fn saw(&mut self, seen: &Snapshot, page: &Page) -> bool {
        let is_first = seen.notification && self.push != Some(true);
        if seen.notification {
            self.push = Some(true);
        } else if page.is_without_push() && self.push.is_none() {
            self.push = Some(false);
        }
        is_first
    }
}
