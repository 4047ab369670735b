//! The way through the page: look, do one thing, look again.

use super::Task;
use super::evidence::{keep, without};
use super::page::{AUTHENTICATOR, EMPTY_ERRORS, LOOK, PATH, selectors};
use super::snapshot::{Page, Snapshot};
use crate::code::Code;
use crate::ending::{Ending, Reason, Verdict, meaning};
use crate::mode::Mode;
use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use ib_cli::{Error, Exit, Result, log, status};
use ib_proc::Deadline;
use serde_json::Value;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

/// How long the page may take to show its form, and to react to what it is sent: some took more than 30 s
/// (Voyz/ibeam#145, #187).
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks: the page changes by scripts, and nothing tells us when.
const PAUSE: Duration = Duration::from_millis(25);

/// How many codes are sent in one login, each of a window of its own.
const CODES: u8 = 2;

/// What was done so far.
#[derive(Default)]
struct Progress {
    is_submitted: bool,
    codes_sent: u8,
    window_used: Option<u64>,
    /// A code was sent and nothing has been said of it.
    awaits_verdict: bool,
    has_chosen: bool,
    second_factor: Option<&'static str>,
    digits: Zeroizing<String>,
}

/// Logs in once.
pub async fn log_in(
    client: &Client,
    task: &Task<'_>,
    deadline: Deadline,
    before_submit: &mut dyn FnMut() -> Result<()>,
) -> Result<Ending> {
    let mut progress = Progress::default();
    client
        .goto(&format!("{}{PATH}", task.url))
        .await
        .map_err(broken)?;
    let mut patience = deadline.or_after(PATIENCE);
    let mut last = None;
    let (verdict, text) = loop {
        let snapshot = look(client).await?;
        let page = snapshot.page();
        if last.as_ref() != Some(&page) {
            log("info", "page", &format!("the page shows {}", name(&page)));
            last = Some(page.clone());
        }
        match step(client, task, &snapshot, page, &mut progress, before_submit).await? {
            Step::Ended(verdict, text) => break (verdict, text),
            Step::Done => patience = deadline.or_after(PATIENCE),
            Step::Waiting if patience.has_passed() => {
                if deadline.has_passed() {
                    return Err(Error::new(
                        Exit::TimedOut,
                        "logging in on the page: the time is up",
                    ));
                }
                break (
                    Verdict::Stopped(gave_up(&snapshot, &progress)),
                    Some(snapshot.text),
                );
            }
            Step::Waiting => tokio::time::sleep(PAUSE).await,
        }
    };
    let secrets = [task.password, task.username, &progress.digits];
    let screenshot = match (&task.evidence, &verdict) {
        (Some(folder), Verdict::Refused(_) | Verdict::Stopped(_)) => {
            keep(client, folder, &secrets).await
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
        screenshot,
    })
}

enum Step {
    /// Something was done; the page has its time anew.
    Done,
    /// There is nothing to do but look again.
    Waiting,
    /// It is over.
    Ended(Verdict, Option<String>),
}

