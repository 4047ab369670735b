//! The way through the page: look, do one thing, look again.

use super::actions::Touch;
use super::evidence::keep;
use super::in_time;
use super::page::Page;
use super::page_reader::PageReader;
use super::progress::PageProgress;
use super::snapshot::Snapshot;
use crate::ending::{LoginEnding, Verdict, without};
use crate::reason::{Refusal, StopReason};
use crate::task::{Recorder, Sending, Task};
use fantoccini::Client;
use ib_cli::{Result, log};
use ib_proc::Deadline;
use std::time::Duration;

/// How long the page may take to show its form, and to react to what it is sent: some took more than 30 s
/// (Voyz/ibeam#145, #187). At most half of the time that is left, so that the tool can still say what was missing.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long one look may take on a busy machine, even when less patience is left.
const LOOK: Duration = Duration::from_secs(5);

/// How long a screenshot may take.
const EVIDENCE: Duration = Duration::from_secs(5);

/// The pause between two looks: scripts change the page, and no event says when.
const PAUSE: Duration = Duration::from_millis(25);

/// The pause between two looks while a person is awaited.
const LONG_PAUSE: Duration = Duration::from_millis(250);

/// One login on its way through the page.
pub(crate) struct PageWalk<'a, 'r> {
    pub client: &'a Client,
    pub task: &'a Task<'a>,
    pub deadline: Deadline,
    pub recorder: &'a mut Recorder<'r>,
    pub progress: PageProgress,
}

/// The result of one look.
pub(crate) enum Step {
    /// The tool did something, and the page has its whole time again.
    Done,
    /// The tool must look again.
    Waiting,
    /// The tool must look again, and a person takes the time.
    Awaiting,
    /// The login is over.
    Ended(Verdict, Option<String>),
}

impl Step {
    /// The end of a login that goes no further, with the page's words.
    pub(crate) fn stop(reason: StopReason, text: impl Into<String>) -> Result<Self> {
        Ok(Self::Ended(Verdict::Stopped(reason), Some(text.into())))
    }
}

impl From<Touch> for Step {
    fn from(touch: Touch) -> Self {
        match touch {
            Touch::Landed => Self::Done,
            Touch::Missed => Self::Waiting,
        }
    }
}

/// Logs in once.
pub(crate) async fn log_in(
    client: &Client,
    task: &Task<'_>,
    deadline: Deadline,
    recorder: &mut Recorder<'_>,
) -> Result<LoginEnding> {
    let mut walk = PageWalk {
        client,
        task,
        deadline,
        recorder,
        progress: PageProgress::new(task),
    };
    let walked = in_time(deadline, walk.go()).await;
    let progress = &walk.progress;
    let (verdict, text) = match walked {
        // The guard must still record what was seen before.
        Err(error) if progress.is_submitted() => (progress.verdict_of(error), None),
        walked => walked?,
    };
    // The page folds the username.
    let folded = task.username.to_lowercase();
    let usernames = [task.username, &folded];
    let secrets = [
        task.password.expose(),
        task.username,
        &folded,
        progress.digits.expose(),
    ];
    let screenshot = match (&task.evidence, &verdict) {
        (_, Verdict::Refused(Refusal::PaperNeeded)) if task.may_switch_to_paper => None,
        (Some(folder), Verdict::Refused(_) | Verdict::Stopped(_)) => {
            let given = match (progress.is_submitted(), progress.has_given_username) {
                (true, _) => &secrets[..],
                (false, true) => &usernames[..],
                (false, false) => &[],
            };
            // A picture that takes too long must not cost the verdict.
            let keeping = tokio::time::timeout(EVIDENCE, keep(client, folder, &secrets, given));
            keeping.await.ok().flatten()
        }
        (
            Some(_) | None,
            Verdict::Accepted
            | Verdict::BrokenOff(_)
            | Verdict::Expired(_)
            | Verdict::Unanswered(_),
        )
        | (None, Verdict::Refused(_) | Verdict::Stopped(_)) => None,
    };
    let text = text.filter(|text| !text.trim().is_empty());
    let page_text = text.or_else(|| progress.maintenance.clone());
    Ok(LoginEnding {
        verdict,
        page_text: page_text.map(|text| without(&text, &secrets)),
        second_factor: progress.second_factor(),
        push: progress.push,
        screenshot,
    })
}

