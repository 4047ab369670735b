//! Other times than the machine's.

use super::Tool;

impl Tool {
    /// Another clock: set so far off the machine's (`+25h`), or standing still at a time, as faketime(1) has it.
    ///
    /// Not by its wrapper: it names a semaphore by its pid, and fails where a killed one of that pid has left its own.
    pub(crate) fn clock(self, set: &str) -> Self {
        // The loader puts the system's own word for $LIB there.
        self.env("LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1")
            .env("FAKETIME", set)
    }
}
