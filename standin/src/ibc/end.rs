//! How IBC ends: its own numbers, and what a shell sees of them.

/// How a course ends.
pub(crate) enum IbcEnd {
    /// With this status.
    Exit(u8),
    /// Only when something else ends it.
    Never,
}

/// The ini file does not exist.
pub(crate) const NO_INI: u8 = 79;
/// The trading mode is neither live nor paper.
pub(crate) const BAD_MODE: u8 = 80;
/// The login did not complete after the second factor.
pub(crate) const SECOND_FACTOR_STUCK: u8 = 87;
/// The login window did not come.
pub(crate) const NO_WINDOW: u8 = 88;

/// IBC's number for a status, which shells see modulo 256; `None` for those that are no error of IBC's.
pub(crate) fn number(status: u8) -> Option<u32> {
    match status {
        76..=88 => Some(u32::from(status) + 1024),
        159 => Some(99_999),
        _ => None,
    }
}