async fn step(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    page: Page,
    progress: &mut Progress,
    before_submit: &mut dyn FnMut() -> Result<()>,
) -> Result<Step> {
    let stop = |reason| {
        Ok(Step::Ended(
            Verdict::Stopped(reason),
            Some(snapshot.text.clone()),
        ))
    };
    match page {
        Page::Success => Ok(Step::Ended(Verdict::Accepted, None)),
        // What is visible before anything was sent is left from another time.
        Page::Error(_) if !progress.is_submitted => {
            submit(client, task, snapshot, progress, before_submit).await
        }
        Page::Error(text) => refused(client, text, progress).await,
        Page::Credentials if progress.is_submitted => Ok(Step::Waiting),
        Page::Credentials => submit(client, task, snapshot, progress, before_submit).await,
        Page::Chooser => choose(client, task, snapshot, progress).await,
        Page::Code => send_code(client, task, snapshot, progress).await,
        Page::Cookies => click(client, snapshot.cookies.as_ref()).await,
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
    if reason != Reason::WrongCode || !(1..CODES).contains(&progress.codes_sent) {
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

/// Sets the toggle, fills in both fields, verifies all three, and sends them: one thing a look.
async fn submit(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    progress: &mut Progress,
    before_submit: &mut dyn FnMut() -> Result<()>,
) -> Result<Step> {
    let (Some(username), Some(password)) = (&snapshot.username, &snapshot.password) else {
        return Ok(Step::Waiting);
    };
    let wants_paper = task.mode == Mode::Paper;
    // The toggle comes first: setting it has emptied the fields for some.
    if snapshot
        .is_paper
        .is_some_and(|is_paper| is_paper != wants_paper)
    {
        return set_toggle(client, snapshot).await;
    }
    if snapshot.is_paper.is_none() && wants_paper {
        // A page without a toggle decides by the username (until March 2025: Voyz/ibeam#237).
        log("info", "no_toggle", "the page has no Live/Paper toggle");
    }
    if snapshot.typed_username != task.username {
        return fill(client, username, task.username).await;
    }
    if snapshot.typed_password_length != task.password.encode_utf16().count() {
        return fill(client, password, task.password).await;
    }
    let Some(button) = &snapshot.submit else {
        return Ok(Step::Waiting);
    };
    before_submit()?;
    status("ibgw-login: logging in");
    progress.is_submitted = true;
    // A click that is intercepted has sent nothing, so the same button is clicked by script.
    match element(client, button)?.click().await {
        Ok(()) => Ok(Step::Done),
        Err(_) => by_script(client, button).await,
    }
}

/// The checkbox is covered by its label, so the label is clicked, and by a script if that is covered too.
async fn set_toggle(client: &Client, snapshot: &Snapshot) -> Result<Step> {
    if let Some(label) = &snapshot.toggle_label
        && element(client, label)?.click().await.is_ok()
    {
        return Ok(Step::Done);
    }
    match &snapshot.toggle {
        Some(toggle) => by_script(client, toggle).await,
        None => Ok(Step::Waiting),
    }
}

async fn fill(client: &Client, field: &Value, text: &str) -> Result<Step> {
    let field = element(client, field)?;
    // Real key events: the page's script reads what it is told of, not what the field holds.
    match async { field.clear().await.and(field.send_keys(text).await) }.await {
        Ok(()) => Ok(Step::Done),
        // The page may have replaced the field meanwhile: the next look finds the new one.
        Err(error) if is_passing(&error) => Ok(Step::Waiting),
        Err(error) => Err(broken(error)),
    }
}

async fn choose(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    progress: &mut Progress,
) -> Result<Step> {
    if progress.has_chosen || !progress.is_submitted {
        return Ok(Step::Waiting);
    }
    let Some((chooser, device)) = snapshot
        .chooser
        .as_ref()
        .zip(snapshot.device(task.device.as_deref(), AUTHENTICATOR))
    else {
        let offered = format!("offered: {}", snapshot.offered());
        return Ok(Step::Ended(
            Verdict::Stopped(Reason::DeviceAbsent),
            Some(offered),
        ));
    };
    // Choosing is what sends a notification: only what can be carried through is chosen.
    if device.value != AUTHENTICATOR {
        let text = format!("{} ({})", device.label, device.value);
        return Ok(Step::Ended(
            Verdict::Stopped(Reason::PushWanted),
            Some(text),
        ));
    }
    progress.has_chosen = true;
    element(client, chooser)?
        .select_by_value(&device.value)
        .await
        .map_err(broken)?;
    Ok(Step::Done)
}

async fn send_code(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    progress: &mut Progress,
) -> Result<Step> {
    let Some(authenticator) = &task.authenticator else {
        return Ok(Step::Ended(
            Verdict::Stopped(Reason::NoSeed),
            Some(snapshot.text.clone()),
        ));
    };
    if progress.awaits_verdict || progress.codes_sent >= CODES {
        return Ok(Step::Waiting);
    }
    match authenticator.code(SystemTime::now(), progress.window_used) {
        Err(wait) => {
            status(&format!(
                "ibgw-login: the next code comes in {} s",
                wait.as_secs() + 1
            ));
            Ok(Step::Waiting)
        }
        Ok(code) => type_code(client, snapshot, &code, progress).await,
    }
}

async fn type_code(
    client: &Client,
    snapshot: &Snapshot,
    code: &Code,
    progress: &mut Progress,
) -> Result<Step> {
    let Some(field) = &snapshot.code else {
        return Ok(Step::Waiting);
    };
    let field = element(client, field)?;
    field.clear().await.map_err(broken)?;
    progress.codes_sent += 1;
    progress.awaits_verdict = true;
    progress.window_used = Some(code.window);
    progress.second_factor = Some("totp");
    progress.digits.clone_from(&code.digits);
    let keys = Zeroizing::new(format!("{}{}", code.digits.as_str(), Key::Return));
    field.send_keys(&keys).await.map_err(broken)?;
    Ok(Step::Done)
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

async fn look(client: &Client) -> Result<Snapshot> {
    match client.execute(LOOK, vec![selectors()]).await {
        Ok(seen) => serde_json::from_value(seen)
            .map_err(|error| Error::new(Exit::Unexpected, format!("looking at the page: {error}"))),
        // The page is being replaced by the next one.
        Err(error) if is_passing(&error) => Ok(Snapshot::default()),
        Err(error) => Err(broken(error)),
    }
}

async fn click(client: &Client, target: Option<&Value>) -> Result<Step> {
    match target {
        Some(target) => match element(client, target)?.click().await {
            Ok(()) => Ok(Step::Done),
            Err(_) => by_script(client, target).await,
        },
        None => Ok(Step::Waiting),
    }
}

async fn by_script(client: &Client, target: &Value) -> Result<Step> {
    match client
        .execute("arguments[0].click()", vec![target.clone()])
        .await
    {
        Ok(_) => Ok(Step::Done),
        Err(error) if is_passing(&error) => Ok(Step::Waiting),
        Err(error) => Err(broken(error)),
    }
}

fn element(client: &Client, reference: &Value) -> Result<Element> {
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

/// Whether the page was merely changing under our hands.
fn is_passing(error: &CmdError) -> bool {
    error.is_stale_element_reference()
        || error.is_element_not_interactable()
        || error.is_no_such_element()
        || error.is_invalid_element_state()
        || error.is_javascript_error()
        || error.to_string().contains("click intercepted")
        || error.to_string().contains("execution context")
}

fn broken(error: CmdError) -> Error {
    // A driver's message goes on for a screen; its first line says it.
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let cause = if first.contains("ERR_CONNECTION_REFUSED") {
        "nothing listens there"
    } else {
        first
    };
    Error::new(Exit::Unexpected, format!("driving the browser: {cause}"))
}

fn name(page: &Page) -> String {
    match page {
        // Its words may hold the username.
        Page::Error(_) => "an error".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}
