//! Processes: groups, signals, deadlines, re-exec, no dumps.
//!
//! Everything here is safe Rust over `nix` and `std`; nothing here knows what the programs are for.

pub mod deadline;
pub mod descendants;
pub mod dumps;
pub mod folder;
pub mod identity;
pub mod keep;
pub mod undo;

pub use deadline::Deadline;
pub use dumps::is_in_memory;
pub use folder::PrivateFolder;
pub use identity::Identity;
pub use keep::Kept;
pub use undo::Undo;
