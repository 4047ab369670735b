//! IBeam's variables that have no meaning any more, and why.

/// Why a variable has no meaning any more; `None` if it has, or if nobody knows it.
pub(super) fn why(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("IBEAM_")?;
    Some(match name {
        "GATEWAY_PROCESS_MATCH" => {
            "no process is found by its name: ibgw-start knows the one that it started"
        }
        "SPAWN_NEW_PROCESSES" => {
            "each step is a process of its own, and the count of failures is on disk"
        }
        "LOG_TO_FILE" | "LOG_FORMAT" => {
            "reports are JSON on stdout, errors on stderr; whoever starts the programs keeps them"
        }
        "REQUEST_RETRIES" => {
            "what got no answer is asked again by the next ibgw-tickle, and never leads to a login"
        }
        "RESTART_FAILED_SESSIONS"
        | "RESTART_WAIT"
        | "REAUTHENTICATE_WAIT"
        | "AUTHENTICATION_STRATEGY"
        | "MAX_STATUS_CHECK_RETRIES"
        | "MAX_REAUTHENTICATE_RETRIES" => {
            "ibgw-login takes the cheapest step that works, and waits as IBKR asks; there is one strategy"
        }
        "HEALTH_SERVER_PORT" => {
            "there is no server: ibgw-tickle answers by its exit, and with --read FILE --max-age 3m at no cost"
        }
        "START_ACTIVE" => "there is nothing to activate: start the timer or do not",
        "ROUTE_AUTH"
        | "ROUTE_VALIDATE"
        | "ROUTE_REAUTHENTICATE"
        | "ROUTE_INITIALISE"
        | "ROUTE_AUTH_STATUS"
        | "ROUTE_TICKLE"
        | "ROUTE_LOGOUT" => "the Gateway's endpoints are known, and no setting",
        "ENCODING" => "secrets are UTF-8; anything else is refused, not guessed at",
        "USER_NAME_EL"
        | "PASSWORD_EL"
        | "SUBMIT_EL"
        | "ERROR_EL"
        | "SUCCESS_EL_TEXT"
        | "LIVE_PAPER_TOGGLE_EL"
        | "IBKEY_PROMO_EL_CLASS"
        | "TWO_FA_EL_ID"
        | "TWO_FA_NOTIFICATION_EL"
        | "TWO_FA_INPUT_EL_ID"
        | "TWO_FA_SELECT_EL_ID" => {
            "ibgw-login speaks the login itself, and knows the page by what it shows where it must use it"
        }
        "OAUTH_TIMEOUT" | "PAGE_LOAD_TIMEOUT" => {
            "ibgw-login has one time limit for all of it, --timeout, and --push-wait for a notification"
        }
        "COUNT_TIMEOUT_AS_FAILED" => {
            "a login whose outcome is not known always counts as failed: that keeps the username from being locked"
        }
        "MIN_PRESUBMIT_BUFFER" | "MAX_PRESUBMIT_BUFFER" => "nothing is waited for without a reason",
        "MAX_IMMEDIATE_ATTEMPTS" => "a password is submitted once a run",
        "UI_SCALING" => "elements are found by what they are, not by where they are",
        "STRICT_TWO_FA_CODE" => "a code is trimmed and looked at before it is sent, always",
        "GOOG_QR_CODE_CLASS"
        | "GOOG_QR_CODE_DATA"
        | "GOOG_AUTH_REMEMBER_CLASS"
        | "GOOG_MESSAGES_LIST_CLASS"
        | "GOOG_2FA_HEADING"
        | "GOOG_MESSAGE_CLICK_RETRIES" => {
            "Google Messages is not driven: have something write the code into a file, and name it with --code-from"
        }
        "EXTERNAL_REQUEST_METHOD"
        | "EXTERNAL_REQUEST_URL"
        | "EXTERNAL_REQUEST_TIMEOUT"
        | "EXTERNAL_REQUEST_PARAMS"
        | "EXTERNAL_REQUEST_DATA"
        | "EXTERNAL_REQUEST_HEADERS" => {
            "a program asks for the code, --code-from 'cmd:curl -fsS --config FILE'; what it needs goes into its FILE"
        }
        "NOTIFICATION_RESEND_RETRIES"
        | "NOTIFICATION_RESEND_INTERVAL"
        | "NOTIFICATION_RESEND_EL" => {
            "a notification is never sent again while one is pending; --push-wait says how long to wait"
        }
        "PYOTP_EXPIRY_BUFFER_SECONDS" | "PYOTP_MAX_RETRIES" | "PYOTP_RETRY_DELAY_SECONDS" => {
            "a code that is about to expire is not used, and none is used twice"
        }
        _ => return None,
    })
}
