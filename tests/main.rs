//! The tools, through their binaries and streams.

mod login;
mod start;
mod support;
mod tickle;
