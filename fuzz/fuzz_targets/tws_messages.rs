//! Reads the messages of the TWS API, in pieces as long as the first byte says. The ordinary tests do the same:
//! crates/ib-tws/src/frames.rs and crates/ib-tws/src/message.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((size, rest)) = bytes.split_first() {
        ib_tws::fuzz::messages(rest, usize::from(*size));
    }
});
