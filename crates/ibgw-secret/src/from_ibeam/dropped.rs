//! Why some of IBeam's variables have no counterpart: the reasons, as a sentence goes on.

pub(super) const PROCESS_MATCH: &str =
    "ibgw-start knows the process that it started, and looks for none by name";

pub(super) const SPAWN: &str = "each step is its own process, and the count of failures is on disk";

pub(super) const LOGS: &str = "reports are JSON on stdout, errors on stderr; the caller keeps them";

pub(super) const REQUEST_RETRIES: &str =
    "the next ibgw-tickle asks again; a call without an answer never leads to a login";

pub(super) const STRATEGY: &str =
    "ibgw-login takes the cheapest step that works, and waits as IBKR asks; there is one strategy";

pub(super) const HEALTH_SERVER: &str = "there is no server: ibgw-tickle answers by its exit, and with --read FILE --max-age 3m at no cost";

pub(super) const START_ACTIVE: &str = "there is nothing to activate: start the timer, or leave it";

pub(super) const ENDPOINTS: &str = "the tools know the Gateway's endpoints; they are not a setting";

pub(super) const ENCODING: &str = "secrets are UTF-8; the tools refuse any other encoding";

pub(super) const PAGE_ELEMENTS: &str =
    "ibgw-login needs no page for most logins, and knows the page by what it shows";

pub(super) const TIME_LIMITS: &str =
    "ibgw-login has one time limit for all of it, --timeout, and --push-wait for a notification";

pub(super) const TIMEOUT_AS_FAILED: &str = "a login whose outcome is not known always counts as failed: that keeps the username from being locked";

pub(super) const PRESUBMIT: &str = "ibgw-login waits for the page, not for a fixed time";

pub(super) const IMMEDIATE_ATTEMPTS: &str = "ibgw-login submits a password once in a run";

pub(super) const UI_SCALING: &str =
    "ibgw-login finds an element by what it is, not by where it stands";

pub(super) const STRICT_CODE: &str = "ibgw-login always trims and checks a code before it sends it";

pub(super) const GOOGLE_MESSAGES: &str = "the tools do not drive Google Messages: write the code into a file with another program, and name it with --code-from";

pub(super) const EXTERNAL_REQUEST: &str = "a program asks for the code, --code-from 'cmd:curl -fsS --config FILE'; what it needs goes into its FILE";

pub(super) const RESEND: &str = "ibgw-login sends no second notification while one is pending; --push-wait says how long to wait";

pub(super) const PYOTP: &str = "ibgw-login uses no code that is about to expire, and no code twice";
