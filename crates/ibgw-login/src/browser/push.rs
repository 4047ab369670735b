//! A notification on the phone: announced, awaited, never sent again; and the challenge that may stand beside it.

use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::Verdict;
use crate::factor::FactorKind;
use crate::notice::spaced;
use crate::reason::StopReason;
use ib_cli::{Result, status};
use std::time::{Duration, Instant};

/// Between the page's questions whether a notification was approved.
const POLL: Duration = Duration::from_secs(3);

impl PageWalk<'_, '_> {
    /// Announces the notification, once.
    pub fn announce(&mut self) {
        if !self.progress.is_announced {
            self.progress.is_announced = true;
            self.task.announce(self.deadline);
        }
    }

    /// Waits for the tap on the phone; the page goes on by itself when it comes.
    pub async fn await_approval(&mut self, seen: &Snapshot) -> Result<Step> {
        self.ask_for_challenge(seen).await?;
        self.progress.kind = Some(FactorKind::Push);
        Ok(self.wait_for_tap())
    }

    /// Answers a challenge; a notification beside it may be approved meanwhile.
    pub async fn answer(&mut self, seen: &Snapshot) -> Result<Step> {
        let is_pushed = self.progress.push == Some(true);
        if self.task.code_from.is_none() {
            return match is_pushed {
                true => self.await_approval(seen).await,
                false => Step::stop(StopReason::ChallengeWanted, &seen.text),
            };
        }
        let Some(challenge) = digits(seen.challenge.as_deref()) else {
            return Ok(Step::Waiting);
        };
        self.progress.kind = Some(FactorKind::Challenge);
        self.show(&challenge);
        let step = self
            .give_code_of_source(seen, &format!("the answer to {challenge}"))
            .await?;
        match step {
            Step::Awaiting if is_pushed => Ok(self.wait_for_tap()),
            step => Ok(step),
        }
    }

    /// Shows a challenge to whoever is to answer it, once.
    pub fn show(&mut self, challenge: &str) {
        if self.progress.challenge.as_deref() != Some(challenge) {
            self.progress.challenge = Some(challenge.to_owned());
            self.progress.shown = self.task.show(challenge);
            // It has a time of its own.
            self.progress.waiting = Some(Instant::now());
        }
    }

    fn wait_for_tap(&mut self) -> Step {
        let since = *self.progress.waiting.get_or_insert_with(Instant::now);
        let waited = since.elapsed();
        // The page sees a tap up to a poll later.
        if waited >= self.task.push_wait.saturating_add(POLL) {
            return Step::Ended(Verdict::Stopped(StopReason::SecondFactorExpired), None);
        }
        let left = self.task.push_wait.saturating_sub(waited);
        let or_answer = match (&self.progress.challenge, self.task.code_from) {
            (Some(challenge), Some(place)) => {
                format!(", or for the answer to {challenge} from {place}")
            }
            _ => String::new(),
        };
        let what = "waiting for the notification on the phone to be approved";
        self.show_seconds(&format!("{what}{or_answer}, time left:"), left.as_secs());
        Step::Awaiting
    }

    /// Tells a person at the terminal how many seconds there are, each second.
    pub fn show_seconds(&mut self, what: &str, seconds: u64) {
        if self.progress.seconds_shown.replace(seconds) != Some(seconds) {
            status(&format!("ibgw-login: {what} {seconds} s"));
        }
    }
}

/// The digits of a challenge, or of the numbers on a card, as a person reads them; `None` when none are shown.
pub fn digits(words: Option<&str>) -> Option<String> {
    let words = words?;
    // "Challenge: 111 222"
    let start = words.find(|letter: char| letter.is_ascii_digit())?;
    let is_part = |letter: &char| letter.is_ascii_digit() || letter.is_whitespace();
    let part: String = words[start..].chars().take_while(is_part).collect();
    Some(spaced(&part))
}
