//! The validation, by IBKR or by its stored answer of the last minute.

use crate::args::BodyFormat;
use crate::pace::{PaceDecision, decide, is_known};
use crate::report::{Findings, ValidateReport};
use crate::stored_penalty::StoredPenalty;
use crate::token_lock::TokenLock;
use ib_cli::{Answer, Exit, Result, StateArgs, warn};
use ib_proc::Deadline;
use ib_webapi::{Api, Denial, Reply, SsoState, TokenOutcome, TokenValidation};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// How many seconds two clocks that are set may differ.
const CLOCKS_AGREE: i64 = 60;

/// The outcome of a validation.
pub(crate) struct Validated {
    validation: TokenValidation,
    /// IBKR's answer; `None` when there is none that can be read.
    reply: Option<Reply>,
    /// How old the answer is.
    age: Duration,
    /// The lock on the token, to be kept during further calls; `None` when this run does not hold it.
    pub(crate) lock: Option<TokenLock>,
}

/// Validates the token, once IBKR may be asked again, or takes the stored answer.
///
/// # Errors
/// `Config` when the state directory cannot be used.
pub(crate) fn validate(
    api: &Api,
    state: &StateArgs,
    penalty: &StoredPenalty,
    deadline: Deadline,
) -> Result<Validated> {
    loop {
        let mut lock = match TokenLock::take(state, api, deadline) {
            Ok(lock) => lock,
            Err(error) if error.exit == Exit::TimedOut => {
                let outcome = TokenOutcome::new(SsoState::TimedOut, error.to_string());
                return Ok(Validated::unanswered(outcome));
            }
            Err(error) => return Err(error),
        };
        // Another run may have stored a penalty while this one waited.
        if let Some(outcome) = penalty.in_force()? {
            return Ok(Validated::unanswered(outcome));
        }
        let now = SystemTime::now();
        let last = lock.record.as_ref().map(|record| {
            let meaning = |reply| api.meaning(reply, record.asked_at());
            (record.asked_at(), record.reply.as_ref().map(meaning))
        });
        let Some((asked_at, last)) = last else {
            return ask(api, lock, deadline);
        };
        match decide(asked_at, last.as_ref(), now) {
            PaceDecision::Ask => return ask(api, lock, deadline),
            PaceDecision::Take(at) => {
                let reply = lock.record.take().and_then(|record| record.reply);
                let (Some(validation), Some(reply)) = (last, reply) else {
                    return ask(api, lock, deadline);
                };
                let age = now.duration_since(at).unwrap_or_default();
                return Ok(Validated::stored(validation, reply, age, lock));
            }
            PaceDecision::Wait(rest) if rest < deadline.remaining() => {
                ib_cli::status(&format!(
                    "waiting {}s: IBKR takes one sso/validate a minute",
                    rest.as_secs()
                ));
                // Other tokens share the lock. The stored answer is read again after the pause.
                drop(lock);
                deadline.pause(rest);
            }
            PaceDecision::Wait(rest) => return Ok(Validated::held(rest)),
        }
    }
}

fn ask(api: &Api, lock: TokenLock, deadline: Deadline) -> Result<Validated> {
    lock.store(SystemTime::now(), None)?;
    let answered = api.validate(deadline);
    let now = SystemTime::now();
    match answered {
        Ok(reply) => {
            let validation = api.meaning(&reply, now);
            note(lock.store(now, Some(&reply).filter(|_| is_known(&validation))));
            Ok(Validated {
                validation,
                reply: Some(reply),
                age: Duration::ZERO,
                lock: Some(lock),
            })
        }
        Err(unanswered) if unanswered.may_have_been_sent => {
            note(lock.store(now, None));
            let wait = Some(ib_webapi::VALIDATE_PACE);
            Ok(Validated::unanswered(unanswered.outcome.after(wait)))
        }
        Err(unanswered) => {
            note(lock.put_back());
            Ok(Validated::unanswered(unanswered.outcome))
        }
    }
}

