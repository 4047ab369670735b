//! ibgw-start, with the stand-in as Java and Gateway.

mod admission;
mod certificate;
mod certificates;
mod fails;
pub mod foreground;
mod inputs;
mod key_forms;
mod leaks;
mod logs;
mod orphans;
pub mod place;
mod port;
pub mod service_manager;
mod stop;
mod up;
