//! Files that a tool keeps, and files that it cannot read.

pub(crate) mod replacement;
pub(crate) mod state_dir;
pub(crate) mod unreadable;
