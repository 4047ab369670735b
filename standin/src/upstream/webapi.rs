//! The Web API: the session's status, its keep-alive, its brokerage half.
//!
//! Bodies follow IBKR's reference of the Client Portal Web API; `collission` is spelt so there.

use crate::http::{HttpRequest, Response};
use crate::world::{Established, Truth, WebSession, World};
use crate::{hex, random, srp};
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

/// Answers one endpoint, named without its prefix.
pub(crate) fn answer(world: &World, endpoint: &str, request: &HttpRequest) -> Response {
    if endpoint == "iserver/auth/ssodh/init" {
        let delay = Duration::from_millis(world.truth().script.bringup.init_delay_ms);
        thread::sleep(delay);
    }
    let mut truth = world.truth();
    let cookie = request
        .cookie("XYZAB_AM.LOGIN")
        .or_else(|| request.cookie("XYZAB"));
    let Some(session) = truth
        .session
        .as_mut()
        .filter(|session| session.carried_by(cookie))
    else {
        // What IBKR puts into the body is not published.
        return Response::bare(401, "");
    };
    let own = request.json();
    match endpoint {
        "tickle" => Response::json(&tickle(&truth)),
        "sso/validate" => validate(&mut truth, request),
        "iserver/auth/status" => Response::json(&status(&truth)),
        "iserver/auth/ssodh/init" => {
            truth.inits += 1;
            Response::json(&open_brokerage(&mut truth, &own))
        }
        "iserver/auth/ssodh/response" => Response::json(&respond(&mut truth, &own)),
        "ssodh/init" => Response::json(&json!({"success": true})),
        "ssodh/st" => Response::json(&json!({"st": session.key})),
        "one/user" => Response::json(
            &json!({"username": session.user, "uar": {"portfolioStatus": true}, "wbId": "stand-in", "has2FA": false}),
        ),
        "iserver/accounts" if session.authenticated() => Response::json(&json!({
            "accounts": ["DU1234567"], "aliases": {"DU1234567": "DU1234567"}, "selectedAccount": "DU1234567",
            "allowFeatures": {"showGFIS": true}, "sessionId": "stand-in", "isPaper": session.mode == crate::world::AccountMode::Paper,
        })),
        "logout" => {
            truth.session = None;
            Response::json(&json!({"status": true}))
        }
        // The brokerage session is not open (ibind#104).
        _ if endpoint.starts_with("iserver/") && !session.authenticated() => Response {
            status: 400,
            ..Response::json(&json!({"error": "Bad Request: no bridge", "statusCode": 400}))
        },
        _ => Response::bare(404, ""),
    }
}

fn tickle(truth: &Truth) -> Value {
    json!({
        "session": truth.session.as_ref().map(|session| &session.key),
        "ssoExpires": 590_000,
        "collission": false,
        "userId": 123_456_789,
        "hmds": {"error": "no bridge"},
        "iserver": {"authStatus": status(truth)},
    })
}

fn status(truth: &Truth) -> Value {
    let session = truth.session.as_ref();
    let authenticated = session.is_some_and(WebSession::authenticated);
    let named = authenticated && !truth.script.bringup.no_server_name;
    let mut status = json!({
        "authenticated": authenticated,
        "competing": session.is_some_and(|session| session.competing),
        "connected": session.is_some_and(|session| session.connected),
        "message": "",
        "MAC": "02:00:00:00:00:01",
        "serverInfo": {
            "serverName": named.then_some("JifN19053"),
            "serverVersion": named.then_some("Build 10.25.0p, Dec 5, 2023 5:48:12 PM"),
        },
        "hardware_info": "00000000|02:00:00:00:00:01",
        "fail": "",
    });
    if truth.script.bringup.established != Established::Absent {
        status["established"] = json!(truth.established());
    }
    status
}

fn validate(truth: &mut Truth, request: &HttpRequest) -> Response {
    if request.query() == "gw=1" && truth.script.bringup.validate_fails > 0 {
        truth.script.bringup.validate_fails -= 1;
        return Response::bare(500, "");
    }
    let now = truth.now().as_millis();
    let user = truth.session.as_ref().map(|session| &session.user);
    Response::json(&json!({
        "USER_ID": 123_456_789,
        "USER_NAME": user,
        "RESULT": true,
        "AUTH_TIME": u64::try_from(now).unwrap_or_default(),
        "SF_ENABLED": false,
        "IS_FREE_TRIAL": false,
        "CREDENTIAL": user,
        "IP": "203.0.113.7",
        "EXPIRES": 590_000,
        "QUALIFIED_FOR_MOBILE_AUTH": null,
        "LANDING_APP": "UNIVERSAL",
        "IS_MASTER": false,
        "lastAccessed": u64::try_from(now).unwrap_or_default(),
        "LOGIN_TYPE": truth.session.as_ref().map(|session| if session.mode == crate::world::AccountMode::Paper { 2 } else { 1 }),
        "PAPER_USER_NAME": user,
        "features": {"env": "PROD", "wlms": true, "realtime": true},
        "region": "NJ",
    }))
}

/// The Gateway's own request names a machine and is given a challenge. Any other client's opens the
/// brokerage session at once.
fn open_brokerage(truth: &mut Truth, asked: &Value) -> Value {
    let needs_init = truth.script.bringup.needs_init;
    let Some(session) = truth.session.as_mut() else {
        return Value::Null;
    };
    if asked.get("machineId").is_some() {
        if needs_init {
            return json!({"wait": true});
        }
        let challenge = hex::encode(&random::bytes::<20>());
        session.competing &= asked["compete"] != true;
        session.challenge = Some(challenge.clone());
        return json!({"challenge": challenge});
    }
    session.open_brokerage(asked["compete"] == true);
    status(truth)
}

fn respond(truth: &mut Truth, asked: &Value) -> Value {
    let Some(session) = truth.session.as_mut() else {
        return Value::Null;
    };
    let whole = session
        .challenge
        .take()
        .map(|challenge| hex::joined(&challenge, &session.key));
    let expected = whole
        .and_then(|whole| hex::decode(&whole))
        .map(|bytes| hex::encode(&srp::sha1(&[&bytes])));
    if expected.is_some_and(|expected| asked["response"].as_str() == Some(&expected)) {
        session.open_brokerage(true);
    }
    status(truth)
}
