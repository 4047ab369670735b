//! Ask the token host, and ask again where that may help.

use crate::retry::Tries;
use ib_cli::{Result, log, status, warn};
use ib_pgp::Payload;
use ib_proc::Deadline;
use ib_webapi::{TokenAnswer, TokenHost};

/// How many seconds this clock may be off before the tool warns: the signature carries its time.
const SKEW: u64 = 60;

/// Asks until there is an answer, or until another attempt cannot help. Each attempt is signed and sealed anew.
///
/// # Errors
/// Those of `seal`. An answer of any kind is not an error.
pub(crate) fn ask(
    host: &TokenHost,
    csid: &str,
    seal: impl Fn() -> Result<Payload>,
    deadline: Deadline,
) -> Result<TokenAnswer> {
    let mut tries = Tries::default();
    loop {
        let payload = seal()?;
        let payload = payload.base64().text("the payload")?;
        status(&format!("asking {} for a token", host.url()));
        let share = tries.share(deadline.remaining());
        let answer = host.ask(csid, payload, deadline.or_after(share))?;
        let Some(wait) = tries.next(answer.retry, deadline.remaining()) else {
            warn_of_skew(&answer);
            return Ok(answer);
        };
        let wait_ms = wait.as_millis();
        log(
            "info",
            "again",
            &format!("{}; again in {wait_ms} ms", answer.cause),
        );
        deadline.pause(wait);
    }
}

fn warn_of_skew(answer: &TokenAnswer) {
    if let Some(skew) = answer.clock_skew
        && skew.unsigned_abs() > SKEW
    {
        let which = if skew > 0 { "ahead of" } else { "behind" };
        let seconds = skew.unsigned_abs();
        warn(
            "clock_skew",
            &format!("this clock is {seconds} s {which} the token host's, and signatures carry it"),
        );
    }
}
