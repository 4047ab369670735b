//! A payload, opened and verified by the real gpg.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

/// What gpg must print of a payload that is signed and encrypted as the guide wants it.
const DEMANDED: [&str; 4] = ["DECRYPTION_OKAY", "GOODMDC", "GOODSIG", "VALIDSIG"];

/// A payload after gpg has read it.
#[derive(Default)]
pub(crate) struct OpenedPayload {
    /// What was signed, if gpg accepts the signature.
    pub plaintext: Option<String>,
    /// The keywords of gpg's status lines and the fingerprint of the key that signed; `Null` for
    /// what was not shown to gpg.
    pub verdict: Value,
}

/// Opens a payload.
///
/// It is standard base64 in one line over the binary message (DAM SSO guide); an armored one is
/// not accepted (ibkrguides.com/dameca, "Submitting Files via Web-Service").
pub(crate) fn open(payload: &str, gnupg_home: &Path) -> OpenedPayload {
    let message = BASE64_STANDARD.decode(payload).unwrap_or_default();
    // RFC 4880 4.2: the first bit of every packet is set, and of no letter of an armor.
    if message.first().is_none_or(|first| first & 0x80 == 0) {
        return OpenedPayload::default();
    }
    let output = match gpg(&message, gnupg_home) {
        Ok(output) => output,
        Err(error) => {
            let verdict = json!({"error": format!("running gpg: {error}")});
            return OpenedPayload {
                plaintext: None,
                verdict,
            };
        }
    };
    let status = String::from_utf8_lossy(&output.stderr);
    let lines = status.lines().filter_map(|line| {
        let mut words = line.strip_prefix("[GNUPG:] ")?.split(' ');
        Some((words.next()?, words.next()))
    });
    let lines: Vec<_> = lines.collect();
    let times = |word: &str| lines.iter().filter(|(name, _)| *name == word).count();
    // Once each: gpg's `--sign` makes no message with two signatures.
    let good = output.status.success() && DEMANDED.iter().all(|word| times(word) == 1);
    let mut signed = lines.iter().filter(|(name, _)| *name == "VALIDSIG");
    let signed_by = signed.next().and_then(|(_, fingerprint)| *fingerprint);
    OpenedPayload {
        plaintext: String::from_utf8(output.stdout).ok().filter(|_| good),
        verdict: json!({
            "status": lines.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "fingerprint": signed_by,
        }),
    }
}

/// Gives the message to gpg by stdin; its status lines come on stderr, what was inside on stdout.
fn gpg(message: &[u8], home: &Path) -> io::Result<Output> {
    let mut child = Command::new("gpg")
        .arg("--homedir")
        .arg(home)
        .args(["--batch", "--no-tty", "--disable-dirmngr", "--status-fd=2"])
        // A key with a passphrase must fail, and not wait for the passphrase.
        .args(["--pinentry-mode=error", "--trust-model=always"])
        .args(["--no-auto-key-retrieve", "--decrypt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // gpg gives up reading at the first thing it cannot use.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(message)));
        child.wait_with_output()
    })
}
