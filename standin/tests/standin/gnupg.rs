//! Two homes of the real gpg: a firm's and IBKR's.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A home whose agent ends with it.
pub struct Home(TempDir);

/// The firm, with its own secret key, a stranger's, and IBKR's public one; IBKR with its secret
/// key and the firm's public one.
pub struct Parties {
    pub firm: Home,
    pub ibkr: Home,
}

impl Parties {
    pub fn new() -> Self {
        let (firm, ibkr) = (Home::new(), Home::new());
        firm.make_key("firm");
        firm.make_key("stranger");
        ibkr.make_key("ibkr");
        firm.run(&["--import"], &ibkr.run(&["--export", "ibkr"], b""));
        ibkr.run(&["--import"], &firm.run(&["--export", "firm"], b""));
        Self { firm, ibkr }
    }

    /// What gpg makes of a plaintext in the firm's home.
    pub fn sealed(&self, flags: &[&str], plaintext: &str) -> Vec<u8> {
        self.firm.run(flags, plaintext.as_bytes())
    }

    /// A message as the DAM SSO guide has it made.
    pub fn message(&self, plaintext: &str) -> Vec<u8> {
        self.sealed(
            &["-u", "firm", "-r", "ibkr", "--sign", "--encrypt"],
            plaintext,
        )
    }
}

impl Home {
    fn new() -> Self {
        // TempDir makes it 0700, or gpg would warn.
        Self(TempDir::new().expect("a temporary folder can be made"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    fn make_key(&self, name: &str) {
        let wish = format!(
            "%no-protection\nKey-Type: eddsa\nKey-Curve: ed25519\nSubkey-Type: ecdh\nSubkey-Curve: cv25519\n\
             Name-Real: {name}\nExpire-Date: 0\n%commit\n"
        );
        self.run(&["--generate-key"], wish.as_bytes());
    }

    /// The fingerprint of a key.
    pub fn fingerprint(&self, name: &str) -> String {
        let listed = self.run(&["--with-colons", "--list-keys", name], b"");
        let listed = String::from_utf8(listed).expect("it is text");
        let mut lines = listed.lines().filter(|line| line.starts_with("fpr:"));
        let line = lines.next().expect("a fingerprint");
        line.split(':').nth(9).expect("the tenth field").to_owned()
    }

    /// Runs gpg with `input` on stdin and gives its stdout.
    pub fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new("gpg")
            .arg("--homedir")
            .arg(self.path())
            .args(["--batch", "--quiet", "--no-tty", "--trust-model", "always"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg starts (apt-get install gpg gpg-agent)");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin.write_all(input).expect("gpg reads its stdin");
        drop(stdin);
        let output = child.wait_with_output().expect("gpg ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "gpg {args:?}: {} {said}",
            output.status
        );
        output.stdout
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .arg("--homedir")
            .arg(self.path())
            .args(["--kill", "all"])
            .status();
    }
}
