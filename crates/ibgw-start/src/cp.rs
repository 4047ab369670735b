//! The Client Portal Gateway.

pub mod address_pattern;
mod admission;
pub mod check;
mod conf;
mod distribution;
mod filter;
pub mod foreground;
mod gateway_log;
pub mod inputs;
pub mod instance;
mod java;
mod keystore;
mod launch;
mod plan;
mod ready;
pub mod report;
mod running;
mod settings;
pub mod start;
pub mod stop;
