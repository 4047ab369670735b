//! HTTP: one client, the Gateway's and the Web API's endpoints and their meaning.

mod address;
mod api;
mod attempts;
mod backoff;
mod brokerage;
mod certificate;
mod client;
mod expires;
mod failure;
mod flags;
mod gateway;
mod meaning;
mod redact;
mod reply;
mod retry_after;
mod session;
mod token_host;
mod token_validation;
mod told;
mod validation;

pub use address::GatewayArgs;
pub use api::{Api, ApiArgs, ApiHost, Unanswered};
pub use brokerage::{Brokerage, BrokerageAnswer, Progress};
pub use expires::{Expires, ExpiresUnit};
pub use gateway::{Front, Gateway};
pub use reply::Reply;
pub use session::{Session, SessionState};
pub use token_host::{TokenHost, TokenHostArgs};
pub use token_validation::{About, LoginType, TokenValidation, VALIDATE_PACE};
pub use told::{Denial, SsoState, Told};
pub use validation::Validation;
