//! The TWS API, which IB Gateway and TWS speak on a socket of their own.
//!
//! [`probe()`] asks whether one of them is ready for its clients. It asks for the time and for nothing else: it never
//! subscribes and places no order.

mod address;
mod failure;
mod frames;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod line;
mod message;
mod notice;
mod probe;
mod steps;

pub use address::Address;
pub use message::{Accounts, ClientId};
pub use notice::{Farm, FarmState, ID_TAKEN, Service};
pub use probe::{Probe, Stage, State, probe};
