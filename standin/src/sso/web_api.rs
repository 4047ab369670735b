//! The Web API below `/v1/api`, for the bearer of a token.

use super::call::{Call, error};
use super::{brokerage, validation};
use crate::http::{HttpRequest, Response};
use crate::world::{SsoWorld, Truth, World};
use crate::{hex, random};
use serde_json::json;
use std::thread;
use std::time::Duration;

/// Answers one request.
pub(crate) fn answer(world: &World, request: &HttpRequest) -> Response {
    let Some(endpoint) = request.path().strip_prefix("/v1/api") else {
        return error(404, "Not Found");
    };
    if endpoint.ends_with("/ssodh/init") {
        let delay = Duration::from_millis(world.truth().script.bringup.init_delay_ms);
        thread::sleep(delay);
    }
    let mut truth = world.truth();
    let now = truth.clock();
    let Truth { script, sso, .. } = &mut *truth;
    let sso = sso.get_or_insert_with(SsoWorld::default);
    // The box is for an address: neither the request nor the token counts.
    if now < sso.penalty_until {
        return validation::too_many();
    }

    let mut bearers = request.headers.all("authorization");
    let Some(bearer) = bearers.next() else {
        return error(401, "not authenticated");
    };
    let one = bearers.next().is_none();
    let text = bearer.strip_prefix("Bearer ").filter(|_| one);
    let place = text.and_then(|text| sso.place(text, now));
    let device = script.sso.device_ip.as_ref();
    let Some(place) =
        place.filter(|place| device.is_none_or(|device| *device == sso.tokens[*place].ip))
    else {
        return access_denied();
    };
    let cookie = format!("api={}; Path=/; Secure; HttpOnly", sso.tokens[place].cookie);
    let answer = route(Call {
        request,
        endpoint,
        script,
        sso,
        place,
        now,
    });
    // Seen in the log of IBKR's own sample client (masullivanib/webapi-client).
    let session = hex::encode(&random::bytes::<8>());
    answer.with("Set-Cookie", cookie).with(
        "Set-Cookie",
        format!("x-sess-uuid={session}; Path=/; Secure; HttpOnly"),
    )
}

fn route(mut call: Call) -> Response {
    let now = call.now;
    let endpoint = call.endpoint;
    let ended = call.token().ended;
    let opened = call.token().opened;
    let is_init = call.script.sso.init_path.is_at(endpoint);
    match (call.request.method.as_str(), endpoint) {
        // Voyz/ibind#134 and Voyz/ibeam#174: the session is stale, or was logged out.
        ("POST", _) if ended && is_init => Response::bare(410, ""),
        (_, "/sso/validate") if ended => access_denied(),
        ("GET", "/sso/validate") => validation::answer(&mut call),
        (_, "/sso/validate") => error(405, "Method Not Allowed"),
        _ if ended || opened.is_none() => error(401, "not authenticated"),
        ("POST", "/logout") => {
            call.token().end();
            // IBKR's Web API reference; older ones have {"confirmed":true}.
            Response::json(&json!({"status": true}))
        }
        (method, _) => {
            call.token().brokerage.touch(now);
            match (method, endpoint) {
                // The reference has POST, its table of paces GET.
                ("GET" | "POST", "/tickle") => brokerage::tickle(&mut call),
                ("POST", "/iserver/auth/status") => brokerage::auth_status(&mut call),
                _ if endpoint.starts_with("/iserver/") => iserver(call, is_init),
                _ => Response::json(&json!({})),
            }
        }
    }
}

fn iserver(mut call: Call, is_init: bool) -> Response {
    let now = call.now;
    let needs_cookie = call.script.sso.needs_cookie;
    let shown = call.request.cookie("api");
    let has_cookie = shown.is_some_and(|shown| shown == call.token().cookie);
    if needs_cookie && !has_cookie {
        return no_bridge();
    }
    match call.request.method.as_str() {
        "POST" if is_init => brokerage::open(&mut call),
        _ if call.endpoint.ends_with("/ssodh/init") => error(404, "Not Found"),
        _ if !call.token().brokerage.is_open(now) => no_bridge(),
        _ => Response::json(&json!({})),
    }
}

/// What a bad token gets: unknown, expired, or from another address (seen by users of the Web
/// API's `sso/validate`).
fn access_denied() -> Response {
    Response::bare(401, "Access Denied").with("Content-Type", "text/html;charset=UTF-8")
}

/// There is no brokerage session (Voyz/ibind#44, #104).
fn no_bridge() -> Response {
    error(400, "Bad Request: no bridge")
}
