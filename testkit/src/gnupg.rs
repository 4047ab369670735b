//! A home of GnuPG, with keys made for one test.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The passphrase of protected keys and symmetric messages.
pub const PASSPHRASE: &str = "correct horse";

/// A kind of key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// RSA of this number of bits, for signing and encrypting.
    Rsa(u16),
    /// ed25519 and cv25519.
    Curve,
    /// DSA and ElGamal of 2048 bits.
    Dsa,
}

/// A home of GnuPG, whose agent ends on drop.
pub struct Gnupg(TempDir);

impl Default for Gnupg {
    fn default() -> Self {
        // The agent's socket lies in the home, and its path may have no more than 108 bytes.
        let home = Self(TempDir::new().expect("a temporary folder can be made"));
        fs::write(home.path().join("passphrase"), PASSPHRASE).expect("a file can be written");
        home
    }
}

impl Gnupg {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs gpg with `input` on stdin and gives its stdout.
    #[track_caller]
    pub fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.output(args, input);
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "gpg {args:?}: {} {printed}",
            output.status
        );
        output.stdout
    }

    /// Runs gpg with `input` on stdin, and gives its status too.
    pub fn output(&self, args: &[&str], input: &[u8]) -> Output {
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
        child.wait_with_output().expect("gpg ends")
    }

    /// Makes a key with a part to encrypt to, protected by the passphrase or not.
    pub fn make_key(&self, kind: Kind, name: &str, is_protected: bool) {
        let parameters = parameters(kind, name, is_protected, "0");
        self.run(&["--generate-key"], parameters.as_bytes());
    }

    /// Makes a key as it was made at a time (`20190101T000000`), unprotected, with gpg's own options.
    pub fn make_key_at(&self, time: &str, kind: Kind, name: &str, expires: &str, options: &[&str]) {
        let parameters = parameters(kind, name, false, expires);
        let then = [&["--faked-system-time", time], options, &["--generate-key"]].concat();
        self.run(&then, parameters.as_bytes());
    }

    /// Makes a key that held for a day of the year 2020.
    pub fn make_expired_key(&self, name: &str) {
        self.make_key_at("20200101T000000", Kind::Curve, name, "1d", &[]);
    }

    /// Makes a primary key alone, protected by the passphrase or not: `make_primary("bank", "rsa3072", "sign", false)`.
    pub fn make_primary(&self, name: &str, algorithm: &str, usage: &str, is_protected: bool) {
        let generate = ["--quick-generate-key", name, algorithm, usage, "never"];
        let unprotected = ["--passphrase-file", "/dev/null"];
        let options = if is_protected { &[][..] } else { &unprotected };
        self.run(&[options, &generate].concat(), b"");
    }

    /// Gives an unprotected key another, unprotected subkey: `add_subkey("bank", "rsa3072", "sign")`.
    pub fn add_subkey(&self, name: &str, algorithm: &str, usage: &str) {
        self.add(&[], name, &[algorithm, usage]);
    }

    /// Gives it one as it was made at a time, to expire or `never`.
    pub fn add_subkey_at(&self, time: &str, name: &str, [algorithm, usage, expires]: [&str; 3]) {
        let then = ["--faked-system-time", time];
        self.add(&then, name, &[algorithm, usage, expires]);
    }

    /// Gives it one that is bound to the primary key by SHA-1.
    pub fn add_sha1_subkey(&self, name: &str, algorithm: &str, usage: &str) {
        let sha1 = ["--cert-digest-algo", "SHA1"];
        self.add(&sha1, name, &[algorithm, usage]);
    }

    fn add(&self, options: &[&str], name: &str, what: &[&str]) {
        let fingerprint = self.fingerprints(name).swap_remove(0);
        let unprotected = ["--passphrase-file", "/dev/null"];
        let add = ["--quick-add-key", &fingerprint];
        self.run(&[options, &unprotected, &add, what].concat(), b"");
    }

    /// Revokes a key, with the revocation that gpg wrote when it made the key.
    pub fn revoke(&self, name: &str) {
        let fingerprint = self.fingerprints(name).swap_remove(0);
        let path = self
            .path()
            .join(format!("openpgp-revocs.d/{fingerprint}.rev"));
        let revocation = fs::read_to_string(&path).expect("gpg wrote a revocation");
        // gpg puts a colon before the armor, against an import by accident.
        let revocation = revocation.replace(":-----BEGIN", "-----BEGIN");
        self.run(&["--import"], revocation.as_bytes());
    }

    /// The fingerprints of a key: the primary key's, then the subkeys' as they were added.
    pub fn fingerprints(&self, name: &str) -> Vec<String> {
        let listed = self.run(&["--with-colons", "--list-keys", name], b"");
        let listed = String::from_utf8(listed).expect("gpg prints UTF-8");
        let fields = listed.lines().filter_map(|line| line.strip_prefix("fpr:"));
        fields
            .filter_map(|fields| fields.split(':').nth(8))
            .map(str::to_owned)
            .collect()
    }

    pub fn secret_key(&self, name: &str, form: &[&str]) -> Vec<u8> {
        self.run(&[form, &["--export-secret-keys", name]].concat(), b"")
    }

    /// The secret subkeys alone, as from a user who keeps the primary key elsewhere.
    pub fn secret_subkeys(&self, name: &str) -> Vec<u8> {
        self.run(&["--export-secret-subkeys", name], b"")
    }

    pub fn public_key(&self, name: &str) -> Vec<u8> {
        self.run(&["--export", name], b"")
    }

    /// Decrypts a message and gives what was in it and gpg's own words about it, `[GNUPG:]` lines among them.
    #[track_caller]
    pub fn open(&self, message: &[u8]) -> (Vec<u8>, String) {
        let output = self.output(&["--status-fd", "2", "--decrypt"], message);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "gpg --decrypt: {} {printed}",
            output.status
        );
        (output.stdout, printed)
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

/// The key's parameters, as `--generate-key` reads them.
fn parameters(kind: Kind, name: &str, is_protected: bool, expires: &str) -> String {
    let of_kind = match kind {
        Kind::Rsa(bits) => {
            format!("Key-Type: RSA\nKey-Length: {bits}\nSubkey-Type: RSA\nSubkey-Length: {bits}")
        }
        Kind::Curve => {
            "Key-Type: eddsa\nKey-Curve: ed25519\nSubkey-Type: ecdh\nSubkey-Curve: cv25519"
                .to_owned()
        }
        Kind::Dsa => {
            "Key-Type: DSA\nKey-Length: 2048\nSubkey-Type: ELG-E\nSubkey-Length: 2048".to_owned()
        }
    };
    let protection = if is_protected { "" } else { "%no-protection\n" };
    let usage = "Key-Usage: sign\nSubkey-Usage: encrypt";
    format!("{protection}{of_kind}\n{usage}\nName-Real: {name}\nExpire-Date: {expires}\n%commit\n")
}
