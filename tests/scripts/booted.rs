//! The units on a booted system: what systemd's sandbox, timers and credentials make of them. As root, or with sudo.

mod gateway;
mod ib_gateway;
mod machine;
mod token;
