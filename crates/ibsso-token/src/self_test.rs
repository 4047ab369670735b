//! `--self-test`: seal the payload to the signing key itself, and let gpg open it (IBKR's own advice for debugging).

use crate::args::TokenArgs;
use crate::client::TokenClient;
use crate::gpg::GpgStatusWord;
use crate::gpg::{self, GpgVerdict};
use ib_cli::{Answer, Error, Exit, Report, Result};
use ib_pgp::seal_payload;
use ib_proc::Deadline;
use serde::Serialize;
use std::time::SystemTime;

/// What gpg made of a payload.
#[derive(Serialize)]
pub struct SelfTest {
    /// Whether gpg took the payload.
    state: SelfTestState,
    /// Whether gpg could decrypt it.
    decrypted: bool,
    /// Whether gpg found it whole.
    intact: bool,
    /// Whether gpg found it signed by your key.
    signed: bool,
    /// Whether gpg's plaintext is the one that was sealed.
    same: bool,
    /// What gpg said, in order.
    gpg: Vec<GpgStatusWord>,
    /// The fingerprint of your key, which IBKR knows.
    signer_fingerprint: String,
    /// The fingerprint of the part of your key that signed.
    signing_fingerprint: String,
}

/// Whether gpg took the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SelfTestState {
    /// gpg decrypted the payload, found it whole and signed by your key, and printed what went in.
    Ok,
    /// One of these four is not true.
    Failed,
}

impl Report for SelfTest {
    fn schema(&self) -> &'static str {
        "ibsso-token-self-test/1"
    }
}

/// Seals to the signing key itself, and lets gpg open that.
pub(crate) fn run(args: &TokenArgs, client: &TokenClient) -> Result<Answer<SelfTest>> {
    let deadline = Deadline::after(args.timeout);
    let signer = args.signer.read(deadline)?;
    let now = SystemTime::now();
    let own = signer.key.as_recipient(now)?;
    let plaintext = client.plaintext()?;
    let payload = seal_payload(&plaintext, &signer.key, &own, now)?;
    let payload = payload.binary()?;
    let opened = gpg::open(&payload, signer.passphrase.as_ref(), deadline)?;
    let has = |word| opened.reported.contains(&word);
    let signing_fingerprint = signer.key.signing_fingerprint();
    let is_ours = opened.signed_by.as_deref() == Some(&*signing_fingerprint);
    let mut report = SelfTest {
        state: SelfTestState::Failed,
        decrypted: has(GpgStatusWord::Decrypted),
        intact: has(GpgStatusWord::Intact),
        signed: has(GpgStatusWord::GoodSignature) && is_ours,
        same: opened.plaintext.expose() == plaintext,
        gpg: opened.reported.clone(),
        signer_fingerprint: signer.key.fingerprint(),
        signing_fingerprint,
    };
    if report.decrypted && report.intact && report.signed && report.same {
        report.state = SelfTestState::Ok;
        return Ok(Answer::done(report));
    }
    let error = error(&opened);
    Ok(Answer::failed(report, error))
}

/// Why gpg did not take the payload, and what to do about it.
fn error(opened: &GpgVerdict) -> Error {
    let has = |word| opened.reported.contains(&word);
    let (exit, why) = if has(GpgStatusWord::WrongPassphrase)
        || has(GpgStatusWord::PassphraseMissing)
    {
        (
            Exit::Config,
            "the key in its keyring wants a passphrase (give --passphrase REF)",
        )
    } else if has(GpgStatusWord::NoSecretKey) || has(GpgStatusWord::NoPublicKey) {
        (
            Exit::Config,
            "its keyring has not the signing key (gpg --import puts it there)",
        )
    } else if has(GpgStatusWord::ExpiredKey) {
        (
            Exit::Config,
            "its copy of the signing key has expired (gpg --import the current one)",
        )
    } else if has(GpgStatusWord::RevokedKey) {
        (
            Exit::Config,
            "its copy of the signing key is revoked (make another and send its public part to dam@ibkr.com)",
        )
    } else {
        (
            Exit::Unexpected,
            "it does not take what was sealed (gpg --decrypt says more)",
        )
    };
    Error::new(exit, format!("opening our own payload with gpg: {why}"))
}
