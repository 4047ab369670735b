//! What both wings use. The record of the Client Portal Gateway is here because `tws` asks it who has a port.

pub(crate) mod decision;
pub(crate) mod end_lock;
pub(crate) mod foreground;
pub(crate) mod gateway_record;
pub(crate) mod instance_dir;
pub(crate) mod listener;
pub(crate) mod manager;
pub(crate) mod programs;
pub(crate) mod rotation;
