//! A small HTTP/1.1 in threads: it must be able to answer wrongly byte by byte, which servers
//! made for use refuse to do.

pub(crate) mod client;
mod headers;
mod message;
mod reply;
pub(crate) mod server;

pub(crate) use headers::Headers;
pub(crate) use message::{HttpRequest, Response};
pub(crate) use reply::HttpReply;
