//! The stderr of a program that handles a secret, redacted for an error of ours.

use crate::secret::Secret;

/// The most that is shown.
const SHOWN: usize = 200;

/// The shortest part of the secret that a word may not repeat.
const SHORTEST_PART: usize = 3;

/// The beginning of a program's stderr, on one line; `None` when it has no word to show.
///
/// It may quote the secret, which is unknown here if the program failed to print it. So only the words that errors are
/// made of are shown. An ellipsis stands for all the rest: names, numbers, paths, and any part of what it printed.
pub(crate) fn redacted(stderr: &[u8], printed: &Secret) -> Option<String> {
    let stderr = String::from_utf8_lossy(stderr);
    let printed = String::from_utf8_lossy(printed.expose());
    let mut words: Vec<&str> = Vec::new();
    for word in stderr.split_whitespace() {
        let shown = if is_plain(word, &printed) {
            word
        } else {
            "…"
        };
        if (shown, words.last()) != ("…", Some(&"…")) {
            words.push(shown);
        }
    }
    let line: String = words.join(" ").chars().take(SHOWN).collect();
    Some(line).filter(|line| line.chars().any(char::is_alphabetic))
}

/// Whether it is a word that errors are made of, with or without the punctuation of a sentence.
fn is_plain(word: &str, printed: &str) -> bool {
    let bare = word.trim_matches(|letter: char| "()[]:;,.!?".contains(letter));
    let small = bare.to_lowercase();
    WORDS.binary_search(&small.as_str()).is_ok()
        && (bare.len() < SHORTEST_PART || !printed.contains(bare))
}

/// The words that are shown, in order: those of errors alone, since a passphrase may be any other word.
#[rustfmt::skip]
const WORDS: [&str; 272] = [
    "a", "able", "above", "access", "account", "active", "after", "age", "agent", "already", "also", "an", "and",
    "any", "are", "argument", "as", "at", "authenticated", "authentication", "authorized", "bad", "be", "because",
    "been", "before", "below", "but", "by", "call", "can", "canceled", "cancelled", "cannot", "card", "certificate",
    "check", "checksum", "client", "closed", "command", "config", "configuration", "connect", "connection",
    "contain", "could", "create", "credential", "credentials", "daemon", "data", "database", "decrypt", "decrypted",
    "decryption", "denied", "details", "did", "directory", "does", "empty", "enabled", "encrypted", "end", "entry",
    "environment", "error", "errors", "exist", "exists", "exit", "expected", "expired", "fail", "failed", "failure",
    "fatal", "file", "files", "find", "fit", "fits", "for", "forbidden", "format", "found", "from", "get", "given",
    "gpg", "has", "have", "header", "help", "here", "home", "host", "how", "i", "identity", "if", "ignored", "in",
    "incorrect", "input", "internal", "invalid", "is", "it", "item", "its", "key", "keyring", "keys", "language",
    "left", "length", "limit", "line", "list", "load", "loaded", "locked", "log", "login", "make", "making", "match",
    "matched", "message", "missing", "mode", "more", "must", "name", "need", "needed", "network", "no", "none",
    "not", "nothing", "occurred", "of", "off", "on", "one", "only", "open", "opening", "option", "or", "other",
    "out", "output", "over", "packet", "parse", "parsing", "part", "passphrase", "password", "path", "permission",
    "permissions", "pinentry", "please", "problem", "program", "protocol", "provided", "public", "read", "reading",
    "received", "recipient", "recipients", "refused", "region", "request", "required", "resource", "response",
    "result", "retry", "right", "run", "running", "seal", "sealed", "secret", "secrets", "see", "seems", "select",
    "server", "service", "session", "set", "should", "sign", "signed", "sops", "store", "stored", "such",
    "supported", "symmetric", "syntax", "system", "tell", "tells", "text", "than", "that", "the", "then", "there",
    "think", "this", "time", "timed", "timeout", "to", "token", "too", "tried", "tries", "try", "trying", "type",
    "unable", "unauthenticated", "unauthorized", "unavailable", "under", "unexpected", "unknown", "unlock",
    "unlocked", "unreachable", "unsupported", "until", "usage", "use", "used", "user", "using", "valid", "value",
    "vault", "verify", "version", "wait", "warning", "was", "were", "what", "when", "where", "which", "while", "who",
    "why", "with", "without", "write", "writing", "wrong", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_plain_words_and_nothing_that_could_be_a_secret() {
        for (stderr, printed, shown) in [
            ("", "", None),
            (" \n", "", None),
            ("hunter2", "", None),
            (
                "gpg: decryption failed: No secret key\n",
                "",
                Some("gpg: decryption failed: No secret key"),
            ),
            (
                "Error: /home/me/.password-store/ibkr.gpg is not in the store.",
                "",
                Some("Error: … is not in the store."),
            ),
            ("bad password 'correct horse'", "", Some("bad password …")),
            (
                "bad password: correct1 Horse-2",
                "",
                Some("bad password: …"),
            ),
            ("I read: battery", "battery\n", Some("I read: …")),
            ("status=404 (Not Found)", "", Some("… (Not Found)")),
            ("\u{1b}[31mred error", "", Some("… error")),
            ("bad passphrase: swordfish", "", Some("bad passphrase: …")),
            ("Error: Hunter, Swordfish", "", Some("Error: …")),
        ] {
            let printed = Secret::new(printed.into());
            let found = redacted(stderr.as_bytes(), &printed);
            assert_eq!(found.as_deref(), shown, "{stderr:?}");
        }
        assert!(WORDS.is_sorted());
        let long = "error ".repeat(1000);
        let shown = redacted(long.as_bytes(), &Secret::new(Vec::new()));
        assert_eq!(shown.map(|line| line.len()), Some(SHOWN));
    }
}
