//! The words that errors are made of.

/// The words that are shown, in their order: those of errors, and no others, since a passphrase may be a word.
#[rustfmt::skip]
pub(super) const WORDS: [&str; 272] = [
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
