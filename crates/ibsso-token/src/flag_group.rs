//! The groups of flags that this tool alone has.

/// The group of the flags that say whom the token is for.
pub(crate) const CLIENT: &str = "Client";

/// The group of the flags that name keys and what unlocks them.
pub(crate) const KEYS: &str = "Keys";
