//! Codes of the authenticator app (RFC 6238: SHA-1, 30 seconds, 6 digits, as IBKR's are).

use ib_cli::{Error, Exit, Result, SecretText};
use std::time::{Duration, SystemTime};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// What must be left of a code's window for the code to be sent: 5 s are too few (Voyz/ibeam#279).
const LEAST_LEFT: Duration = Duration::from_secs(8);

/// How long a code is valid.
const WINDOW: u64 = 30;

/// An authenticator app.
pub(crate) struct Authenticator(Totp);

/// One code and the window it belongs to.
pub(crate) struct OneTimeCode {
    /// Six digits.
    pub digits: SecretText,
    /// Which 30 seconds since 1970.
    pub window: u64,
}

impl Authenticator {
    /// The app for a seed: blanks, lower case and missing padding are fine.
    ///
    /// # Errors
    /// `Config` when it is not base32.
    pub(crate) fn new(seed: &str) -> Result<Self> {
        let clean: Zeroizing<String> = Zeroizing::new(
            seed.chars()
                .filter(|c| !c.is_whitespace() && *c != '=')
                .collect(),
        );
        let bad = || {
            Error::new(
                Exit::Config,
                "the record's totp_seed is not base32 (ibgw-secret prints a record with a plain seed, also from an otpauth address)",
            )
        };
        let clean = Zeroizing::new(clean.to_uppercase());
        let secret = Secret::try_from_base32(&*clean).map_err(|_| bad())?;
        // IBKR's seeds are shorter than the 128 bits that the RFC asks for, so they are not checked for that.
        Ok(Self(
            Builder::new()
                .with_secret(secret)
                .with_skew(0)
                .build_noncompliant(),
        ))
    }

    /// The code to send at this moment, or how long to wait for one that may be sent.
    ///
    /// # Errors
    /// The time to wait: this window is nearly over, or it is among those `used` already.
    pub(crate) fn code(
        &self,
        now: SystemTime,
        used: &[u64],
    ) -> std::result::Result<OneTimeCode, Duration> {
        let since = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let window = since.as_secs() / WINDOW;
        let left = Duration::from_secs((window + 1) * WINDOW).saturating_sub(since);
        if left < LEAST_LEFT || used.contains(&window) {
            return Err(left);
        }
        let digits = SecretText::new(self.0.generate(since.as_secs()).to_string());
        Ok(OneTimeCode { digits, window })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn app(seed: &str) -> Authenticator {
        Authenticator::new(seed).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn gives_the_codes_of_rfc_6238() {
        // Those vectors of its appendix B that fall early enough into their windows.
        for (time, digits) in [
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let code = app(SEED)
                .code(at(time), &[])
                .unwrap_or_else(|wait| panic!("wait {wait:?}"));
            assert_eq!(code.digits.expose(), digits);
        }
    }

    #[test]
    fn waits_for_the_next_window_with_less_than_eight_seconds_left() {
        assert_eq!(
            app(SEED).code(at(59), &[]).err(),
            Some(Duration::from_secs(1))
        );
        assert_eq!(
            app(SEED).code(at(53), &[]).err(),
            Some(Duration::from_secs(7))
        );
        assert!(app(SEED).code(at(52), &[]).is_ok());
    }

    #[test]
    fn never_gives_two_codes_of_one_window() {
        assert_eq!(
            app(SEED).code(at(60), &[2, 1]).err(),
            Some(Duration::from_secs(30))
        );
        assert!(app(SEED).code(at(60), &[1]).is_ok());
    }

    #[test]
    fn takes_seeds_as_people_copy_them() {
        let first_code = |seed: &str| {
            let code = app(seed).code(at(0), &[]);
            code.unwrap_or_else(|wait| panic!("wait {wait:?}")).digits
        };
        let copied = first_code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq");
        assert_eq!(copied.expose(), first_code(SEED).expose());
    }

    #[test]
    fn refuses_what_is_not_base32_without_showing_it() {
        let error = Authenticator::new("hunter1")
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            error.contains("base32") && !error.contains("hunter1"),
            "{error}"
        );
    }
}