impl PageWalk<'_, '_> {
    async fn go(&mut self) -> Result<(Verdict, Option<String>)> {
        self.load().await?;
        let mut reader = PageReader::new(self.client, self.task.page);
        let mut patience = self.patience();
        let mut last = None;
        let mut last_seen = Snapshot::default();
        loop {
            let Some((seen, page)) = self.look(&mut reader, patience).await? else {
                let (verdict, text) = self.give_up(&last_seen);
                return self.end(verdict, text);
            };
            if last.as_ref() != Some(&page) {
                log("info", "page", &format!("the page shows {}", page.name()));
                last = Some(page.clone());
            }
            let step = self.step(&seen, page).await?;
            self.progress.is_awaiting = matches!(step, Step::Awaiting);
            let pause = match step {
                Step::Ended(verdict, text) => {
                    reader.leave_frame().await?;
                    return self.end(verdict, text);
                }
                Step::Waiting if patience.has_passed() && !self.deadline.has_passed() => {
                    reader.leave_frame().await?;
                    let (verdict, text) = self.give_up(&seen);
                    return self.end(verdict, text);
                }
                Step::Waiting => {
                    self.check_that_gateway_listens()?;
                    last_seen = seen;
                    PAUSE
                }
                Step::Done => {
                    patience = self.patience();
                    continue;
                }
                Step::Awaiting => {
                    self.check_that_gateway_listens()?;
                    patience = self.patience();
                    LONG_PAUSE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Looks; `None` when the driver shows nothing until patience ends: it waits for a page of which not one byte comes,
    /// whatever its page load strategy is.
    async fn look(
        &self,
        reader: &mut PageReader<'_>,
        patience: Deadline,
    ) -> Result<Option<(Snapshot, Page)>> {
        if self.progress.is_submitted() {
            return reader.look().await.map(Some);
        }
        let patience = patience.remaining().max(LOOK);
        let looking = tokio::time::timeout(patience, reader.look()).await;
        looking.ok().transpose()
    }

    fn patience(&self) -> Deadline {
        let half = self.deadline.remaining() / 2;
        self.deadline.or_after(PATIENCE.min(half))
    }

    async fn step(&mut self, seen: &Snapshot, page: Page) -> Result<Step> {
        self.note_maintenance(seen);
        match page {
            Page::Success => Ok(Step::Ended(Verdict::Accepted, None)),
            Page::Cookies => self.end_dialog(seen).await,
            Page::EmailCode => Step::stop(StopReason::EmailCodeWanted, &seen.text),
            Page::Verification => Step::stop(StopReason::VerificationWanted, &seen.text),
            Page::OfTheBrowser => self.load_again(seen).await,
            Page::AccessDenied => Step::stop(StopReason::AccessDenied, &seen.text),
            Page::Unavailable => Step::stop(StopReason::Unavailable, &seen.text),
            Page::Blocked => {
                let verdict = Verdict::Refused(Refusal::Blocked);
                Ok(Step::Ended(verdict, Some(seen.text.clone())))
            }
            page if self.progress.is_submitted() => {
                self.note_push(seen, &page)?;
                self.after_sending(seen, page).await
            }
            page => self.before_sending(seen, page).await,
        }
    }

    async fn before_sending(&mut self, seen: &Snapshot, page: Page) -> Result<Step> {
        match page {
            Page::Credentials | Page::PasswordAlone | Page::UsernameFirst => {
                self.fill_in(seen).await
            }
            // An error that is visible before anything was sent is an old one.
            Page::Error(_) => self.fill_in(seen).await,
            Page::Success
            | Page::Promo
            | Page::Chooser
            | Page::Delivery
            | Page::Code(_)
            | Page::Challenge
            | Page::Push
            | Page::QrCode
            | Page::Passkey
            | Page::EmailCode
            | Page::Verification
            | Page::Cookies
            | Page::Busy
            | Page::OfTheBrowser
            | Page::AccessDenied
            | Page::Blocked
            | Page::Unavailable
            | Page::Unknown => Ok(Step::Waiting),
        }
    }

    async fn after_sending(&mut self, seen: &Snapshot, page: Page) -> Result<Step> {
        match page {
            Page::Promo => self.end_promo(seen).await,
            Page::Error(text) => self.refused(text).await,
            Page::Credentials => self.send_if_proven(seen).await,
            Page::Chooser => self.choose(seen).await,
            Page::Delivery => self.have_it_sent(seen).await,
            Page::Code(asked) => self.give_code(asked, seen).await,
            Page::Challenge => self.answer(seen).await,
            Page::Push => self.await_approval(seen).await,
            Page::QrCode => Step::stop(StopReason::QrCodeWanted, &seen.text),
            Page::Passkey => Step::stop(StopReason::PasskeyWanted, &seen.text),
            Page::Success
            | Page::EmailCode
            | Page::Verification
            | Page::Cookies
            | Page::Busy
            | Page::PasswordAlone
            | Page::UsernameFirst
            | Page::OfTheBrowser
            | Page::AccessDenied
            | Page::Blocked
            | Page::Unavailable
            | Page::Unknown => Ok(self.after_promo()),
        }
    }

    fn note_push(&mut self, seen: &Snapshot, page: &Page) -> Result<()> {
        if self.progress.saw(seen, page) {
            (self.recorder)(Sending::Pushed)?;
        }
        Ok(())
    }
}
