//! The tools, through their binaries and streams.

mod support;
mod tickle;
