//! The tools, through their binaries and streams.

mod contract;
mod login;
mod secret;
mod start;
mod support;
mod tickle;
