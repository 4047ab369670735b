//! Random bytes, from the cryptography rustls already carries.

/// As many random bytes as asked for; zeros should the system have none to give.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let source = rustls::crypto::ring::default_provider().secure_random;
    let _ = source.fill(&mut bytes);
    bytes
}
