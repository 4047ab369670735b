//! A small HTTP/1.1 in threads: it must be able to answer wrongly byte by byte, which servers
//! made for use refuse to do.

pub mod client;
mod headers;
mod message;
mod reply;
pub mod server;

pub use headers::Headers;
pub use message::{HttpRequest, Response};
pub use reply::HttpReply;
