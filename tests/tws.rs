//! IB Gateway under IBC.

mod bad_days;
mod login;
mod play;
mod stand_in;
mod start;
mod window;
