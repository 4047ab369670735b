//! ibgw-start, with the stand-in as Java and Gateway.

mod admission;
mod agreement;
mod allow;
mod certificate;
mod certificates;
mod fails;
pub(crate) mod foreground;
mod inputs;
mod key_forms;
mod keystores;
mod killed;
mod leaks;
mod logs;
mod orphans;
pub(crate) mod place;
mod port;
pub(crate) mod service_manager;
mod settings;
mod stop;
mod up;
