//! The way through the page: look, do one thing, look again.

use super::evidence::keep;
use super::hands::{Done, broken, by_script, click, fill, look, press};
use super::in_time;
use super::page::{EMPTY_ERRORS, PATH, selectors};
use super::second_factor::{choose, send_code};
use super::snapshot::{Page, Snapshot};
use crate::ending::{Ending, Reason, Verdict, meaning, without};
use crate::mode::Mode;
use crate::task::{Recorder, Sending, Task};
use fantoccini::Client;
use ib_cli::{Result, log, status};
use ib_guard::policy::CODES_PER_LOGIN;
use ib_proc::Deadline;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long the page may take to show its form, and to react to what it is sent: some took more than 30 s
/// (Voyz/ibeam#145, #187).
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the toggle may come after the form: one script puts both into the page.
const TOGGLE: Duration = Duration::from_secs(5);

/// How long a screenshot may take.
const EVIDENCE: Duration = Duration::from_secs(5);

/// Between two looks: the page changes by scripts, and nothing tells us when.
const PAUSE: Duration = Duration::from_millis(25);

/// How often the form may be changed until it is as wanted: three changes do, unless the page undoes them.
const CHANGES: u8 = 20;

/// What was done so far.
#[derive(Default)]
pub struct Progress {
    /// How often the form was changed.
    changes: u8,
    /// Since when there is a form without a toggle.
    without_toggle: Option<Instant>,
    /// Username and password were sent.
    pub is_submitted: bool,
    /// How many codes were sent.
    pub codes_sent: u8,
    /// The windows of which a code was sent, by this login or another.
    pub windows_used: Vec<u64>,
    /// Whether IBKR has sent a notification to the phone; `None` until a page shows it.
    pub push: Option<bool>,
    /// A code was sent and nothing has been said of it.
    pub awaits_verdict: bool,
    /// A device was chosen.
    pub has_chosen: bool,
    /// The second factor used.
    pub second_factor: Option<&'static str>,
    /// The last code, to be taken out of what is kept.
    pub digits: Zeroizing<String>,
}

/// Logs in once.
pub async fn log_in(
    client: &Client,
    task: &Task<'_>,
    deadline: Deadline,
    recorder: &mut Recorder<'_>,
) -> Result<Ending> {
    let mut progress = Progress {
        windows_used: task.code_windows.clone(),
        ..Progress::default()
    };
    let walking = walk(client, task, deadline, &mut progress, recorder);
    let (verdict, text) = match in_time(deadline, walking).await {
        // What was seen before it broke off is still to be recorded.
        Err(error) if progress.is_submitted => (Verdict::BrokenOff(error), None),
        walked => walked?,
    };
    let secrets = [task.password, task.username, &progress.digits];
    let screenshot = match (&task.evidence, &verdict) {
        (Some(folder), Verdict::Refused(_) | Verdict::Stopped(_)) => {
            // The verdict must not be lost over its picture.
            let keeping = tokio::time::timeout(EVIDENCE, keep(client, folder, &secrets));
            keeping.await.ok().flatten()
        }
        _ => None,
    };
    let page_text = text
        .map(|text| without(&text, &secrets))
        .filter(|text| !text.is_empty());
    Ok(Ending {
        verdict,
        page_text,
        second_factor: progress.second_factor,
        push: progress.push,
        screenshot,
    })
}

async fn walk(
    client: &Client,
    task: &Task<'_>,
    deadline: Deadline,
    progress: &mut Progress,
    recorder: &mut Recorder<'_>,
) -> Result<(Verdict, Option<String>)> {
    client
        .goto(&format!("{}{PATH}", task.url))
        .await
        .map_err(broken)?;
    let mut patience = deadline.or_after(PATIENCE);
    let mut last = None;
    loop {
        let snapshot = look(client).await?;
        let page = snapshot.page();
        if last.as_ref() != Some(&page) {
            log("info", "page", &format!("the page shows {}", name(&page)));
            last = Some(page.clone());
        }
        match step(client, task, &snapshot, page, progress, recorder).await? {
            Step::Ended(verdict, text) => return Ok((verdict, text)),
            Step::Done => patience = deadline.or_after(PATIENCE),
            Step::Waiting if patience.has_passed() && !deadline.has_passed() => {
                let reason = gave_up(&snapshot, progress);
                return Ok((Verdict::Stopped(reason), Some(snapshot.text)));
            }
            Step::Waiting => tokio::time::sleep(PAUSE).await,
        }
    }
}

impl Progress {
    /// A notification that was sent stays sent, whatever the page shows next.
    fn saw(&mut self, page: &Page) {
        if self.push != Some(true) {
            self.push = page.shows_push().or(self.push);
        }
    }

    fn wait_for_toggle(&mut self) -> Step {
        match self
            .without_toggle
            .get_or_insert_with(Instant::now)
            .elapsed()
        {
            waited if waited > TOGGLE => Step::Ended(Verdict::Stopped(Reason::NoToggle), None),
            _ => Step::Waiting,
        }
    }
}

/// What one look led to.
pub enum Step {
    /// Something was done; the page has its time anew.
    Done,
    /// There is nothing to do but look again.
    Waiting,
    /// It is over.
    Ended(Verdict, Option<String>),
}

impl From<Done> for Step {
    fn from(done: Done) -> Self {
        match done {
            Done::Yes => Self::Done,
            Done::NotYet => Self::Waiting,
        }
    }
}

