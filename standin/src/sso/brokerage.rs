//! The brokerage session of a token: opened, asked about, kept alive.

use super::call::{Call, error, milliseconds};
use crate::http::Response;
use crate::world::Established;
use serde_json::{Value, json};
use std::time::Duration;

/// Opens it as the DAM SSO guide does, by the query, or as IBKR's Web API reference does, by the
/// body.
pub(crate) fn open(call: &mut Call) -> Response {
    call.sso.inits += 1;
    let query = call.request.query();
    let body = call.request.json();
    let asked =
        |key: &str| body[key] == true || query.split('&').any(|pair| pair == format!("{key}=true"));
    if !asked("publish") {
        // The status is IBKR's (Web API reference), the text a guess.
        return error(500, "Internal Server Error");
    }
    if !asked("compete") {
        let mut answer = status(call);
        // Voyz/ibeam#73.
        answer["fail"] = json!("Force compete capability must be used together with compete flag");
        return Response::json(&answer);
    }
    call.sso.open_brokerage(call.place, call.now);
    Response::json(&status(call))
}

/// `/iserver/auth/status`: the flags alone.
pub(crate) fn auth_status(call: &mut Call) -> Response {
    Response::json(&status(call))
}

/// `/tickle`, as in IBKR's Web API reference, which spells `collission` so.
pub(crate) fn tickle(call: &mut Call) -> Response {
    call.sso.tickles += 1;
    let status = status(call);
    let now = call.now;
    let token = call.token();
    Response::json(&json!({
        "session": token.cookie,
        "ssoExpires": milliseconds(token.expires.saturating_sub(now)),
        "collission": false,
        "userId": 12_345_678,
        "hmds": {"error": "no bridge"},
        "iserver": {"authStatus": status},
    }))
}

fn status(call: &mut Call) -> Value {
    let now = call.now;
    let bringup = &call.script.bringup;
    let brokerage = &call.token().brokerage;
    let mac = "F4:03:43:DC:90:80";
    let Some(age) = brokerage.age(now) else {
        // The shape of a session that is closed (IBKR's Web API reference). After five idle
        // minutes it is still connected, which tells that `ssodh/init` is missing (the same).
        return json!({
            "authenticated": false, "competing": brokerage.competing, "connected": brokerage.connected, "MAC": mac,
        });
    };
    let named = !bringup.no_server_name;
    let mut status = json!({
        "authenticated": true,
        "competing": brokerage.competing,
        "connected": brokerage.connected,
        "message": "",
        "MAC": mac,
        "serverInfo": {
            "serverName": named.then_some("JisfN8122"),
            "serverVersion": named.then_some("Build 10.20.0w, Apr 5, 2023 7:42:15 AM"),
        },
        "fail": "",
    });
    // The guide's example has neither of these two; newer answers do.
    if bringup.established != Established::Absent {
        let after = Duration::from_millis(bringup.established_after_ms);
        let established = bringup.established == Established::Present && age >= after;
        status["established"] = json!(established);
        status["hardware_info"] = json!("00000000|F4:03:43:DC:90:80");
    }
    status
}
