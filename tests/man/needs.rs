//! What examples need, and how they get it here.

/// What an example may need that is not here: a key, an account, a Gateway, another program.
pub(crate) const NEEDS: [&str; 12] = [
    "gpg ",
    "curl ",
    "pgp:login.gpg",
    "openssl ",
    "cmd:op ",
    "cmd:vault ",
    "cmd:aws ",
    "cmd:sops ",
    "cargo ",
    "scripts/",
    "--gateway-dir",
    "jq ",
];

/// What goes before an example that has this in it, so that it finds what it needs.
const PRELUDES: [(&str, &str); 5] = [
    (
        "cmd:pass show",
        "export PASSWORD_STORE_DIR=\"$PWD/store\"; pass init bank >said 2>&1
         pass insert --echo ibkr/password <password >said 2>&1",
    ),
    (
        "cmd:age ",
        "age-keygen --output key.txt 2>said
         age --recipient \"$(age-keygen -y key.txt)\" --output password.age password",
    ),
    // It says that the machine's key is not on an encrypted disk.
    (
        "systemd-creds encrypt",
        "export SYSTEMD_CREDENTIAL_SECRET=\"$PWD/host.key\"
         alias systemd-creds='systemd-creds 2>said'",
    ),
    ("secret-tool store", "exec <password"),
    (
        "gpg --export trader@example.org",
        "chmod 700 \"$GNUPGHOME\"
         gpg --batch --quiet --passphrase '' --quick-generate-key trader@example.org future-default default never 2>said
         (umask 077; gpg --batch --export-secret-keys trader@example.org >secrets/trader.key)",
    ),
];

/// What goes before an example; `None` if it needs nothing.
pub(crate) fn prelude(text: &str) -> Option<&'static str> {
    let found = PRELUDES.iter().find(|(need, _)| text.contains(need));
    found.map(|(_, prelude)| *prelude)
}

/// The key and the token of github.com/fernet/spec, and variables of IBeam's.
pub(crate) const OF_IBEAM: [(&str, &str); 3] = [
    ("IBEAM_KEY", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="),
    (
        "IBEAM_PASSWORD",
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
    ),
    ("env.list", "IBEAM_ACCOUNT=trader\nIBEAM_PASSWORD=planted\n"),
];
