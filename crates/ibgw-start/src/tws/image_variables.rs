//! Variables of the IB Gateway images, and what to use in their place.

use ib_cli::warn;

/// Each variable that is not read here, with its replacement. `TRADING_MODE` and `IB_TRADING_MODE` are read.
const REPLACED: [(&str, &str); 44] = [
    ("TWSUSERID", "ibgw-secret --username file:FILE"),
    ("TWSPASSWORD", "ibgw-secret --password file:FILE"),
    ("TWS_USERID", "ibgw-secret --username file:FILE"),
    ("TWS_PASSWORD", "ibgw-secret --password file:FILE"),
    (
        "TWS_USERID_PAPER",
        "ibgw-secret --mode paper --username file:FILE",
    ),
    (
        "TWS_PASSWORD_PAPER",
        "ibgw-secret --mode paper --password file:FILE",
    ),
    (
        "TWS_PASSWORD_FILE",
        "ibgw-secret --dir DIR, which reads that variable",
    ),
    (
        "TWS_PASSWORD_PAPER_FILE",
        "ibgw-secret --dir DIR, which reads that variable",
    ),
    (
        "IB_LIVE_USERNAME",
        "ibgw-secret --mode live --username file:FILE",
    ),
    (
        "IB_LIVE_PASSWORD",
        "ibgw-secret --mode live --password file:FILE",
    ),
    (
        "IB_PAPER_USERNAME",
        "ibgw-secret --mode paper --username file:FILE",
    ),
    (
        "IB_PAPER_PASSWORD",
        "ibgw-secret --mode paper --password file:FILE",
    ),
    ("IB_USERNAME", "ibgw-secret --username file:FILE"),
    ("IB_ACCOUNT", "ibgw-secret --username file:FILE"),
    ("IB_PASSWORD", "ibgw-secret --password file:FILE"),
    ("VNC_PASSWORD", "--vnc-password file:FILE"),
    ("VNC_SERVER_PASSWORD", "--vnc-password file:FILE"),
    ("VNC_SERVER_PASSWORD_FILE", "--vnc-password file:FILE"),
    ("VNC_PORT", "--vnc ADDR:PORT"),
    ("TWS_PORT", "--forward ADDR:PORT"),
    ("IB_PORT_NUMBER", "--api-port N"),
    ("IBGW_INTERNAL_PORT", "--api-port N"),
    ("TWS_PATH", "--tws-dir DIR"),
    ("TWS_MAJOR_VRSN", "--tws-version NAME"),
    ("TWS_SETTINGS_PATH", "--settings-dir DIR"),
    ("IBC_PATH", "--ibc-dir DIR"),
    ("AUTO_RESTART_TIME", "--auto-restart TIME"),
    ("IBC_AUTO_RESTART_TIME", "--auto-restart TIME"),
    ("IBC_AutoRestartTime", "--auto-restart TIME"),
    (
        "AUTO_LOGOFF_TIME",
        "nothing: ibgw-start --stop, from a timer",
    ),
    ("TWS_COLD_RESTART", "--cold-restart HH:MM"),
    ("IBC_ColdRestartTime", "--cold-restart HH:MM"),
    ("IBC_TradingMode", "--mode live|paper"),
    ("READ_ONLY_API", "--read-only-api yes|no"),
    ("IBC_ReadOnlyApi", "--read-only-api yes|no"),
    ("TWOFA_DEVICE", "ibgw-secret --second-factor REF"),
    (
        "TWOFA_TIMEOUT_ACTION",
        "nothing: one notification for each start",
    ),
    (
        "TWOFA_EXIT_INTERVAL",
        "nothing: a start that does not go on is ended",
    ),
    (
        "RELOGIN_AFTER_TWOFA_TIMEOUT",
        "nothing: a second login is asked of the guard",
    ),
    (
        "EXISTING_SESSION_DETECTED_ACTION",
        "nothing: this session gives way to another",
    ),
    ("JAVA_HEAP_SIZE", "the -Xmx line of ibgateway.vmoptions"),
    ("TIME_ZONE", "TZ"),
    ("SSH_TUNNEL", "ssh itself"),
    ("SSH_PASSPHRASE", "ssh itself"),
];

/// Warns of each variable that is set and not read. The warning never has the value.
pub(crate) fn warn_of_unread() {
    for (name, instead) in REPLACED {
        if std::env::var_os(name).is_some_and(|value| !value.is_empty()) {
            warn(
                "other_name",
                &format!("{name} is not read here: use {instead}"),
            );
        }
    }
}
