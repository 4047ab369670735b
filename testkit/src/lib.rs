//! Development only: what the tests of the tools and those of the stand-in share.

mod binary;
pub mod gnupg;
mod port;
mod processes;
mod standin;

pub use binary::binary;
pub use port::Port;
pub use processes::*;
pub use standin::Standin;
