//! IB Gateway under IBC.

mod play;
mod stand_in;
mod window;
