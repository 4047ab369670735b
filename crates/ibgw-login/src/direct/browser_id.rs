//! The page's `SBID`, by which IBKR knows a browser for ten years. It gives no access.
//!
//! A login that always looks like a new browser may be asked for a code by email (bogdanripa/ibkr-gateway).

use super::hex;
use getrandom::fill;
use ib_cli::{Error, Exit, Result, StateDir};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// How many of its characters hold the time of its end: milliseconds since 1970 to the base of 36, until the year 2059.
const END: usize = 8;

/// The id of a username: the one in the state directory, else a new one that the tool keeps there.
///
/// # Errors
/// `Held` when the tool cannot keep it: it could not record the login either.
pub(crate) fn of(state: &StateDir, username: &str, now: SystemTime) -> Result<String> {
    let name = hex::digits(&Sha256::digest(username.as_bytes()));
    let file = format!("browser-id/{name}");
    let kept = state
        .read(&file)
        .map_err(held)?
        .and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(id) = kept.filter(|id| is_valid(id, now)) {
        return Ok(id);
    }
    let mut random = [0; 8];
    fill(&mut random)
        .map_err(|_| Error::new(Exit::Unexpected, "the system gives no random numbers"))?;
    let begin = base_36(u64::from_be_bytes(random));
    let id = format!("{begin}{:0>END$}", base_36(milliseconds(now + TEN_YEARS)));
    state.create("browser-id").map_err(held)?;
    state.write(&file, id.as_bytes()).map_err(held)?;
    Ok(id)
}

fn held(error: Error) -> Error {
    let hint = "nothing was sent, because what cannot be recorded is not sent";
    Error::from_source(Exit::Held, error.source.context(hint))
}

fn is_valid(id: &str, now: SystemTime) -> bool {
    let is_one =
        (END + 1..=40).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric());
    let end = is_one.then(|| u64::from_str_radix(&id[id.len() - END..], 36).ok());
    end.flatten().is_some_and(|end| end > milliseconds(now))
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn base_36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_after_ten_years_and_not_before() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let id = format!("abc{:0>8}", base_36(milliseconds(now + TEN_YEARS)));
        assert!(is_valid(&id, now));
        assert!(!is_valid(&id, now + TEN_YEARS));
        for bad in [
            "",
            "abc",
            "../../etc/passwd",
            "a;b=c; Path=/",
            "ÄÖÜÄÖÜÄÖÜÄÖÜ",
        ] {
            assert!(!is_valid(bad, now), "{bad}");
        }
    }
}
