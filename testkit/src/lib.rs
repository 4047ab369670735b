//! Development only: what the tests of the tools and those of the stand-in share.
//!
//! No crate that ships uses it: `tests/walls/tree.rs` holds that.

mod binary;
mod child;
pub mod gnupg;
mod http;
pub mod pages;
mod port;
mod processes;
mod standin;
mod waiting;

pub use binary::binary;
pub use child::KilledOnDrop;
pub use http::{HttpAnswer, ask_plainly, exchange};
pub use port::TestPort;
pub use processes::{
    children_of, environments_below, environments_with, processes_naming, processes_with, signal,
};
pub use standin::Standin;
pub use waiting::{eventually, eventually_sees, slowly};
