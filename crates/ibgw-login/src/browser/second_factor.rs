//! The second factor on the page: the device chosen, the code given.

use super::actions::{broken, by_script, click, element, fill};
use super::page::CodeField;
use super::push::digits;
use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::code_source::{CodeSource, PendingCode};
use crate::factor::{self, FactorKind};
use crate::reason::StopReason;
use crate::task::Sending;
use fantoccini::key::Key;
use ib_cli::{Result, SecretText, status, warn};
use ib_guard::limits::CODES_PER_LOGIN;
use std::time::SystemTime;
use zeroize::Zeroizing;

impl PageWalk<'_, '_> {
    /// Chooses the device, if the run can satisfy it: the choice is what sends a notification.
    pub(crate) async fn choose(&mut self, seen: &Snapshot) -> Result<Step> {
        let Some(chooser) = seen.chooser.as_ref().filter(|_| !self.progress.has_chosen) else {
            return Ok(Step::Waiting);
        };
        let wanted = self.task.wanted.as_ref();
        let means = self.task.means_on_the_page();
        let (device, kind) = match factor::choose(wanted, means, &seen.devices) {
            Ok(chosen) => chosen,
            Err(reason) => return Step::stop(reason, factor::shown(&seen.devices)),
        };
        if device.may_notify() {
            (self.recorder)(Sending::Push)?;
            self.progress.push = Some(true);
            self.announce();
        }
        self.progress.source = self.task.code_from.map(CodeSource::before_asking);
        self.progress.kind = Some(kind);
        self.progress.has_chosen = true;
        let chooser = element(self.client, chooser)?;
        let chosen = chooser.select_by_value(&device.code).await;
        chosen.map_err(broken)?;
        Ok(Step::Done)
    }

    /// Has IBKR send the code as a text message.
    pub(crate) async fn have_it_sent(&mut self, seen: &Snapshot) -> Result<Step> {
        let Some(from) = self.task.code_from else {
            return Step::stop(StopReason::OtherCodeWanted, &seen.text);
        };
        let Some(button) = seen.delivery_by_text.as_ref() else {
            return Ok(Step::Waiting);
        };
        if self.progress.has_chosen_delivery {
            return Ok(Step::Waiting);
        }
        self.progress.has_chosen_delivery = true;
        self.progress.source = Some(CodeSource::before_asking(from));
        Ok(click(self.client, button).await?.into())
    }

    /// Gives a code, but not before IBKR has answered the last one.
    pub(crate) async fn give_code(&mut self, asked: CodeField, seen: &Snapshot) -> Result<Step> {
        if self.progress.awaits_verdict || self.progress.codes_sent >= CODES_PER_LOGIN {
            return Ok(Step::Waiting);
        }
        let kind = self.kind(asked);
        self.progress.kind = Some(kind);
        if kind == FactorKind::App {
            return self.give_code_of_app(seen).await;
        }
        if self.task.code_from.is_none() {
            return Step::stop(StopReason::OtherCodeWanted, &seen.text);
        }
        // The numbers of a card that the page asks for.
        let shown = seen.challenge.as_deref().or(seen.card.as_deref());
        if let Some(numbers) = digits(shown).filter(|_| asked == CodeField::Card) {
            self.show(&numbers);
        }
        self.give_code_of_source(seen, "the code").await
    }

    /// Which code it is: the one that was chosen, else the one that the page names, else the one that the run can give.
    fn kind(&self, asked: CodeField) -> FactorKind {
        let wanted = self.task.wanted.as_ref();
        let wanted = wanted.and_then(|wanted| wanted.kind(self.task.code_from.is_some()));
        let is_code = |kind: &FactorKind| {
            matches!(kind, FactorKind::App | FactorKind::Sms | FactorKind::Card)
        };
        match (asked, self.progress.kind.or(wanted).filter(is_code)) {
            (CodeField::App, _) => FactorKind::App,
            (CodeField::TextMessage, _) => FactorKind::Sms,
            (CodeField::Card | CodeField::Temporary, _) => FactorKind::Card,
            (CodeField::AppOrTextMessage, Some(kind)) => kind,
            (CodeField::AppOrTextMessage, None) if self.progress.has_chosen_delivery => {
                FactorKind::Sms
            }
            (CodeField::AppOrTextMessage, None) if self.task.authenticator.is_some() => {
                FactorKind::App
            }
            (CodeField::AppOrTextMessage, None) => FactorKind::Sms,
        }
    }

    /// Gives a code of the authenticator app, each from its own 30-second window.
    async fn give_code_of_app(&mut self, seen: &Snapshot) -> Result<Step> {
        let Some(authenticator) = &self.task.authenticator else {
            return Step::stop(StopReason::NoSeed, &seen.text);
        };
        match authenticator.code(SystemTime::now(), &self.progress.windows_used) {
            Err(wait) => {
                self.show_seconds("the next code comes in", wait.as_secs() + 1);
                Ok(Step::Awaiting)
            }
            Ok(code) => {
                (self.recorder)(Sending::Code(code.window))?;
                self.progress.windows_used.push(code.window);
                self.type_code(seen, code.digits.expose()).await
            }
        }
    }

    /// Gives the code or the answer of `--code-from`, once.
    pub(crate) async fn give_code_of_source(
        &mut self,
        seen: &Snapshot,
        what: &str,
    ) -> Result<Step> {
        if self.progress.awaits_verdict || self.progress.codes_sent > 0 {
            return Ok(Step::Waiting);
        }
        if let Some(source) = self.progress.source.take() {
            let place = source.place();
            status(&format!("ibgw-login: waiting for {what} from {place}"));
            self.progress.pending_code = Some(PendingCode::begin(source, self.deadline));
        }
        let came = self
            .progress
            .pending_code
            .as_ref()
            .and_then(PendingCode::now);
        match came {
            None => Ok(Step::Awaiting),
            Some(Ok(code)) => self.type_code(seen, code.expose()).await,
            // A person may still approve the notification.
            Some(Err(error)) if self.progress.push == Some(true) => {
                warn("no_answer", &error.to_string());
                Ok(Step::Awaiting)
            }
            Some(Err(error)) => Err(error),
        }
    }

    async fn type_code(&mut self, seen: &Snapshot, digits: &str) -> Result<Step> {
        let Some(field) = &seen.code else {
            return Ok(Step::Waiting);
        };
        // Return is one of two ways to send it. IBKR refuses a code that is sent by both.
        let keys = Zeroizing::new(format!("{digits}{}", Key::Return));
        self.progress.digits = SecretText::new(digits);
        // It counts even if the typing fails: it may have been sent.
        self.progress.codes_sent += 1;
        self.progress.awaits_verdict = true;
        self.progress.shown = None;
        fill(self.client, field, false, &keys).await?;
        Ok(Step::Done)
    }

    /// Asks for the challenge in place of the notification, once.
    pub(crate) async fn ask_for_challenge(&mut self, seen: &Snapshot) -> Result<()> {
        let wants_it = self.progress.kind == Some(FactorKind::Challenge)
            || self.task.wanted == Some(factor::WantedFactor::Kind(FactorKind::Challenge));
        if let Some(link) = &seen.show_challenge
            && wants_it
            && self.task.code_from.is_some()
            && !self.progress.has_asked_for_challenge
        {
            self.progress.has_asked_for_challenge = true;
            by_script(self.client, link).await?;
        }
        Ok(())
    }
}
