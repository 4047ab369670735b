//! The stand-in through its program: a client of the gateway, of the DAM SSO hosts or of the TWS
//! API, a test at the control port.

mod answers;
mod brokerage;
mod client;
mod gnupg;
mod instance;
mod java;
mod login;
mod notifications;
mod pages;
mod proof;
mod second_factors;
mod served;
mod sso;
mod tws;
