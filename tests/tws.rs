//! IB Gateway under IBC.

mod accounts;
mod agreement;
mod api_off;
mod bad_days;
mod before_the_phone;
mod ending;
mod ends;
mod forward;
mod hidden;
mod language;
mod leaks;
mod login;
mod login_settings;
mod manual;
mod orders;
mod outlook;
mod paths;
mod picture;
mod play;
mod relogin;
mod runs;
mod second_factor_file;
mod service_manager;
mod stand_in;
mod start;
mod stop;
mod tokens;

pub(crate) mod up;
mod vnc;
mod window;
