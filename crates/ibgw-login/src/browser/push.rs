//! A notification on the phone: announced, awaited, never sent again. And the challenge that may stand beside it.

use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::Verdict;
use crate::factor::FactorKind;
use crate::notice::spaced;
use crate::reason::StopReason;
use ib_cli::{Result, status};
use std::time::{Duration, Instant};

/// The pause between the page's questions whether the notification was approved.
const POLL: Duration = Duration::from_secs(3);

impl PageWalk<'_, '_> {
    /// Announces the notification, once.
    pub(crate) fn announce(&mut self) {
        if !self.progress.is_announced {
            self.progress.is_announced = true;
            self.task.announce(self.deadline);
        }
    }

    /// Waits until the notification is approved: then the page goes on without our help.
    pub(crate) async fn await_approval(&mut self, seen: &Snapshot) -> Result<Step> {
        self.ask_for_challenge(seen).await?;
        self.progress.kind = Some(FactorKind::Push);
        Ok(self.wait_for_tap())
    }

    /// Answers a challenge. A notification beside it may be approved meanwhile.
    pub(crate) async fn answer(&mut self, seen: &Snapshot) -> Result<Step> {
        let is_pushed = self.progress.push == Some(true);
        if self.task.code_from.is_none() {
            if is_pushed {
                return self.await_approval(seen).await;
            }
            return Step::stop(StopReason::ChallengeWanted, &seen.text);
        }
        let Some(challenge) = digits(seen.challenge.as_deref()) else {
            return Ok(Step::Waiting);
        };
        self.progress.kind = Some(FactorKind::Challenge);
        self.show(&challenge);
        let step = self
            .give_code_of_source(seen, &format!("the answer to {challenge}"))
            .await?;
        if is_pushed && matches!(step, Step::Awaiting) {
            return Ok(self.wait_for_tap());
        }
        Ok(step)
    }

    /// Shows a challenge to the person who answers it, once.
    pub(crate) fn show(&mut self, challenge: &str) {
        if self.progress.challenge.as_deref() != Some(challenge) {
            self.progress.challenge = Some(challenge.to_owned());
            self.progress.shown = self.task.show(challenge);
            // The answer has its own time.
            self.progress.waiting = Some(Instant::now());
        }
    }

    fn wait_for_tap(&mut self) -> Step {
        let since = *self.progress.waiting.get_or_insert_with(Instant::now);
        let waited = since.elapsed();
        // The page notices a tap up to one poll later.
        if waited >= self.task.push_wait.saturating_add(POLL) {
            return Step::Ended(Verdict::Stopped(StopReason::SecondFactorExpired), None);
        }
        let left = self.task.push_wait.saturating_sub(waited);
        let mut or_answer = String::new();
        if let (Some(challenge), Some(place)) = (&self.progress.challenge, self.task.code_from) {
            or_answer = format!(", or for the answer to {challenge} from {place}");
        }
        let what = "waiting for the notification on the phone to be approved";
        self.show_seconds(&format!("{what}{or_answer}, time left:"), left.as_secs());
        Step::Awaiting
    }

    /// Shows the seconds that are left at the terminal, each second.
    pub(crate) fn show_seconds(&mut self, what: &str, seconds: u64) {
        if self.progress.seconds_shown.replace(seconds) != Some(seconds) {
            status(&format!("ibgw-login: {what} {seconds} s"));
        }
    }
}

/// The digits of a challenge, or the numbers on a card, as a person reads them; `None` when there are none.
pub(crate) fn digits(words: Option<&str>) -> Option<String> {
    let words = words?;
    // "Challenge: 111 222"
    let start = words.find(|letter: char| letter.is_ascii_digit())?;
    let is_part = |letter: &char| letter.is_ascii_digit() || letter.is_whitespace();
    let part: String = words[start..].chars().take_while(is_part).collect();
    Some(spaced(&part))
}
