//! IB Gateway under IBC.

mod bad_days;
mod forward;
mod leaks;
mod login;
mod manual;
mod picture;
mod play;
mod second_factor_file;
mod stand_in;
mod start;
mod up;
mod vnc;
mod window;
