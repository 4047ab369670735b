//! The login's answers in XML. Its twin in the ordinary tests: crates/ibgw-login/src/direct/fields/tests.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| ibgw_login::fuzz::xml(body));
