//! HTTP: one client, the Gateway's and the Web API's endpoints and their meaning.

mod address;
mod api;
mod certificate;
mod client;
mod cookies;
mod failure;
mod flags;
mod gateway;
mod login_host;
mod meaning;
mod retry_after;
mod session;
mod token_host;
mod validation;

pub use address::GatewayArgs;
pub use api::{Api, ApiArgs};
pub use cookies::Cookies;
pub use gateway::{Front, Gateway};
pub use login_host::LoginHost;
pub use session::{Session, SessionState};
pub use token_host::{TokenHost, TokenHostArgs};
pub use validation::Validation;
