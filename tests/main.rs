//! The tools, through their binaries and streams.

mod start;
mod support;
mod tickle;
