//! Reads the answers of a login in JSON. The ordinary tests do the same: crates/ibgw-login/src/direct/fields/tests.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| ibgw_login::fuzz::json(body));
