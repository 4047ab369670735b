//! The command line.

pub mod tws;
