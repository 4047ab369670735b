//! Username and password: sets the toggle, fills in and verifies both fields, sends the form once.

use super::actions::{by_script, click, fill, press};
use super::progress::FormProgress;
use super::snapshot::Snapshot;
use super::verdict::empty_errors;
use super::walk::{PageWalk, Step};
use crate::code_source::CodeSource;
use crate::ending::Verdict;
use crate::factor::FactorKind;
use crate::reason::StopReason;
use crate::task::Sending;
use fantoccini::key::Key;
use ib_cli::{Mode, Result, status};
use serde_json::Value;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How much later than the form the toggle may appear: one script puts both into the page.
const TOGGLE: Duration = Duration::from_secs(5);

/// How often the tool may change the form until it is right: three changes suffice, unless the page undoes them.
const CHANGES: u8 = 20;

impl PageWalk<'_, '_> {
    /// Brings the form to where it can be sent, and sends it: one thing a look.
    pub(crate) async fn fill_in(&mut self, seen: &Snapshot) -> Result<Step> {
        let Some(password) = &seen.password else {
            return self.give_username(seen).await;
        };
        // Its script listens once all is loaded: it never proves what was typed earlier.
        if seen.is_eager && !seen.loaded {
            return Ok(Step::Waiting);
        }
        // The toggle comes first: setting it has emptied the fields for some.
        if let Some(step) = self.set_mode(seen).await? {
            return Ok(step);
        }
        match &seen.username {
            Some(username) if !self.has_username(seen) => {
                return self.type_username(username, seen).await;
            }
            None if !self.progress.has_given_username => return Ok(Step::Waiting),
            Some(_) | None => {}
        }
        if seen.is_eager {
            return self.prove(password, seen).await;
        }
        if seen.typed_password_length != self.password_length() {
            if let Some(end) = self.count_change() {
                return Ok(end);
            }
            let is_empty = seen.typed_password_length == 0;
            let typed = fill(self.client, password, is_empty, self.task.password.expose()).await?;
            return Ok(typed.into());
        }
        match &seen.login_button {
            Some(button) => {
                self.begin_to_send(seen).await?;
                self.send(button).await
            }
            None => Ok(Step::Waiting),
        }
    }

    /// Gives the username where the password comes on a second step.
    async fn give_username(&mut self, seen: &Snapshot) -> Result<Step> {
        let (Some(username), Some(next)) = (&seen.username, &seen.next) else {
            return Ok(Step::Waiting);
        };
        if seen.is_paper.is_some()
            && let Some(step) = self.set_mode(seen).await?
        {
            return Ok(step);
        }
        if !self.has_username(seen) {
            return self.type_username(username, seen).await;
        }
        if self.progress.has_given_username {
            return Ok(Step::Waiting);
        }
        self.progress.has_given_username = true;
        press(self.client, next).await?;
        Ok(Step::Done)
    }

    /// Sends a form that proves the password before it is sent, once both answers are there. If it is sent earlier, version 1
    /// of the page says that username and password do not fit (Voyz/ibeam#21, #84, #100).
    pub(crate) async fn send_if_proven(&mut self, seen: &Snapshot) -> Result<Step> {
        if self.progress.form == FormProgress::Sent {
            // A failed login comes back here with 200, and so did every login of one account (Voyz/ibeam#257).
            if seen.path == "/sso/Dispatcher" && seen.loaded {
                return Step::stop(StopReason::SentBack, &seen.text);
            }
            return Ok(Step::Waiting);
        }
        let is_proven = self.progress.handshakes_before < Some(seen.handshakes);
        match &seen.login_button {
            Some(button) if is_proven => self.send(button).await,
            Some(_) | None => Ok(Step::Waiting),
        }
    }

