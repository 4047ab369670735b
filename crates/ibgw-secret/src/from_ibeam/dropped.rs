//! Why some of IBeam's variables have no counterpart: the reasons, as a sentence goes on.

pub(super) const PROCESS_MATCH: &str =
    "no process is found by its name: ibgw-start knows the one that it started";

pub(super) const SPAWN: &str =
    "each step is a process of its own, and the count of failures is on disk";

pub(super) const LOGS: &str =
    "reports are JSON on stdout, errors on stderr; whoever starts the programs keeps them";

pub(super) const REQUEST_RETRIES: &str =
    "what got no answer is asked again by the next ibgw-tickle, and never leads to a login";

pub(super) const STRATEGY: &str =
    "ibgw-login takes the cheapest step that works, and waits as IBKR asks; there is one strategy";

pub(super) const HEALTH_SERVER: &str = "there is no server: ibgw-tickle answers by its exit, and with --read FILE --max-age 3m at no cost";

pub(super) const START_ACTIVE: &str = "there is nothing to activate: start the timer or do not";

pub(super) const ENDPOINTS: &str = "the Gateway's endpoints are known, and no setting";

pub(super) const ENCODING: &str = "secrets are UTF-8; anything else is refused, not guessed at";

pub(super) const PAGE_ELEMENTS: &str =
    "ibgw-login speaks the login itself, and knows the page by what it shows where it must use it";

pub(super) const TIME_LIMITS: &str =
    "ibgw-login has one time limit for all of it, --timeout, and --push-wait for a notification";

pub(super) const TIMEOUT_AS_FAILED: &str = "a login whose outcome is not known always counts as failed: that keeps the username from being locked";

pub(super) const PRESUBMIT: &str = "nothing is waited for without a reason";

pub(super) const IMMEDIATE_ATTEMPTS: &str = "a password is submitted once a run";

pub(super) const UI_SCALING: &str = "elements are found by what they are, not by where they are";

pub(super) const STRICT_CODE: &str = "a code is trimmed and looked at before it is sent, always";

pub(super) const GOOGLE_MESSAGES: &str = "Google Messages is not driven: have something write the code into a file, and name it with --code-from";

pub(super) const EXTERNAL_REQUEST: &str = "a program asks for the code, --code-from 'cmd:curl -fsS --config FILE'; what it needs goes into its FILE";

pub(super) const RESEND: &str =
    "a notification is never sent again while one is pending; --push-wait says how long to wait";

pub(super) const PYOTP: &str = "a code that is about to expire is not used, and none is used twice";
