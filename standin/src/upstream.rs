//! IBKR as the Gateway sees it: the login under `/sso`, the Web API under `/v1`.

mod authenticator;
mod dialect;
mod dispatcher;
mod factors;
mod page;
mod webapi;

use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::{StandinPart, World};
use std::sync::Arc;

/// Where a gateway front reports each request, and gets the scripted answer to it, if there is one.
/// Not a part of IBKR; never in the record.
pub(crate) const SCRIPT_PATH: &str = "/__standin/gateway";

/// Answers one request to the upstream.
pub(crate) fn answer(world: &Arc<World>, request: &HttpRequest) -> HttpReply {
    if request.path() == SCRIPT_PATH {
        return HttpReply::Answer(for_the_gateway(world, request));
    }
    let scripted = noted(world, StandinPart::Upstream, request);
    if is_beyond_limits(world) {
        return HttpReply::Answer(Response::bare(429, ""));
    }
    scripted
        .and_then(|answer| answer.play())
        .unwrap_or_else(|| route(world, request))
}

fn noted(
    world: &World,
    part: StandinPart,
    request: &HttpRequest,
) -> Option<crate::world::Scripted> {
    let mut truth = world.truth();
    truth.record.add(world.elapsed_ms(), part, request);
    truth.script.answer(part, request)
}

/// Whether a request that was just noted is one too many.
fn is_beyond_limits(world: &World) -> bool {
    let mut truth = world.truth();
    if !truth.script.limits {
        return false;
    }
    let (all, tickles) = truth.record.of_last_second(world.elapsed_ms());
    let is_beyond = all > 10 || tickles > 1;
    truth.beyond_limits += u64::from(is_beyond);
    is_beyond
}

fn for_the_gateway(world: &World, request: &HttpRequest) -> Response {
    let reported = request.json();
    let text = |key: &str| reported[key].as_str().unwrap_or_default().to_owned();
    let mut asked = HttpRequest {
        method: text("method"),
        target: text("target"),
        body: text("body").into_bytes(),
        ..HttpRequest::default()
    };
    for pair in reported["headers"].as_array().into_iter().flatten() {
        asked.headers.push(
            pair[0].as_str().unwrap_or_default(),
            pair[1].as_str().unwrap_or_default(),
        );
    }
    match noted(world, StandinPart::Gateway, &asked) {
        Some(answer) => Response::json(&serde_json::to_value(answer).unwrap_or_default()),
        None => Response::bare(204, ""),
    }
}

fn route(world: &Arc<World>, request: &HttpRequest) -> HttpReply {
    HttpReply::Answer(match request.path() {
        "/sso/Login" => return page::answer(world, request),
        "/sso/Authenticator" => authenticator::answer(world, request),
        "/sso/Dispatcher" => return dispatcher::answer(world, request),
        "/sso/ping" => Response::json(&serde_json::json!({})),
        // Telemetry: the page tells, and nothing depends on the answer.
        "/sso/report" => Response::bare(200, "").with("Content-Type", "text/html"),
        path => match path
            .strip_prefix("/v1/api/")
            .or_else(|| path.strip_prefix("/v1/portal/"))
        {
            Some(endpoint) => webapi::answer(world, endpoint, request),
            None => page::asset(world, path).unwrap_or_else(|| Response::bare(404, "")),
        },
    })
}
