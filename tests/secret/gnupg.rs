//! A GnuPG of one's own, with keys made for one test.

use super::{chmod, put};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The passphrase of protected keys and symmetric messages.
pub const PASSPHRASE: &str = "correct horse";

/// A kind of key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Rsa,
    Curve,
}

/// A home of GnuPG that ends its agent when it goes.
pub struct Gnupg(TempDir);

impl Gnupg {
    pub fn new() -> Self {
        // The agent's socket lies in the home, and its path may have no more than 108 bytes.
        let home = Self(TempDir::new().expect("a temporary folder can be made"));
        chmod(home.path(), 0o700);
        put(home.path(), "passphrase", PASSPHRASE);
        home
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs gpg with `input` on stdin and gives its stdout.
    #[track_caller]
    pub fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new("gpg")
            .env("GNUPGHOME", self.path())
            .args(["--batch", "--quiet", "--no-tty", "--trust-model", "always"])
            .args(["--pinentry-mode", "loopback", "--passphrase-file"])
            .arg(self.path().join("passphrase"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg starts (apt-get install gpg gpg-agent)");
        child
            .stdin
            .take()
            .expect("stdin is piped")
            .write_all(input)
            .expect("gpg reads its stdin");
        let output = child.wait_with_output().expect("gpg ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "gpg {args:?}: {} {said}",
            output.status
        );
        output.stdout
    }

    /// Makes a key with a part to encrypt to, protected by the passphrase or not.
    pub fn make_key(&self, kind: Kind, name: &str, is_protected: bool) {
        let asked = wish(kind, name, is_protected, "0");
        self.run(&["--generate-key"], asked.as_bytes());
    }

    /// Makes a key that held for a day of the year 2020.
    pub fn make_expired_key(&self, name: &str) {
        let asked = wish(Kind::Curve, name, false, "1d");
        let then = ["--faked-system-time", "20200101T000000", "--generate-key"];
        self.run(&then, asked.as_bytes());
    }

    pub fn secret_key(&self, name: &str, form: &[&str]) -> Vec<u8> {
        self.run(&[form, &["--export-secret-keys", name]].concat(), b"")
    }

    pub fn public_key(&self, name: &str) -> Vec<u8> {
        self.run(&["--export", name], b"")
    }

    pub fn encrypt_to(&self, name: &str, form: &[&str], text: &str) -> Vec<u8> {
        self.run(
            &[form, &["--recipient", name, "--encrypt"]].concat(),
            text.as_bytes(),
        )
    }

    pub fn encrypt_with_passphrase(&self, form: &[&str], text: &str) -> Vec<u8> {
        self.run(&[form, &["--symmetric"]].concat(), text.as_bytes())
    }

    #[track_caller]
    pub fn decrypt(&self, path: &Path) -> String {
        let path = path.to_str().expect("a path is UTF-8");
        String::from_utf8(self.run(&["--decrypt", path], b"")).expect("what was sealed is UTF-8")
    }
}

impl Drop for Gnupg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .env("GNUPGHOME", self.path())
            .args(["--kill", "all"])
            .status();
    }
}

fn wish(kind: Kind, name: &str, is_protected: bool, expires: &str) -> String {
    let of_kind = match kind {
        Kind::Rsa => "Key-Type: RSA\nKey-Length: 2048\nSubkey-Type: RSA\nSubkey-Length: 2048",
        Kind::Curve => {
            "Key-Type: eddsa\nKey-Curve: ed25519\nSubkey-Type: ecdh\nSubkey-Curve: cv25519"
        }
    };
    let protection = if is_protected { "" } else { "%no-protection\n" };
    format!("{protection}{of_kind}\nName-Real: {name}\nExpire-Date: {expires}\n%commit\n")
}
