//! `POST /sso/dam/token`: a payload in, a token out.

use super::edge::page;
use super::{Hosts, payload};
use crate::http::{HttpRequest, Response};
use crate::world::{IssuedToken, SsoWorld, Truth};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::time::Duration;

/// ibkrguides.com/dameca, "Error Handling". It comes as HTML, and for both causes.
const WRONG_CSID: &str = "401 Authentication Error. Either CSID is incorrect or you are trying to access the service from an unauthorized IP Address.";
/// The same page. It gives no status; 200 is a guess, the one that misleads most.
const WRONG_KEY: &str =
    "Encryption Error. Payload was not signed or was signed with an incorrect key.";

/// Answers one request, which has this number in the record.
pub(crate) fn answer(hosts: &Hosts, request: &HttpRequest, number: u64) -> Response {
    if request.path() != "/sso/dam/token" {
        return page(404, "404 Not Found");
    }
    if request.method != "POST" {
        return page(405, "405 Method Not Allowed");
    }
    let Some((csid, payload)) = envelope(request) else {
        // A guess: what IBKR says of another body is not published.
        return page(400, "400 Bad Request");
    };
    if csid != hosts.csid {
        return page(401, WRONG_CSID);
    }
    // Outside of the lock: gpg takes its time.
    let opened = payload::open(&payload, &hosts.gnupg_home);
    let mut truth = hosts.world.truth();
    let truth = &mut *truth;
    truth.record.add_gnupg(number, opened.verdict);
    let now = truth.clock();
    let Truth { script, sso, .. } = truth;
    let sso = sso.get_or_insert_with(SsoWorld::default);
    let Some(plaintext) = opened.plaintext else {
        sso.payloads_refused += 1;
        return Response::bare(200, WRONG_KEY).with("Content-Type", "text/plain;charset=UTF-8");
    };
    let wanted = TokenRequest::read(&plaintext);
    sso.last_ip = wanted.as_ref().map(|wanted| wanted.ip.clone());
    sso.last_plaintext = Some(plaintext);
    let known = |user: &String| match &script.sso.usernames {
        None => true,
        Some(names) => names.contains(user),
    };
    let Some(TokenRequest { user, ip }) = wanted.filter(|wanted| known(&wanted.user)) else {
        // A guess: neither the status nor the shape of this answer is published.
        return Response::json(&json!({"RESULT": false}));
    };
    let life = Duration::from_millis(script.sso.token_life_ms);
    let token = IssuedToken::new(&user, &ip, now, life);
    let answer = json!({"ACCESS_TOKEN": token.text, "TOKEN_TYPE": "Bearer", "RESULT": true});
    sso.tokens.push(token);
    Response::json(&answer)
}

/// The CSID and the payload of a body that holds these two and nothing else.
fn envelope(request: &HttpRequest) -> Option<(String, String)> {
    let media = request.headers.get("content-type")?;
    if !media.to_ascii_lowercase().starts_with("application/json") {
        return None;
    }
    let body = request.json();
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    (body.as_object()?.len() == 2).then_some((text("csid")?, text("payload")?))
}

/// The username that a token is for, and the address.
struct TokenRequest {
    user: String,
    ip: String,
}

impl TokenRequest {
    /// Reads the three keys of a plaintext; `None` when it has others or other kinds of values.
    fn read(plaintext: &str) -> Option<Self> {
        let wanted: Value = serde_json::from_str(plaintext).ok()?;
        let text = |key: &str| wanted[key].as_str().map(str::to_owned);
        let (user, ip, context) = (text("CREDENTIAL")?, text("IP")?, text("CONTEXT")?);
        let whole = wanted.as_object()?.len() == 3 && context == "CP_API";
        // That an IPv6 address is taken is a guess: every example of IBKR's is IPv4.
        let sound = !user.is_empty() && ip.parse::<IpAddr>().is_ok();
        (whole && sound).then_some(Self { user, ip })
    }
}
