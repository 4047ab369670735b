//! The tools, through their binaries and streams.

mod secret;
mod support;
