//! What both kinds of gateway stand on.

pub mod decision;
pub mod ending;
pub mod gateway_record;
pub mod listener;
pub mod manager;
pub mod programs;
pub mod rotation;
