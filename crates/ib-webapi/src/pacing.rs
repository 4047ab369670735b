//! How often IBKR may be asked, and how long to send nothing after a 429.

use std::time::Duration;

/// IBKR takes one `sso/validate` a minute:
/// <https://www.interactivebrokers.com/campus/ibkr-api-page/cpapi-v1/#pacing-limitations>.
pub const VALIDATE_PACE: Duration = Duration::from_secs(60);

/// How long to send nothing after a 429 that names no time, at the token host and at the Web API.
///
/// IBKR shuts out an address that asks too often, in its "penalty box": 10 minutes in one of its texts, 15 in the newer
/// one, <https://www.interactivebrokers.com/campus/ibkr-api-page/cpapi-v1/#pacing-limitations>.
pub const PENALTY: Duration = Duration::from_secs(15 * 60);

/// The longest wait that a server may ask for: a day.
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);
