//! The stand-in through its program: a client of the gateway, a test at the control port.

mod answers;
mod brokerage;
mod client;
mod instance;
mod java;
mod login;
mod process;
mod proof;
