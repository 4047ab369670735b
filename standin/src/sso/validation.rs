//! `GET /sso/validate`: opens the read-only session, and extends it from then on.

use super::call::{Call, error, milliseconds};
use crate::http::Response;
use crate::world::ExpiresClock;
use serde_json::json;
use std::time::Duration;

/// One request a minute (IBKR Campus, "Web API v1.0", pacing).
const PACE: Duration = Duration::from_secs(60);

/// An address that asks too often is in the penalty box for this long (the same).
const PENALTY: Duration = Duration::from_secs(15 * 60);

/// The answer to a client that asks too often. The status is IBKR's, the text a guess.
pub(crate) fn too_many() -> Response {
    error(429, "Too many requests")
}

/// Answers with the example of the DAM SSO guide, filled with the token's own values.
pub(crate) fn answer(call: &mut Call) -> Response {
    let now = call.now;
    let script = call.script;
    let too_soon = |last: Duration| now.saturating_sub(last) < PACE;
    if script.sso.pace_validate && call.token().validated.is_some_and(too_soon) {
        if script.sso.penalty {
            call.sso.penalty_until = now + PENALTY;
        }
        return too_many();
    }
    call.token().validate(now);
    call.sso.validations += 1;
    let token = call.token();
    let epoch = |at: Duration| milliseconds(script.skewed(at));
    let expires = match script.sso.expires_unit {
        ExpiresClock::Epoch => epoch(token.expires),
        ExpiresClock::Remaining => milliseconds(token.expires.saturating_sub(now)),
    };
    Response::json(&json!({
        "PAPER_USER_NAME": token.user,
        "LOGIN_TYPE": 2,
        "LANDING_APP": "UNIVERSAL",
        "IS_PENDING_APPLICANT": false,
        "SF_ENABLED": false,
        "AUTH_TIME": token.opened.map(epoch),
        "CREDENTIAL": token.user,
        "SF_CONFIG": "",
        "USER_NAME": token.user,
        "CREDENTIAL_TYPE": 0,
        "RESULT": true,
        "IS_FREE_TRIAL": false,
        "IP": token.ip,
        "USER_ID": 12_345_678,
        "EXPIRES": expires,
        "TOKEN": token.text,
        "took": 101,
        "IS_MASTER": false,
        "features": {
            "alpha": true, "env": "PROD", "ibamWidget": true, "debugMenu": true, "record": true, "wlms": true,
            "realtime": true, "bond": true, "optionChains": true, "calendar": true, "newMf": true,
        },
    }))
}
