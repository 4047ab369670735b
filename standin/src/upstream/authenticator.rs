//! `/sso/Authenticator`: the exchange and the second factor, as today's page asks for it (capture of
//! May 2026, machdat/broker-gateway; marchenko1985/clientportal) and as older clients do
//! (michaeljherrmann/ib-gateway-service `server/auth`).

use super::page::new_session_cookie;
use super::{dialect, factors};
use crate::http::{HttpRequest, Response};
use crate::srp::ServerExchange;
use crate::world::{AccountMode, M2, PendingLogin, Truth, World};
use crate::{hex, random, rsa, srp};
use serde_json::{Value, json};

/// Voyz/ibeam#237, #238, #240.
pub(crate) const MISMATCH: &str = "You have selected the Live Account Mode, but the specified user is a Paper Trading user. Please select the correct Login mode.";

/// The same the other way round. It is not published: a guess by the words of the first.
pub(crate) const MISMATCH_LIVE: &str = "You have selected the Paper Trading Account Mode, but the specified user is a Live user. Please select the correct Login mode.";

/// Answers one step of a login.
pub(crate) fn answer(world: &World, request: &HttpRequest) -> Response {
    let mut truth = world.truth();
    let known = request.cookie("JSESSIONID").filter(|id| !id.is_empty());
    let fresh = known.is_none().then(|| hex::encode(&random::bytes::<16>()));
    let id = known
        .map(str::to_owned)
        .or_else(|| fresh.clone())
        .unwrap_or_default();
    let body = match request.field("ACTION").unwrap_or_default().as_str() {
        "INIT" => begin(&mut truth, request, &id),
        "COMPLETEAUTH" => prove(&mut truth, request, &id),
        "COMPLETEAUTH_1" => factors::choose(&mut truth, request, &id),
        "COMPLETETWOFACT" => factors::satisfy(&mut truth, request, &id),
        _ => None,
    };
    let body = body.unwrap_or_else(|| json!({"error": "Authentication failed"}));
    let answer = dialect::answer(request, &body);
    match fresh {
        Some(id) => answer.with("Set-Cookie", new_session_cookie(&id)),
        None => answer,
    }
}

fn begin(truth: &mut Truth, request: &HttpRequest, id: &str) -> Option<Value> {
    let username = request.field("USER")?.to_lowercase();
    let user = truth
        .script
        .users
        .iter()
        .find(|user| user.username == username)
        .cloned();
    let mode = match &user {
        Some(user) if truth.script.page.no_toggle => user.mode,
        _ => AccountMode::of_login_type(&request.field("LOGIN_TYPE").unwrap_or_default()),
    };
    // An unknown username gets numbers too, and is wrong only at the proof.
    let (mut password, salt) = match &user {
        Some(user) => (user.password.clone(), user.salt.clone()),
        None => (hex::encode(&random::bytes::<16>()), "01020304".to_owned()),
    };
    let lies = truth.script.login.clone();
    if lies.short_passwords {
        password = password.chars().take(8).collect();
    }
    let terms = lies.terms(truth.beginnings);
    truth.beginnings += 1;
    let secret = random::bytes();
    let exchange = ServerExchange::begin(
        terms.clone(),
        &username,
        &password,
        &hex::decode(&salt)?,
        &request.field("A")?,
        secret,
    )?;
    let is_paper = user
        .as_ref()
        .is_some_and(|user| user.mode == AccountMode::Paper);
    let answer = json!({
        "g": srp::GENERATOR.to_string(),
        "N": terms.group.modulus(),
        "proto": terms.proto,
        "hash": terms.hash,
        "s": salt,
        "B": exchange.server_number(),
        "lp": !lies.short_passwords,
        "paper": lies.paper.unwrap_or(is_paper),
        "rsapub": rsa::MODULUS,
    });
    truth.attempts.put(
        id,
        PendingLogin {
            user,
            username,
            mode,
            exchange,
            shared: None,
            factors: Vec::new(),
            chosen: None,
            code: String::new(),
            is_xml: dialect::is_xml(request),
            pushed: None,
            approved: false,
            promoted: false,
            complete: false,
        },
    );
    Some(answer)
}

fn prove(truth: &mut Truth, request: &HttpRequest, id: &str) -> Option<Value> {
    truth.submissions += 1;
    let now = truth.now();
    let attempt = truth.attempts.take(id)?;
    let username = attempt.username.clone();
    let locked = truth.attempts.locked(&username, now);
    let user = attempt.user.as_ref();
    let mismatch = user.and_then(|user| match attempt.mode {
        AccountMode::Live => (user.mode == AccountMode::Paper).then_some(MISMATCH),
        AccountMode::Paper => user.live_only.then_some(MISMATCH_LIVE),
    });
    if let Some(text) = mismatch.filter(|_| !locked) {
        return Some(json!({"M2": null, "reached_max_login": false, "error": text}));
    }
    let shared = attempt
        .exchange
        .check(&request.field("M1").unwrap_or_default());
    let sealed = rsa::open(&request.field("EKX").unwrap_or_default()).unwrap_or_default();
    let shared = shared.filter(|shared| !locked && hex::same_number(&shared.key, &sealed));
    let (Some(user), Some(shared)) = (&attempt.user, shared) else {
        truth.attempts.fail(&username, now);
        return Some(
            json!({"M2": null, "reached_max_login": truth.attempts.locked(&username, now)}),
        );
    };
    let factors = user.factors(attempt.mode);
    let lies = &truth.script.login;
    let m2 = match lies.m2 {
        M2::Right => json!(shared.m2),
        M2::Wrong => json!(shared.cookie),
        M2::Missing => Value::Null,
    };
    // Exactly these two members when no second factor is asked for.
    let mut answer =
        json!({"M2": m2, "reached_max_login": lies.reached_max_login.unwrap_or(false)});
    if lies.factors_as_text && !factors.is_empty() {
        answer["sftypes"] = json!(factors.join(","));
    } else if !factors.is_empty() {
        answer["sftypes"] = json!(factors);
    }
    let complete = factors.is_empty();
    if complete {
        truth.attempts.succeed(&username);
    }
    truth.attempts.put(
        id,
        PendingLogin {
            shared: Some(shared),
            factors,
            complete,
            ..attempt
        },
    );
    Some(answer)
}
