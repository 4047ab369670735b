//! ibgw-start, with the stand-in as Java and Gateway.

mod admission;
mod certificate;
mod certificates;
mod fails;
mod foreground;
mod inputs;
mod leaks;
pub mod place;
mod port;
mod stop;
mod up;