/// Warns when an answer cannot be stored. The answer counts all the same, and the call itself was stored before.
fn note(stored: Result<()>) {
    if let Err(error) = stored {
        warn("state_not_written", &error.to_string());
    }
}

impl Validated {
    fn unanswered(outcome: TokenOutcome) -> Self {
        Self {
            validation: TokenValidation {
                outcome,
                about: None,
            },
            reply: None,
            age: Duration::ZERO,
            lock: None,
        }
    }

    fn held(rest: Duration) -> Self {
        let cause = "the token may have been sent to sso/validate within the last minute, no answer is known that still \
                     holds, and IBKR takes one such call a minute (give a longer --timeout, or try later)";
        let outcome = TokenOutcome::new(SsoState::TimedOut, cause).after(Some(rest));
        Self::unanswered(outcome)
    }

    /// An answer that was stored.
    fn stored(
        mut validation: TokenValidation,
        reply: Reply,
        age: Duration,
        lock: TokenLock,
    ) -> Self {
        let seconds = age.as_secs();
        warn(
            "answered_from_state",
            &format!("IBKR takes one sso/validate a minute: this is what it said {seconds}s ago"),
        );
        let cause = &mut validation.outcome.cause;
        *cause = format!("{cause} (from the state directory, {seconds}s ago)");
        let wait = validation
            .outcome
            .retry_after
            .map(|wait| wait.saturating_sub(age));
        validation.outcome.retry_after = wait;
        Self {
            validation,
            reply: Some(reply),
            age,
            lock: Some(lock),
        }
    }

    /// IBKR's own body, when the command line asks for it and it says whether the token is valid.
    pub(crate) fn upstream(&self, body: Option<BodyFormat>) -> Option<Answer<ValidateReport>> {
        let reply = self.reply.as_ref()?;
        let line = match body? {
            BodyFormat::Redacted => reply.body(self.age),
            BodyFormat::Whole => reply.whole_body().or_else(|| reply.body(self.age)),
        };
        match self.validation.outcome {
            TokenOutcome {
                state: SsoState::Valid,
                ..
            } => line.map(Answer::raw),
            TokenOutcome {
                denial: Some(Denial::ResultFalse),
                ..
            } => line.map(Answer::raw_no),
            _ => None,
        }
    }

    /// The findings of this validation; `issued_for` is the address that the token was issued for.
    pub(crate) fn found(self, issued_for: Option<&str>) -> Findings {
        self.warn(issued_for);
        Findings {
            token_changed: self.reply.as_ref().and_then(Reply::token_changed),
            outcome: self.validation.outcome,
            about: self.validation.about,
            brokerage: None,
            is_validation: true,
        }
    }

    fn warn(&self, issued_for: Option<&str>) {
        let about = self.validation.about.as_ref();
        let bound_to = about.and_then(|about| about.ip.as_deref());
        if let (Some(issued_for), Some(bound_to)) = (issued_for, bound_to)
            && !is_same_address(issued_for, bound_to)
        {
            warn(
                "ip_differs",
                &format!("the token was issued for {issued_for}, and IBKR says {bound_to}"),
            );
        }
        let Some(reply) = &self.reply else { return };
        let skew = reply.clock_skew().unwrap_or_default();
        if skew.abs() > CLOCKS_AGREE {
            let seconds = skew.abs();
            let side = if skew > 0 { "ahead of" } else { "behind" };
            warn(
                "clock_skew",
                &format!(
                    "this machine's clock is {seconds}s {side} IBKR's, and times and waits are counted by it (set it)"
                ),
            );
        }
        if reply.token_changed() == Some(true) {
            warn(
                "token_changed",
                "IBKR sent another token along; whether it is to be used is not documented (--format upstream --show prints it)",
            );
        }
    }
}

fn is_same_address(one: &str, other: &str) -> bool {
    match (one.parse::<IpAddr>(), other.parse::<IpAddr>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
