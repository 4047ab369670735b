//! The tools, through their binaries and streams.

mod login;
mod support;
