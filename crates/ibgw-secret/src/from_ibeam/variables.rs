//! What becomes of each of IBeam's variables.
//!
//! To support a new variable of IBeam's, add a row to [`VARIABLES`], and one to docs/from-ibeam.md. Nothing else has to
//! know its name.

use super::plan::{MigrationPlan, PAPER, Program};
use super::secrets::{IbeamSecret, SecretVariable};
use super::settings::IbeamSettings;
use super::{dropped, translated, value};
use Fate::{Changes, Dropped, Flag, Named, Secret};

/// What becomes of one variable.
enum Fate {
    /// One of our programs has a flag for it; the function gives the flag's value, `None` for one that must not be
    /// shown.
    Flag(Program, &'static str, fn(&str) -> Option<String>),
    /// Our programs have something for it, which this text names; the plan stays as it is.
    Named(&'static str),
    /// The function changes the plan, and says what stands for the variable.
    Changes(fn(&mut MigrationPlan, &str) -> String),
    /// It is a secret, or names the place of one.
    Secret(SecretVariable),
    /// Our programs need nothing of the kind, for this reason.
    Dropped(&'static str),
}

/// Every variable that IBeam reads, and what becomes of it.
const VARIABLES: &[(&str, Fate)] = &[
    // The secrets.
    ("IBEAM_ACCOUNT", Secret(SecretVariable::USERNAME)),
    ("IBEAM_PASSWORD", Secret(SecretVariable::PASSWORD)),
    ("IBEAM_KEY", Secret(SecretVariable::KEY)),
    ("IBEAM_PYOTP_SECRET", Secret(SecretVariable::TOTP_SEED)),
    ("IBEAM_SECRETS_SOURCE", Named(translated::REFERENCES)),
    ("IBEAM_GCP_SECRETS_URL", Named(translated::REFERENCES)),
    // The Gateway.
    ("IBEAM_GATEWAY_DIR", Changes(translated::gateway_dir)),
    ("IBEAM_INPUTS_DIR", Changes(translated::inputs_dir)),
    (
        "IBEAM_OUTPUTS_DIR",
        Flag(Program::Start, "--log", translated::log_file),
    ),
    (
        "IBEAM_GATEWAY_STARTUP",
        Flag(Program::Start, "--timeout", value::seconds),
    ),
    ("IBEAM_GATEWAY_BASE_URL", Changes(translated::url)),
    // The login.
    (PAPER, Changes(translated::mode)),
    ("IBEAM_MAX_FAILED_AUTH", Changes(translated::max_failures)),
    ("IBEAM_TWO_FA_HANDLER", Changes(translated::handler)),
    ("IBEAM_TWO_FA_SELECT_TARGET", Changes(translated::device)),
    (
        "IBEAM_CUSTOM_TWO_FA_HANDLER",
        Named(translated::OWN_HANDLER),
    ),
    // The browser.
    (
        "IBEAM_CHROME_DRIVER_PATH",
        Flag(Program::Login, "--driver", value::path),
    ),
    (
        "IBEAM_CHROME_BINARY_PATH",
        Flag(Program::Login, "--browser", value::path),
    ),
    (
        "IBEAM_DISABLE_DEV_SHM_USAGE",
        Changes(translated::browser_memory),
    ),
    ("IBEAM_ERROR_SCREENSHOTS", Changes(translated::screenshots)),
    // The calls that keep the session.
    (
        "IBEAM_REQUEST_TIMEOUT",
        Flag(Program::Tickle, "--timeout", value::seconds),
    ),
    ("IBEAM_MAINTENANCE_INTERVAL", Changes(translated::interval)),
    ("IBEAM_LOG_LEVEL", Named(translated::VERBOSE)),
    // The rest of IBeam's settings.
    (
        "IBEAM_GATEWAY_PROCESS_MATCH",
        Dropped(dropped::PROCESS_MATCH),
    ),
    ("IBEAM_SPAWN_NEW_PROCESSES", Dropped(dropped::SPAWN)),
    ("IBEAM_LOG_TO_FILE", Dropped(dropped::LOGS)),
    ("IBEAM_LOG_FORMAT", Dropped(dropped::LOGS)),
    ("IBEAM_REQUEST_RETRIES", Dropped(dropped::REQUEST_RETRIES)),
    ("IBEAM_RESTART_FAILED_SESSIONS", Dropped(dropped::STRATEGY)),
    ("IBEAM_RESTART_WAIT", Dropped(dropped::STRATEGY)),
    ("IBEAM_REAUTHENTICATE_WAIT", Dropped(dropped::STRATEGY)),
    ("IBEAM_AUTHENTICATION_STRATEGY", Dropped(dropped::STRATEGY)),
    ("IBEAM_MAX_STATUS_CHECK_RETRIES", Dropped(dropped::STRATEGY)),
    (
        "IBEAM_MAX_REAUTHENTICATE_RETRIES",
        Dropped(dropped::STRATEGY),
    ),
    ("IBEAM_HEALTH_SERVER_PORT", Dropped(dropped::HEALTH_SERVER)),
    ("IBEAM_START_ACTIVE", Dropped(dropped::START_ACTIVE)),
    ("IBEAM_ROUTE_AUTH", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_VALIDATE", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_REAUTHENTICATE", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_INITIALISE", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_AUTH_STATUS", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_TICKLE", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ROUTE_LOGOUT", Dropped(dropped::ENDPOINTS)),
    ("IBEAM_ENCODING", Dropped(dropped::ENCODING)),
    ("IBEAM_USER_NAME_EL", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_PASSWORD_EL", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_SUBMIT_EL", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_ERROR_EL", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_SUCCESS_EL_TEXT", Dropped(dropped::PAGE_ELEMENTS)),
    (
        "IBEAM_LIVE_PAPER_TOGGLE_EL",
        Dropped(dropped::PAGE_ELEMENTS),
    ),
    (
        "IBEAM_IBKEY_PROMO_EL_CLASS",
        Dropped(dropped::PAGE_ELEMENTS),
    ),
    ("IBEAM_TWO_FA_EL_ID", Dropped(dropped::PAGE_ELEMENTS)),
    (
        "IBEAM_TWO_FA_NOTIFICATION_EL",
        Dropped(dropped::PAGE_ELEMENTS),
    ),
    ("IBEAM_TWO_FA_INPUT_EL_ID", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_TWO_FA_SELECT_EL_ID", Dropped(dropped::PAGE_ELEMENTS)),
    ("IBEAM_OAUTH_TIMEOUT", Dropped(dropped::TIME_LIMITS)),
    ("IBEAM_PAGE_LOAD_TIMEOUT", Dropped(dropped::TIME_LIMITS)),
    (
        "IBEAM_COUNT_TIMEOUT_AS_FAILED",
        Dropped(dropped::TIMEOUT_AS_FAILED),
    ),
    ("IBEAM_MIN_PRESUBMIT_BUFFER", Dropped(dropped::PRESUBMIT)),
    ("IBEAM_MAX_PRESUBMIT_BUFFER", Dropped(dropped::PRESUBMIT)),
    (
        "IBEAM_MAX_IMMEDIATE_ATTEMPTS",
        Dropped(dropped::IMMEDIATE_ATTEMPTS),
    ),
    ("IBEAM_UI_SCALING", Dropped(dropped::UI_SCALING)),
    ("IBEAM_STRICT_TWO_FA_CODE", Dropped(dropped::STRICT_CODE)),
    (
        "IBEAM_GOOG_QR_CODE_CLASS",
        Dropped(dropped::GOOGLE_MESSAGES),
    ),
    ("IBEAM_GOOG_QR_CODE_DATA", Dropped(dropped::GOOGLE_MESSAGES)),
    (
        "IBEAM_GOOG_AUTH_REMEMBER_CLASS",
        Dropped(dropped::GOOGLE_MESSAGES),
    ),
    (
        "IBEAM_GOOG_MESSAGES_LIST_CLASS",
        Dropped(dropped::GOOGLE_MESSAGES),
    ),
    ("IBEAM_GOOG_2FA_HEADING", Dropped(dropped::GOOGLE_MESSAGES)),
    (
        "IBEAM_GOOG_MESSAGE_CLICK_RETRIES",
        Dropped(dropped::GOOGLE_MESSAGES),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_METHOD",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_URL",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_TIMEOUT",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_PARAMS",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_DATA",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_EXTERNAL_REQUEST_HEADERS",
        Dropped(dropped::EXTERNAL_REQUEST),
    ),
    (
        "IBEAM_NOTIFICATION_RESEND_RETRIES",
        Dropped(dropped::RESEND),
    ),
    (
        "IBEAM_NOTIFICATION_RESEND_INTERVAL",
        Dropped(dropped::RESEND),
    ),
    ("IBEAM_NOTIFICATION_RESEND_EL", Dropped(dropped::RESEND)),
    ("IBEAM_PYOTP_EXPIRY_BUFFER_SECONDS", Dropped(dropped::PYOTP)),
    ("IBEAM_PYOTP_MAX_RETRIES", Dropped(dropped::PYOTP)),
    ("IBEAM_PYOTP_RETRY_DELAY_SECONDS", Dropped(dropped::PYOTP)),
];

/// The secrets that the settings hold or name.
pub(super) fn secrets(settings: &IbeamSettings) -> Vec<IbeamSecret> {
    let found = |(name, fate): &(&'static str, Fate)| match fate {
        Secret(variable) => {
            let value = settings.get(name)?;
            Some(IbeamSecret::new(name, *variable, value, settings))
        }
        Flag(..) | Named(_) | Changes(_) | Dropped(_) => None,
    };
    VARIABLES.iter().filter_map(found).collect()
}

/// Takes one variable into the plan, and says what stands for it.
pub(super) fn take(
    plan: &mut MigrationPlan,
    name: &str,
    value: &str,
    settings: &IbeamSettings,
) -> String {
    let Some((name, fate)) = VARIABLES.iter().find(|(known, _)| *known == name) else {
        return "is not known; IBeam does not read it either (is it misspelt?)".to_owned();
    };
    match fate {
        Flag(program, flag, form) => plan.give(*program, flag, form(value)),
        Named(what) => (*what).to_owned(),
        Changes(change) => change(plan, value),
        Secret(variable) => IbeamSecret::new(name, *variable, value, settings).successor(),
        Dropped(why) => format!("has no meaning any more: {why}"),
    }
}
