//! The second factor on the page: the device chosen, the code sent.

use super::hands::{broken, element, fill};
use super::snapshot::Snapshot;
use super::walk::{Progress, Step};
use crate::code::Code;
use crate::ending::{Reason, Verdict};
use crate::factor::{AUTHENTICATOR, Wanted};
use crate::task::{Recorder, Sending, Task};
use fantoccini::Client;
use fantoccini::key::Key;
use ib_cli::{Result, status};
use ib_guard::policy::CODES_PER_LOGIN;
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Chooses the device, if it is one that can be carried through.
pub async fn choose(
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
        .zip(snapshot.device(device(task), AUTHENTICATOR))
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

/// The device that was asked for by name; `None` for the authenticator app.
fn device<'a>(task: &'a Task<'_>) -> Option<&'a str> {
    match &task.wanted {
        Some(Wanted::Device(name)) => Some(name),
        _ => None,
    }
}

/// Sends a code, once in each window and not before the last one was judged.
pub async fn send_code(
    client: &Client,
    task: &Task<'_>,
    snapshot: &Snapshot,
    progress: &mut Progress,
    recorder: &mut Recorder<'_>,
) -> Result<Step> {
    let Some(authenticator) = &task.authenticator else {
        return Ok(Step::Ended(
            Verdict::Stopped(Reason::NoSeed),
            Some(snapshot.text.clone()),
        ));
    };
    if progress.awaits_verdict || progress.codes_sent >= CODES_PER_LOGIN {
        return Ok(Step::Waiting);
    }
    match authenticator.code(SystemTime::now(), &progress.windows_used) {
        Err(wait) => {
            status(&format!(
                "ibgw-login: the next code comes in {} s",
                wait.as_secs() + 1
            ));
            Ok(Step::Waiting)
        }
        Ok(code) => {
            recorder(Sending::Code(code.window))?;
            type_code(client, snapshot, &code, progress).await
        }
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
    let keys = Zeroizing::new(format!("{}{}", code.digits.as_str(), Key::Return));
    progress.windows_used.push(code.window);
    progress.digits.clone_from(&code.digits);
    // Counted whatever becomes of it: it may have been sent, for all we know.
    progress.codes_sent += 1;
    progress.awaits_verdict = true;
    progress.second_factor = Some("totp");
    fill(client, field, &keys).await?;
    Ok(Step::Done)
}
