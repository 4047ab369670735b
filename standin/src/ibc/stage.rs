//! How far a start comes.

use serde::Deserialize;

/// The places where a start can be made to stay.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// IBC runs, and there is no window yet.
    Start,
    /// The login window is there.
    Window,
    /// The login was sent.
    Credentials,
    /// The login was accepted, and the program loads.
    Loading,
}
