//! The tools, through their binaries and streams.

mod contract;
mod contributing;
mod hosts;
mod login;
mod man;
mod pgp;
mod scripts;
mod secret;
mod start;
mod support;
mod tickle;
mod token;
mod tws;
mod unreadable;
mod validate;
mod walls;