async fn step(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    page: Page,
    progress: &mut Progress,
    recorder: &mut Recorder<'_>,
) -> Result<Step> {
    let stop = |reason| {
        Ok(Step::Ended(
            Verdict::Stopped(reason),
            Some(snapshot.text.clone()),
        ))
    };
    if progress.is_submitted {
        progress.saw(&page);
    }
    match page {
        Page::Success => Ok(Step::Ended(Verdict::Accepted, None)),
        // What is visible before anything was sent is left from another time.
        Page::Error(_) if !progress.is_submitted => {
            submit(client, task, snapshot, progress, recorder).await
        }
        Page::Error(text) => refused(client, text, progress).await,
        Page::Credentials if progress.is_submitted => Ok(Step::Waiting),
        Page::Credentials => submit(client, task, snapshot, progress, recorder).await,
        Page::Chooser => choose(client, task, snapshot, progress).await,
        Page::Code => send_code(client, task, snapshot, progress, recorder).await,
        Page::Cookies => match &snapshot.cookies {
            Some(button) => Ok(click(client, button).await?.into()),
            None => Ok(Step::Waiting),
        },
        Page::AccessDenied => stop(Reason::AccessDenied),
        Page::Unavailable => stop(Reason::Unavailable),
        Page::Push if progress.is_submitted => stop(Reason::PushWanted),
        Page::Challenge if progress.is_submitted => stop(Reason::ChallengeWanted),
        Page::OtherCode if progress.is_submitted => stop(Reason::OtherCodeWanted),
        Page::Passkey if progress.is_submitted => stop(Reason::PasskeyWanted),
        Page::Push
        | Page::Challenge
        | Page::OtherCode
        | Page::Passkey
        | Page::Busy
        | Page::Unknown => Ok(Step::Waiting),
    }
}

/// An error after something was sent ends the login, except a wrong code when another may be tried.
async fn refused(client: &Client, text: String, progress: &mut Progress) -> Result<Step> {
    let reason = match meaning(&text) {
        // IBKR words a wrong code in more than one way; after a code it can be nothing else.
        Reason::WrongCredentials if progress.codes_sent > 0 => Reason::WrongCode,
        other => other,
    };
    if reason != Reason::WrongCode || !(1..CODES_PER_LOGIN).contains(&progress.codes_sent) {
        return Ok(Step::Ended(Verdict::Refused(reason), Some(text)));
    }
    // So that the next code's verdict, which may read the same, is seen to be new.
    client
        .execute(EMPTY_ERRORS, vec![selectors()])
        .await
        .map_err(broken)?;
    progress.awaits_verdict = false;
    Ok(Step::Done)
}

/// Sets the toggle, fills in both fields, verifies all three, and sends them, once: one thing a look.
async fn submit(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    progress: &mut Progress,
    recorder: &mut Recorder<'_>,
) -> Result<Step> {
    let (Some(username), Some(password)) = (&snapshot.username, &snapshot.password) else {
        return Ok(Step::Waiting);
    };
    let wants_paper = task.mode == Mode::Paper;
    let Some(is_paper) = snapshot.is_paper else {
        return Ok(progress.wait_for_toggle());
    };
    let (has_username, has_password) = (
        snapshot.typed_username == task.username,
        snapshot.typed_password_length == task.password.encode_utf16().count(),
    );
    if is_paper != wants_paper || !has_username || !has_password {
        progress.changes += 1;
        // A page that takes something else than what is typed would be typed into for ever.
        if progress.changes > CHANGES {
            return Ok(Step::Ended(Verdict::Stopped(Reason::FormNotFilled), None));
        }
    }
    // The toggle comes first: setting it has emptied the fields for some.
    if is_paper != wants_paper {
        return set_toggle(client, snapshot).await;
    }
    if !has_username {
        return Ok(fill(client, username, task.username).await?.into());
    }
    if !has_password {
        return Ok(fill(client, password, task.password).await?.into());
    }
    let Some(button) = &snapshot.submit else {
        return Ok(Step::Waiting);
    };
    recorder(Sending::Credentials)?;
    status("ibgw-login: logging in");
    // Whatever becomes of the click, it is not made again: it may have been, for all we know.
    progress.is_submitted = true;
    press(client, button).await?;
    Ok(Step::Done)
}

/// The checkbox is covered by its label, so the label is clicked, and by a script if that is covered too.
async fn set_toggle(client: &Client, snapshot: &Snapshot) -> Result<Step> {
    match (&snapshot.toggle_label, &snapshot.toggle) {
        (Some(label), _) => Ok(click(client, label).await?.into()),
        (None, Some(toggle)) => Ok(by_script(client, toggle).await?.into()),
        (None, None) => Ok(Step::Waiting),
    }
}

/// Why there is no more waiting.
fn gave_up(snapshot: &Snapshot, progress: &Progress) -> Reason {
    let has_form = snapshot.username.is_some() && snapshot.password.is_some();
    match (progress.is_submitted, has_form) {
        (true, true) => Reason::NothingHappened,
        (true, false) => Reason::UnknownPage,
        (false, true) => Reason::FormNotFilled,
        (false, false) if snapshot.loaded && !snapshot.text.is_empty() => Reason::FormNotFound,
        (false, false) => Reason::PageNotLoaded,
    }
}

fn name(page: &Page) -> String {
    match page {
        // Its words may hold the username.
        Page::Error(_) => "an error".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}
