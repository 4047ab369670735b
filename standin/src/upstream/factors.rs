//! The second factors: which one, and whether its code is right.
//!
//! The members of the answers are nowhere published in JSON; they carry the names of the XML dialect
//! (michaeljherrmann/ib-gateway-service `server/auth`).

use crate::http::HttpRequest;
use crate::totp;
use crate::world::{PushState, Truth};
use serde_json::{Value, json};
use std::time::Instant;

/// The code of every text message, the values of every card, every temporary code.
const TYPED: &str = "482913";
/// The challenge of every device, as IBKR writes it, and its answer: what an IB Key with the key, counter and PIN of
/// a published OCRA vector gives for it (RFC 6287).
const CHALLENGE: (&str, &str) = ("111 222", "39166143");
const WRONG_CODE: &str = "Incorrect security code";
const AUTHENTICATOR: &str = "4";
const SMS: &str = "4.2";
const PUSH: [&str; 2] = ["5.2a", "5.2i"];

/// Begins a second factor: sends the text message or the notification.
pub(crate) fn choose(truth: &mut Truth, request: &HttpRequest, id: &str) -> Option<Value> {
    let push = &truth.script.push;
    let key_challenges = truth.script.login.key_challenges;
    let attempt = truth.attempts.get(id)?;
    let proof = request.field("M1")?;
    let is_proven = attempt
        .shared
        .as_ref()
        .is_some_and(|shared| shared.m1 == proof);
    if !is_proven || !attempt.is_carried_by(request) {
        return None;
    }
    let factor = request
        .field("SF")
        .filter(|factor| attempt.factors.contains(factor))?;
    let again = attempt.chosen.as_ref() == Some(&factor);
    // How the page asks for a challenge in place of a notification is nowhere published: this field is a guess.
    let asks_for_challenge = request
        .field("CHALLENGE")
        .is_some_and(|asks| asks == "true");
    let is_key = PUSH.contains(&factor.as_str()) && !key_challenges && !asks_for_challenge;
    let is_push = is_key && !push.by_qr_code;
    let is_text = factor == SMS && delivery(request) == "text";
    let answer = match factor.as_str() {
        _ if is_push && push.with_challenge => json!({"type": "PUSH", "challenge": CHALLENGE.0}),
        _ if is_push => json!({"type": "PUSH"}),
        // Nowhere published, as those of a passkey and of a code by email.
        _ if is_key => json!({"type": "QR"}),
        "5" | "5.1" | "5.2a" | "5.2i" => json!({"type": "SWCR", "challenge": CHALLENGE.0}),
        "6" => json!({"type": "IBTK"}),
        "3" | AUTHENTICATOR | "4.1" | SMS => json!({"type": "SWTK"}),
        other => json!({"type": other}),
    };
    attempt.chosen = Some(factor);
    if is_push {
        attempt.pushed = Some(Instant::now());
    }
    truth.pushes += u64::from(is_push);
    truth.texts += u64::from(is_text);
    truth.resends += u64::from((is_push || is_text) && again);
    Some(json!({"two_factor": answer}))
}

/// How a one-time code is to be sent. How the page tells is nowhere published: this field is a guess.
fn delivery(request: &HttpRequest) -> String {
    request
        .field("DELIVERY")
        .unwrap_or_else(|| "text".to_owned())
}

/// Takes a code, or is asked whether a notification was approved.
pub(crate) fn satisfy(truth: &mut Truth, request: &HttpRequest, id: &str) -> Option<Value> {
    let attempt = truth.attempts.get(id)?;
    if !attempt.is_carried_by(request) {
        return None;
    }
    let chosen = attempt.chosen.clone()?;
    if request.field("PUSH").is_some_and(|push| push == "true") {
        return Some(await_push(truth, id, &chosen));
    }
    let code = request.field("RESPONSE").unwrap_or_default();
    let is_used_up = attempt.complete && !attempt.code.is_empty();
    truth.codes += 1;
    if is_used_up {
        // Enter and a click on the button, both, have spoilt a right answer (isaacrowntree/sovereign-ibkr-fund).
        truth.attempts.get(id)?.complete = false;
        return Some(json!({"auth_res": false, "error": "Authentication failed"}));
    }
    if is_right(truth, id, &chosen, code.trim()) {
        truth.attempts.get(id)?.code = code;
        complete(truth, id);
        return Some(json!({"auth_res": true}));
    }
    let now = truth.now();
    let username = truth.attempts.get(id)?.username.clone();
    truth.attempts.fail(&username, now);
    Some(json!({"auth_res": false, "error": WRONG_CODE}))
}

fn await_push(truth: &mut Truth, id: &str, chosen: &str) -> Value {
    let push = truth.script.push.clone();
    let attempt = truth.attempts.get(id);
    let attempt = attempt.filter(|_| PUSH.contains(&chosen));
    let state = attempt.map(|attempt| {
        if attempt.approved {
            return PushState::Approved;
        }
        attempt
            .pushed
            .map_or(PushState::Pending, |pushed| push.state(pushed.elapsed()))
    });
    match state {
        Some(PushState::Approved) => {
            complete(truth, id);
            json!({"auth_res": true})
        }
        Some(PushState::Over(text)) => json!({"auth_res": false, "error": text}),
        Some(PushState::Pending) | None => json!({"auth_res": false}),
    }
}

fn is_right(truth: &mut Truth, id: &str, chosen: &str, code: &str) -> bool {
    let current = totp::window(truth.now().as_secs());
    let Some(attempt) = truth.attempts.get(id) else {
        return false;
    };
    match chosen {
        AUTHENTICATOR => {
            let username = attempt.username.clone();
            let seed = attempt
                .user
                .as_ref()
                .and_then(|user| user.totp_seed.clone());
            let windows = [current.saturating_sub(1), current, current + 1];
            seed.and_then(|seed| {
                windows
                    .into_iter()
                    .find(|window| totp::code(&seed, *window).as_deref() == Some(code))
            })
            .is_some_and(|window| truth.attempts.use_code(&username, window))
        }
        "5" | "5.1" | "5.2a" | "5.2i" => code == CHALLENGE.1,
        _ => code == TYPED,
    }
}

fn complete(truth: &mut Truth, id: &str) {
    let Some(attempt) = truth.attempts.get(id) else {
        return;
    };
    attempt.complete = true;
    let username = attempt.username.clone();
    truth.attempts.succeed(&username);
}
