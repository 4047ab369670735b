//! The exchange of proofs: INIT until both sides agree on the terms, COMPLETEAUTH once.

use super::answer::{InitAnswer, ProofAnswer, UnusableAnswer, error};
use super::seal::seal;
use super::srp::{SrpClient, SrpProof};
use super::terms::SrpTerms;
use super::{DirectEnd, DirectLogin, DirectResult, hex, not_understood};
use crate::reason::{Refusal, StopReason};
use crate::task::{Recorder, Sending};
use getrandom::fill;
use ib_cli::{Error, Exit};
use zeroize::Zeroizing;

/// How often the tool begins the exchange: again when the server wants other terms, and whenever zeros are in doubt,
/// which happens in one exchange of 110, under 6a in one of 75.
const BEGINNINGS: u8 = 5;

/// How many characters of a password count where the server takes no longer one.
const SHORT_PASSWORD: usize = 8;

/// An exchange that lacks only the server's own proof.
pub(crate) struct SrpExchange {
    proof: SrpProof,
    sealed_key: String,
}

impl SrpExchange {
    /// Begins until both sides agree. A server may change the terms once, to others that are known to be sound.
    pub(crate) fn agree(login: &DirectLogin, recorder: &mut Recorder<'_>) -> DirectResult<Self> {
        let mut terms = SrpTerms::USUAL;
        let mut has_changed = false;
        for _ in 0..BEGINNINGS {
            let client = SrpClient::new(terms, random()?);
            let number = format!("{:0>128}", hex::digits(client.public()));
            let form = login.head.init(&number);
            let answer = login.ask(&form)?;
            if let Some(text) = error(&answer) {
                // Refused before any proof. The guard records it all the same, so that no run asks again each minute.
                recorder(Sending::Credentials)?;
                return Err(login.error_end(text));
            }
            let init = InitAnswer::read(&answer).map_err(|why| match why {
                UnusableAnswer::Unknown(why) => not_understood(&form, &why),
                // The page must not be tried in its place: a server that wants such terms may be after the password.
                UnusableAnswer::Unsound(part) => {
                    DirectEnd::stopped(StopReason::UnsoundTerms, Some(part.to_owned()))
                }
            })?;
            if init.terms != terms {
                if has_changed {
                    return Err(not_understood(&form, "terms that change each time"));
                }
                terms = init.terms;
                has_changed = true;
                continue;
            }
            let unusable = || not_understood(&form, "a number that cannot be used");
            let password = typed(login.task.password.expose(), init.takes_long_passwords);
            let proof = client
                .prove(login.head.username, password, &init.server)
                .ok_or_else(unusable)?;
            if !proof.has_doubtful_zeros() {
                let sealed_key = seal(&proof.key(), &init.key, |place| fill(place).ok());
                let sealed_key = sealed_key.ok_or_else(unusable)?;
                return Ok(Self { proof, sealed_key });
            }
        }
        let message =
            "logging in without a browser: no exchange came to numbers that are in no doubt";
        Err(DirectEnd::Failed(Error::new(Exit::Unexpected, message)))
    }

    /// Proves the password, and checks the server's proof before it sends anything else. The second factors IBKR wants.
    pub(crate) fn prove(&self, login: &DirectLogin) -> DirectResult<Vec<String>> {
        let m1 = self.m1();
        let form = login.head.prove(&m1, &self.sealed_key);
        let answer = login.ask(&form)?;
        let proved = ProofAnswer::read(&answer).map_err(|why| not_understood(&form, &why))?;
        let text = error(&answer);
        if proved.is_locked {
            return Err(DirectEnd::refused(Refusal::Locked, text));
        }
        match proved.m2 {
            // An answer without M2 says that username and password do not fit.
            None => {
                let reason = text
                    .as_deref()
                    .map_or(Refusal::WrongCredentials, |text| login.refusal(text));
                Err(DirectEnd::refused(reason, text))
            }
            Some(m2) if !self.proof.is_answered_by(m2) => {
                Err(DirectEnd::refused(Refusal::ServerUnproven, text))
            }
            Some(_) => match text {
                Some(text) => Err(login.error_end(text)),
                None => Ok(proved.factors.iter().map(ToString::to_string).collect()),
            },
        }
    }

    /// The client's proof, as it is sent.
    pub(crate) fn m1(&self) -> String {
        self.proof.m1()
    }

    /// The proof that the server must give.
    pub(crate) fn m2(&self) -> String {
        self.proof.m2()
    }

    /// The value of the session's cookies.
    pub(crate) fn cookie(&self) -> Zeroizing<String> {
        self.proof.cookie()
    }
}

fn random() -> DirectResult<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    match fill(&mut *bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => {
            let message = format!("the system gives no random numbers: {error}");
            Err(DirectEnd::Failed(Error::new(Exit::Unexpected, message)))
        }
    }
}

/// What counts of a password: all of it, or its first 8 characters as JavaScript counts them, in UTF-16.
fn typed(password: &str, takes_long_ones: bool) -> &str {
    if takes_long_ones {
        return password;
    }
    let mut units = 0;
    let end = password.char_indices().find_map(|(at, letter)| {
        units += letter.len_utf16();
        (units > SHORT_PASSWORD).then_some(at)
    });
    end.map_or(password, |end| &password[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_password_only_where_long_ones_are_not_taken() {
        assert_eq!(typed("Correct-Horse1", true), "Correct-Horse1");
        for (password, cut) in [
            ("Correct-Horse1", "Correct-"),
            ("Correct", "Correct"),
            ("ÄÖÜäöü12345", "ÄÖÜäöü12"),
            ("12345\u{1f600}6789", "12345\u{1f600}6"),
        ] {
            assert_eq!(typed(password, false), cut);
        }
    }
}
