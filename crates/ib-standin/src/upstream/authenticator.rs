//! `/sso/Authenticator`: the exchange and the second factor, in the JSON dialect of today's page
//! (capture of May 2026, machdat/broker-gateway; marchenko1985/clientportal).
//!
//! The members of the second factor's answers are nowhere published in JSON; they carry the names
//! of the XML dialect (michaeljherrmann/ib-gateway-service `server/auth`).

use super::page::new_session_cookie;
use crate::http::{Request, Response};
use crate::srp::Exchange;
use crate::world::{Attempt, Mode, Truth, World};
use crate::{hex, random, rsa, srp, totp};
use serde_json::{Value, json};

/// Voyz/ibeam#237, #238, #240.
pub const MISMATCH: &str = "You have selected the Live Account Mode, but the specified user is a Paper Trading user. Please select the correct Login mode.";
const WRONG_CODE: &str = "Incorrect security code";
const AUTHENTICATOR: &str = "4";
const PUSH: &str = "5.2a";

/// Answers one step of a login.
pub fn answer(world: &World, request: &Request) -> Response {
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
        "COMPLETEAUTH_1" => choose(&mut truth, request, &id),
        "COMPLETETWOFACT" => satisfy(&mut truth, request, &id),
        _ => None,
    };
    let answer = Response::json(&body.unwrap_or_else(|| json!({"error": "Authentication failed"})));
    match fresh {
        Some(id) => answer.with("Set-Cookie", new_session_cookie(&id)),
        None => answer,
    }
}

fn begin(truth: &mut Truth, request: &Request, id: &str) -> Option<Value> {
    let username = request.field("USER")?.to_lowercase();
    let mode = Mode::of_login_type(&request.field("LOGIN_TYPE").unwrap_or_default());
    let user = truth
        .script
        .users
        .iter()
        .find(|user| user.username == username)
        .cloned();
    // A name nobody has gets numbers too, and is wrong only at the proof.
    let (password, salt) = match &user {
        Some(user) => (user.password.clone(), user.salt.clone()),
        None => (hex::encode(&random::bytes::<16>()), "01020304".to_owned()),
    };
    let secret = random::bytes();
    let exchange = Exchange::begin(
        &username,
        &password,
        &hex::decode(&salt)?,
        &request.field("A")?,
        secret,
    )?;
    let answer = json!({
        "g": srp::GENERATOR.to_string(),
        "N": srp::MODULUS,
        "proto": "6",
        "hash": "SHA1",
        "s": salt,
        "B": exchange.server_number(),
        "lp": true,
        "paper": user.as_ref().is_some_and(|user| user.mode == Mode::Paper),
        "rsapub": rsa::MODULUS,
    });
    let (shared, factors, chosen, approved, complete) = (None, Vec::new(), None, false, false);
    truth.attempts.put(
        id,
        Attempt {
            user,
            username,
            mode,
            exchange,
            shared,
            factors,
            chosen,
            approved,
            complete,
        },
    );
    Some(answer)
}

fn prove(truth: &mut Truth, request: &Request, id: &str) -> Option<Value> {
    truth.submissions += 1;
    let now = truth.now();
    let attempt = truth.attempts.take(id)?;
    let username = attempt.username.clone();
    let locked = truth.attempts.locked(&username, now);
    if !locked
        && attempt.mode == Mode::Live
        && attempt
            .user
            .as_ref()
            .is_some_and(|user| user.mode == Mode::Paper)
    {
        return Some(json!({"M2": null, "reached_max_login": false, "error": MISMATCH}));
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
    // Exactly these two members when no second factor is asked for.
    let mut answer = json!({"M2": shared.m2, "reached_max_login": false});
    if !factors.is_empty() {
        answer["sftypes"] = json!(factors);
    }
    let complete = factors.is_empty();
    if complete {
        truth.attempts.succeed(&username);
    }
    truth.attempts.put(
        id,
        Attempt {
            shared: Some(shared),
            factors,
            complete,
            ..attempt
        },
    );
    Some(answer)
}

fn choose(truth: &mut Truth, request: &Request, id: &str) -> Option<Value> {
    let attempt = truth.attempts.get(id)?;
    let factor = request
        .field("SF")
        .filter(|factor| attempt.factors.contains(factor))?;
    let again = attempt.chosen.as_ref() == Some(&factor);
    let push = factor == PUSH;
    attempt.chosen = Some(factor);
    truth.pushes += u64::from(push);
    truth.resends += u64::from(push && again);
    Some(json!({"two_factor": {"type": if push { "PUSH" } else { "SWTK" }}}))
}

fn satisfy(truth: &mut Truth, request: &Request, id: &str) -> Option<Value> {
    let now = truth.now();
    let attempt = truth.attempts.get(id)?;
    let username = attempt.username.clone();
    let right = if request.field("PUSH").is_some_and(|push| push == "true") {
        attempt.approved && attempt.chosen.as_deref() == Some(PUSH)
    } else {
        let code = request.field("RESPONSE").unwrap_or_default();
        let seed = attempt
            .user
            .as_ref()
            .and_then(|user| user.totp_seed.clone());
        let typed = attempt.chosen.as_deref() == Some(AUTHENTICATOR);
        truth.codes += 1;
        let right = seed.filter(|_| typed).is_some_and(|seed| {
            let current = totp::window(now.as_secs());
            let windows = [current.saturating_sub(1), current, current + 1];
            let fits = windows
                .into_iter()
                .find(|window| totp::code(&seed, *window).as_deref() == Some(code.trim()));
            fits.is_some_and(|window| truth.attempts.use_code(&username, window))
        });
        if !right {
            truth.attempts.fail(&username, now);
            return Some(json!({"auth_res": false, "error": WRONG_CODE}));
        }
        right
    };
    if right {
        truth.attempts.get(id)?.complete = true;
        truth.attempts.succeed(&username);
    }
    Some(json!({"auth_res": right}))
}
