//! The second factor: chosen, asked for, given.

use super::answer::{self, ProofAnswer};
use super::exchange::SrpExchange;
use super::fields::Fields;
use super::{DirectEnd, DirectLogin, DirectResult, not_understood};
use crate::code_source::CodeSource;
use crate::ending::Verdict;
use crate::factor::{self, FactorKind, OfferedDevice};
use crate::notice::spaced;
use crate::reason::{Refusal, StopReason};
use crate::task::{Recorder, Sending};
use ib_cli::{Error, Exit, SecretText, status};
use ib_guard::limits::CODES_PER_LOGIN;
use std::time::{Duration, SystemTime};

/// The pause between two questions whether the notification was approved, as the page has it.
const POLL: Duration = Duration::from_secs(3);

/// A second factor that IBKR began.
struct BegunFactor<'a> {
    code: &'a str,
    kind: FactorKind,
    /// The challenge to answer; `None` when there is none.
    challenge: Option<String>,
}

impl DirectLogin<'_> {
    /// Satisfies one of the second factors, if IBKR wants one; the code that it gave.
    pub(super) fn satisfy(
        &mut self,
        factors: &[String],
        exchange: &SrpExchange,
        recorder: &mut Recorder<'_>,
    ) -> DirectResult<SecretText> {
        if factors.is_empty() {
            return Ok(SecretText::default());
        }
        let offered: Vec<_> = factors
            .iter()
            .map(|code| OfferedDevice::known(code))
            .collect();
        let wanted = self.task.wanted.as_ref();
        let chosen = factor::choose(wanted, self.task.means(), &offered);
        let (device, kind) =
            chosen.map_err(|reason| DirectEnd::stopped(reason, Some(factor::shown(&offered))))?;
        let source = self.task.code_from.map(CodeSource::before_asking);
        if device.may_notify() {
            recorder(Sending::Push)?;
            self.has_pushed = true;
            self.task.announce(self.deadline);
        }
        let begun = self.begin(exchange, &device.code, kind)?;
        // IBKR may begin another kind than was chosen.
        self.used = Some(begun.kind);
        match begun.kind {
            FactorKind::App => self.give_codes(&begun, recorder),
            FactorKind::Push => self.await_approval(&begun).map(|()| SecretText::default()),
            FactorKind::Sms | FactorKind::Card | FactorKind::Challenge => match source {
                Some(source) => self.give_one(&begun, &source),
                None => Err(DirectEnd::stopped(StopReason::ChallengeWanted, None)),
            },
        }
    }

    /// Chooses the device, upon which IBKR sends a text message or a notification.
    fn begin<'a>(
        &self,
        exchange: &SrpExchange,
        code: &'a str,
        kind: FactorKind,
    ) -> DirectResult<BegunFactor<'a>> {
        let m1 = exchange.m1();
        let form = self.head.choose(&m1, code);
        let answer = self.ask(&form)?;
        if let Some(text) = answer::error(&answer) {
            return Err(self.error_end(text));
        }
        let Some(begun) = answer.kind() else {
            return Err(not_understood(&form, "no kind of second factor"));
        };
        let challenge = answer.get("challenge").map(spaced);
        let kind = match (begun, kind) {
            // IB Key offers a challenge beside its notification.
            ("SWTK" | "SWCR" | "IBTK", FactorKind::Push) => FactorKind::Push,
            // Or sends a notification although the challenge was wanted: it is on the phone, and may be approved.
            ("PUSH", FactorKind::Push | FactorKind::Challenge) => FactorKind::Push,
            ("SWTK" | "IBTK", FactorKind::Challenge) => FactorKind::Card,
            ("SWTK" | "IBTK", kind) => kind,
            ("SWCR", _) if challenge.is_some() => FactorKind::Challenge,
            ("SWCR", _) => return Err(not_understood(&form, "a challenge without digits")),
            (other, _) => return Err(DirectEnd::stopped(factor::unknown(other), None)),
        };
        Ok(BegunFactor {
            code,
            kind,
            challenge: challenge.filter(|_| kind == FactorKind::Challenge),
        })
    }

    /// Gives codes of the authenticator app: at most two, each from its own 30-second window.
    fn give_codes(
        &mut self,
        begun: &BegunFactor,
        recorder: &mut Recorder<'_>,
    ) -> DirectResult<SecretText> {
        let Some(authenticator) = &self.task.authenticator else {
            return Err(DirectEnd::stopped(StopReason::NoSeed, None));
        };
        let mut used = self.task.code_windows.clone();
        let mut refused = None;
        for _ in 0..CODES_PER_LOGIN {
            let code = loop {
                match authenticator.code(SystemTime::now(), &used) {
                    Ok(code) => break code,
                    Err(wait) => {
                        let seconds = wait.as_secs() + 1;
                        status(&format!("ibgw-login: the next code comes in {seconds} s"));
                        if !self.deadline.pause(wait) {
                            // That the first was refused is known, whatever became of the second.
                            return Err(refused.unwrap_or_else(|| time_is_up("the next code")));
                        }
                    }
                }
            };
            recorder(Sending::Code(code.window))?;
            used.push(code.window);
            self.code.clone_from(&code.digits);
            match self.send_code(&self.head.respond(code.digits.expose(), begun.code))? {
                CodeVerdict::Right => return Ok(code.digits),
                CodeVerdict::Wrong(text) => {
                    refused = Some(DirectEnd::refused(Refusal::WrongCode, text))
                }
                CodeVerdict::Other(end) => return Err(end),
            }
        }
        Err(refused.unwrap_or_else(|| DirectEnd::refused(Refusal::WrongCode, None)))
    }

    /// Gives the code or the answer of `--code-from`, once.
    fn give_one(&mut self, begun: &BegunFactor, source: &CodeSource) -> DirectResult<SecretText> {
        let challenge = begun.challenge.as_deref();
        let what = match challenge {
            Some(digits) => format!("the answer to {digits}"),
            None => "the code".to_owned(),
        };
        let place = source.place();
        status(&format!("ibgw-login: waiting for {what} from {place}"));
        let _shown = challenge.and_then(|digits| self.task.show(digits));
        let code = source.code(self.deadline).map_err(without_code)?;
        self.code.clone_from(&code);
        match self.send_code(&self.head.respond(code.expose(), begun.code))? {
            CodeVerdict::Right => Ok(code),
            CodeVerdict::Wrong(text) => Err(DirectEnd::refused(Refusal::WrongCode, text)),
            CodeVerdict::Other(end) => Err(end),
        }
    }

    /// Waits until the notification is approved.
    fn await_approval(&self, begun: &BegunFactor) -> DirectResult<()> {
        status("ibgw-login: waiting for the notification on the phone to be approved");
        let wait = self.deadline.or_after(self.task.push_wait);
        let mut is_over = false;
        for counter in 1_u32.. {
            let counter = counter.to_string();
            // An answer that does not come may lengthen the wait by one pause.
            let patience = self.deadline.or_after(wait.remaining().max(POLL));
            let poll = self.head.poll(&counter, begun.code);
            let answer = self.ask_within(&poll, patience)?;
            if let Some(text) = answer::error(&answer) {
                return Err(self.error_end(text));
            }
            if is_right(&answer) {
                return Ok(());
            }
            if is_over {
                break;
            }
            // One more question at its end: the tap may have come in the last pause.
            is_over = !wait.pause(POLL);
            if self.deadline.has_passed() {
                break;
            }
        }
        Err(DirectEnd::stopped(StopReason::SecondFactorExpired, None))
    }

    /// Sends a code and reads what IBKR says about it.
    fn send_code(&self, form: &super::FormFields<'_>) -> DirectResult<CodeVerdict> {
        let answer = self.ask(form)?;
        let proved = ProofAnswer::read(&answer).map_err(|why| not_understood(form, &why))?;
        let text = answer::error(&answer);
        if proved.is_locked {
            return Ok(CodeVerdict::Other(DirectEnd::refused(
                Refusal::Locked,
                text,
            )));
        }
        if is_right(&answer) {
            return Ok(CodeVerdict::Right);
        }
        match text {
            None if answer.get("auth_res").is_none() => {
                Err(not_understood(form, "neither yes nor no"))
            }
            None => Ok(CodeVerdict::Wrong(None)),
            Some(text) => Ok(match self.refusal(&text) {
                // IBKR shows either error for a wrong code.
                Refusal::WrongCode | Refusal::WrongCredentials => CodeVerdict::Wrong(Some(text)),
                // Another code might be one too many.
                Refusal::Locked
                | Refusal::PaperNeeded
                | Refusal::LiveNeeded
                | Refusal::UnknownError
                | Refusal::ServerUnproven
                | Refusal::PushDenied
                | Refusal::Blocked => CodeVerdict::Other(self.error_end(text)),
            }),
        }
    }
}

/// A code that does not come in time is a second factor that was not given.
fn without_code(error: Error) -> DirectEnd {
    if error.exit == Exit::TimedOut {
        DirectEnd::Verdict(Verdict::Expired(error), None)
    } else {
        DirectEnd::Failed(error)
    }
}

fn time_is_up(waiting: &str) -> DirectEnd {
    let message = format!("waiting for {waiting}: the time is up");
    DirectEnd::Failed(Error::new(Exit::TimedOut, message))
}

/// What IBKR says about a code.
enum CodeVerdict {
    Right,
    Wrong(Option<String>),
    Other(DirectEnd),
}

fn is_right(answer: &Fields) -> bool {
    answer.get("auth_res") == Some("true")
}
