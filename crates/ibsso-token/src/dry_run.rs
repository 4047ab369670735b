//! `--dry-run`: do everything except sending.

use crate::args::{TokenArgs, TokenRequest};
use crate::client::TokenClient;
use crate::keys::Keys;
use ib_cli::{Answer, Readable, Report, Result, time};
use ib_proc::Deadline;
use ib_webapi::TokenHost;
use serde::Serialize;

/// What would have been sent.
#[derive(Serialize)]
pub struct DryRun {
    /// Always `sealed`.
    state: DryRunState,
    /// The username that the token would be for.
    username: String,
    /// The address that it would be good from.
    ip: String,
    /// The number of bytes that are signed.
    plaintext_bytes: usize,
    /// The number of bytes that would be sent, in base64.
    payload_bytes: usize,
    /// The fingerprint of your key, which IBKR knows.
    signer_fingerprint: String,
    /// The fingerprint of the part of your key that signs.
    signing_fingerprint: String,
    /// RFC 3339 in UTC: when that key expires; null for never.
    signer_expires_at: Option<String>,
    /// The fingerprint of IBKR's key.
    recipient_fingerprint: String,
    /// The fingerprint of the part of IBKR's key that the payload is sealed for.
    encryption_fingerprint: String,
    /// RFC 3339 in UTC: when that key expires; null for never.
    recipient_expires_at: Option<String>,
    /// The packets of the payload, outermost first.
    packets: Vec<String>,
    /// The address that would be asked.
    token_url: String,
}

/// How far a dry run goes.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DryRunState {
    /// Signed and sealed, not sent.
    Sealed,
}

impl Report for DryRun {
    fn schema(&self) -> &'static str {
        "ibsso-token-dry-run/1"
    }
}

/// Signs and seals, and says how.
pub(crate) fn run(
    args: &TokenArgs,
    request: &TokenRequest,
    client: &TokenClient,
) -> Result<Answer<DryRun>> {
    let deadline = Deadline::after(args.timeout);
    let host = TokenHost::new(&args.host)?;
    let keys = Keys::read(&args.signer, &request.recipient, deadline)?;
    // A CSID that cannot be read is an error here too, since no token could be asked for.
    let csid = request.csid.read("the CSID", Readable::Warned, deadline)?;
    csid.text("the CSID")?;
    let payload = keys.seal(client)?;
    let Keys { signer, recipient } = &keys;
    Ok(Answer::done(DryRun {
        state: DryRunState::Sealed,
        username: client.username.clone(),
        ip: client.ip.to_string(),
        plaintext_bytes: client.plaintext()?.len(),
        payload_bytes: payload.base64().expose().len(),
        signer_fingerprint: signer.key.fingerprint(),
        signing_fingerprint: signer.key.signing_fingerprint(),
        signer_expires_at: signer.key.expires_at().map(time),
        recipient_fingerprint: recipient.fingerprint(),
        encryption_fingerprint: recipient.encryption_fingerprint(),
        recipient_expires_at: recipient.expires_at().map(time),
        packets: payload.packets().iter().map(ToString::to_string).collect(),
        token_url: host.url().to_owned(),
    }))
}
