//! `--dry-run`: everything but the sending.

use crate::args::TokenArgs;
use crate::client::TokenClient;
use crate::keys::Keys;
use crate::report::TokenOutput;
use ib_cli::{Answer, Readable, Result, time};
use ib_proc::Deadline;
use ib_webapi::TokenHost;
use serde::Serialize;

/// What would have been sent.
#[derive(Serialize)]
pub struct DryRun {
    /// Always `sealed`.
    state: &'static str,
    /// Whom the token would be for.
    username: String,
    /// Where it would be good from.
    ip: String,
    /// How much is signed.
    plaintext_bytes: usize,
    /// How much would be sent, in base64.
    payload_bytes: usize,
    /// The fingerprint of the key that IBKR knows.
    signer_fingerprint: String,
    /// The fingerprint of the key or subkey that signs.
    signing_fingerprint: String,
    /// When that expires; null for never.
    signer_expires_at: Option<String>,
    /// The fingerprint of IBKR's key.
    recipient_fingerprint: String,
    /// The fingerprint of the key or subkey that is sealed for.
    encryption_fingerprint: String,
    /// When that expires; null for never.
    recipient_expires_at: Option<String>,
    /// The packets of the payload, outermost first.
    packets: Vec<String>,
    /// Who would be asked.
    token_url: String,
}

/// Signs and seals, and says how.
pub(crate) fn run(args: &TokenArgs, client: &TokenClient) -> Result<Answer<TokenOutput>> {
    let deadline = Deadline::after(args.timeout);
    let host = TokenHost::new(&args.host)?;
    let keys = Keys::read(args, deadline)?;
    // What could not be sent for want of a CSID is better known.
    let csid = args.csid()?.read("the CSID", Readable::Warned, deadline)?;
    csid.text("the CSID")?;
    let payload = keys.seal(client)?;
    let (signer, recipient) = (&keys.signer.key, &keys.recipient);
    Ok(Answer::done(TokenOutput::DryRun(DryRun {
        state: "sealed",
        username: client.username.clone(),
        ip: client.ip.to_string(),
        plaintext_bytes: client.plaintext()?.len(),
        payload_bytes: payload.base64().expose().len(),
        signer_fingerprint: signer.fingerprint(),
        signing_fingerprint: signer.signing_fingerprint(),
        signer_expires_at: signer.expires_at().map(time),
        recipient_fingerprint: recipient.fingerprint(),
        encryption_fingerprint: recipient.encryption_fingerprint(),
        recipient_expires_at: recipient.expires_at().map(time),
        packets: payload.packets().iter().map(ToString::to_string).collect(),
        token_url: host.url().to_owned(),
    })))
}
