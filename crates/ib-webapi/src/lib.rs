//! HTTP: one client, the Gateway's and the Web API's endpoints and their meaning.

mod address;
mod api;
mod backoff;
mod certificate;
mod client;
mod excerpt;
mod failure;
mod flags;
mod gateway;
mod meaning;
mod retry_after;
mod session;
mod token;
mod token_answer;
mod token_host;
mod validation;

pub use address::GatewayArgs;
pub use api::{Api, ApiArgs};
pub use backoff::full_jitter;
pub use gateway::{Front, Gateway};
pub use session::{Session, SessionState};
pub use token::Token;
pub use token_answer::{Again, TokenAnswer, TokenState};
pub use token_host::{TokenHost, TokenHostArgs};
pub use validation::Validation;
