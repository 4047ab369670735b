//! Bytes that must not be seen.

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

/// Wipes all memory that is freed, in every tool: a secret passes through buffers of TLS, HTTP, JSON and OpenPGP
/// libraries, which do not know what they hold.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Bytes that are wiped on drop, as all memory is, and cannot be printed by accident: no `Debug`, no `Display`.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes bytes over; they are wiped with it.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, for the one purpose they are for.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes with a line feed behind them.
    #[must_use]
    pub fn with_newline(mut self) -> Self {
        self.0.push(b'\n');
        self
    }

    /// Drops one line feed at the end, with the carriage return before it if there is one.
    #[must_use]
    pub fn without_newline(mut self) -> Self {
        if self.0.last() == Some(&b'\n') {
            self.0.pop();
            if self.0.last() == Some(&b'\r') {
                self.0.pop();
            }
        }
        self
    }
}