    /// Types the password into a form that proves it as soon as the field loses the focus. From here on it counts.
    async fn prove(&mut self, password: &Value, seen: &Snapshot) -> Result<Step> {
        // The proof of the password needs the answer to the username.
        if self.progress.handshakes_before >= Some(seen.handshakes) {
            return Ok(Step::Waiting);
        }
        if seen.typed_password_length > 0 {
            return Ok(Step::Ended(
                Verdict::Stopped(StopReason::FormNotFilled),
                None,
            ));
        }
        self.begin_to_send(seen).await?;
        self.progress.form = FormProgress::Proving;
        self.progress.handshakes_before = Some(seen.handshakes);
        let keys = Zeroizing::new(format!("{}{}", self.task.password.expose(), Key::Tab));
        // Even if the typing fails, it is not typed again: the page may have sent it.
        fill(self.client, password, true, &keys).await?;
        Ok(Step::Done)
    }

    /// Records what the form is about to send, and does what must come before it.
    async fn begin_to_send(&mut self, seen: &Snapshot) -> Result<()> {
        // Otherwise an old error would count as an answer.
        if seen.error.is_some() {
            empty_errors(self.client, self.task.page).await?;
        }
        (self.recorder)(Sending::Credentials)?;
        if self.expects_push() {
            self.announce();
        }
        self.progress.source = self.task.code_from.map(CodeSource::before_asking);
        status("ibgw-login: logging in");
        Ok(())
    }

    async fn send(&mut self, button: &Value) -> Result<Step> {
        // Even if the click fails, it is not made again: the page may have got it.
        self.progress.form = FormProgress::Sent;
        press(self.client, button).await?;
        Ok(Step::Done)
    }

    fn expects_push(&self) -> bool {
        match &self.task.wanted {
            _ if self.task.mode == Mode::Paper => false,
            Some(wanted) => wanted.kind(false) == Some(FactorKind::Push),
            None => self.task.expects_push,
        }
    }

    async fn type_username(&mut self, username: &Value, seen: &Snapshot) -> Result<Step> {
        if let Some(end) = self.count_change() {
            return Ok(end);
        }
        let is_empty = seen.typed_username.is_empty();
        let mut keys = self.task.username.to_owned();
        if seen.is_eager {
            // The answer comes only when the field loses the focus.
            keys.push_str(&Key::Tab.to_string());
            self.progress.handshakes_before = Some(seen.handshakes);
        }
        Ok(fill(self.client, username, is_empty, &keys).await?.into())
    }

    fn has_username(&self, seen: &Snapshot) -> bool {
        // In an eager form only what this tool typed is sure to get an answer.
        let is_answered = !seen.is_eager || self.progress.handshakes_before.is_some();
        seen.typed_username == self.task.username && is_answered
    }

    fn password_length(&self) -> usize {
        self.task.password.expose().encode_utf16().count()
    }

    /// Sets the toggle if it is wrong; `None` when it is right.
    async fn set_mode(&mut self, seen: &Snapshot) -> Result<Option<Step>> {
        let wants_paper = self.task.mode == Mode::Paper;
        if seen.is_paper == Some(wants_paper) {
            return Ok(None);
        }
        // The label covers the checkbox, so the tool clicks the label, and by a script if that is covered too.
        let step = match (&seen.toggle_label, &seen.toggle) {
            _ if seen.is_paper.is_none() => self.wait_for_toggle(),
            (None, None) => self.wait_for_toggle(),
            (label, toggle) => match (self.count_change(), label, toggle) {
                (Some(end), ..) => end,
                (None, Some(label), _) => click(self.client, label).await?.into(),
                (None, None, Some(toggle)) => by_script(self.client, toggle).await?.into(),
                (None, None, None) => Step::Waiting,
            },
        };
        Ok(Some(step))
    }

    fn wait_for_toggle(&mut self) -> Step {
        let since = self
            .progress
            .without_toggle
            .get_or_insert_with(Instant::now);
        if since.elapsed() > TOGGLE {
            return Step::Ended(Verdict::Stopped(StopReason::NoToggle), None);
        }
        Step::Waiting
    }

    /// Counts a change to the form; the end of the login when there were too many.
    fn count_change(&mut self) -> Option<Step> {
        self.progress.changes += 1;
        // Otherwise the tool would type for ever into a page that changes what is typed.
        let is_too_often = self.progress.changes > CHANGES;
        is_too_often.then_some(Step::Ended(
            Verdict::Stopped(StopReason::FormNotFilled),
            None,
        ))
    }
}
