//! The groups that flags stand in, the same in every tool's help and manual page.

/// What the run does with the session, and how long it may take.
pub const SESSION: &str = "Session";

/// What else the run does, in place of its usual step.
pub const INSTEAD: &str = "In place of the usual step";

/// What is given to IBKR beside username and password.
pub const SECOND_FACTOR: &str = "Second factor";

/// How many logins are allowed, and when.
pub const GUARD: &str = "Guard";

/// The browser that shows the login page, and its driver.
pub const BROWSER: &str = "Browser";

/// Addresses, files and directories.
pub const PLACES: &str = "Where things are";

/// What is printed.
pub const OUTPUT: &str = "Output";
