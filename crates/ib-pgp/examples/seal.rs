//! Seals the guide's example many times, so that `scripts/bench` can measure the cost of one payload:
//! `seal SIGNKEY RECIPIENT FINGERPRINT TIMES`.

use ib_cli::{Error, Exit, OrExit, Result, Secret};
use ib_pgp::{PinnedRecipient, Sha1, SigningKey, seal_payload};
use std::time::SystemTime;

const PLAINTEXT: &[u8] = br#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}"#;

fn main() -> std::result::Result<(), String> {
    seal().map_err(|error| error.to_string())
}

fn seal() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [key, recipient, fingerprint, times] = &words[..] else {
        return Err(Error::new(
            Exit::Usage,
            "seal SIGNKEY RECIPIENT FINGERPRINT TIMES",
        ));
    };
    let now = SystemTime::now();
    let key = Secret::new(std::fs::read(key).or_exit(Exit::Config)?);
    let signer = SigningKey::parse(&key, None, now)?;
    let recipient = std::fs::read(recipient).or_exit(Exit::Config)?;
    let pinned = fingerprint
        .parse()
        .map_err(|error: String| Error::new(Exit::Usage, error))?;
    let recipient = PinnedRecipient::parse(&recipient, &pinned, Sha1::Refused, now)?;
    for _ in 0..times.parse::<u32>().or_exit(Exit::Usage)? {
        seal_payload(PLAINTEXT, &signer, &recipient, now)?;
    }
    Ok(())
}
