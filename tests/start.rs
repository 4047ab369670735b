//! ibgw-start, with the stand-in as Java and Gateway.

mod fails;
mod foreground;
mod place;
mod stop;
mod up;
