//! IB Gateway under IBC.

mod bad_days;
mod ends;
mod forward;
mod leaks;
mod login;
mod manual;
mod picture;
mod play;
mod runs;
mod second_factor_file;
mod stand_in;
mod start;
mod tokens;
pub mod up;
mod vnc;
mod window;
