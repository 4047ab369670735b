//! Processes: groups, signals, deadlines, re-exec, no dumps.
//!
//! Everything here is safe Rust over `nix` and `std`; nothing here knows what the programs are for.

pub mod boot;
pub mod clean;
pub mod deadline;
pub mod descendants;
pub mod descriptor;
pub mod dumps;
pub mod folder;
pub mod identity;
pub mod keeper;
pub mod limits;
mod memory_file;
mod narrow_pipe;
pub mod undo;
pub mod user;

pub use boot::Boot;
pub use deadline::Deadline;
pub use dumps::is_in_memory;
pub use folder::PrivateFolder;
pub use identity::Identity;
pub use keeper::KeeperChild;
pub use memory_file::memory_file;
pub use narrow_pipe::narrow_pipe;
pub use undo::Undo;

/// Acts as a keeper, or becomes another program, if this process was started for that; `None` if it was not.
#[must_use]
pub fn run_if_asked() -> Option<std::process::ExitCode> {
    keeper::run_if_asked().or_else(clean::run_if_asked)
}
