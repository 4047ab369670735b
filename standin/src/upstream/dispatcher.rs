//! `/sso/Dispatcher`: where a login that misses nothing becomes a session.

use super::page;
use crate::hex;
use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::{AccountMode, Instead, PendingLogin, WebSession, World};
use std::sync::Arc;

/// Redirects into the portal after a login; shows the login page again, with 200, when there was
/// none (capture of May 2026, machdat/broker-gateway). Shows what the script says to a login that misses nothing.
pub(crate) fn answer(world: &Arc<World>, request: &HttpRequest) -> HttpReply {
    if let Some(after) = due(world, request) {
        return page::instead(world, after, request);
    }
    HttpReply::Answer(match open(world, request) {
        Some(mode) => {
            let login_type = if mode == AccountMode::Paper { 2 } else { 1 };
            let portal = "https://www.interactivebrokers.com/Universal/servlet/AccountAccess.AuthenticateSSO";
            Response::bare(302, "")
                .with(
                    "Location",
                    format!("{portal}?loginType={login_type}&forwardTo=22&clt=0&RL=1&ip2loc=US"),
                )
                .with("Set-Cookie", "REGION=NJ; Path=/; Secure")
                .with("Set-Cookie", "USERID=123456789; Path=/; Secure")
        }
        None => return page::login(world, request),
    })
}

/// What is shown to this login first; the page that praises IB Key is shown once.
fn due(world: &World, request: &HttpRequest) -> Option<Instead> {
    let mut truth = world.truth();
    let after = truth.script.page.after?;
    let attempt = truth.attempts.get(request.cookie("JSESSIONID")?)?;
    let is_due = attempt.complete && !(after == Instead::Promo && attempt.promoted);
    attempt.promoted |= is_due && after == Instead::Promo;
    is_due.then_some(after)
}

fn open(world: &World, request: &HttpRequest) -> Option<AccountMode> {
    let mut truth = world.truth();
    let id = request.cookie("JSESSIONID")?;
    let attempt = truth.attempts.get(id).filter(|attempt| attempt.complete)?;
    let username = attempt.username.clone();
    let mode = attempt.mode;
    let shared = attempt.shared.clone()?;
    let is_whole = !attempt.is_xml || attempt.promoted || is_whole(attempt, request);
    if !attempt.is_carried_by(request) || !is_whole {
        return None;
    }
    let users = &truth.script.users;
    let is_used_elsewhere = users
        .iter()
        .any(|user| user.username == username && user.is_used_elsewhere);
    let session = WebSession {
        competing: is_used_elsewhere,
        ..WebSession::fresh(&username, mode, shared.cookie, shared.key)
    };
    truth.attempts.take(id);
    // The old session ends when a new login succeeds.
    truth.session = Some(session);
    Some(mode)
}

/// Whether a form of the page before has what that page sent (michaeljherrmann/ib-gateway-service): both proofs, and the
/// code that was given last.
fn is_whole(attempt: &PendingLogin, request: &HttpRequest) -> bool {
    let has = |name: &str, value: &str| request.field(name).is_some_and(|found| found == value);
    attempt.shared.as_ref().is_some_and(|shared| {
        has("M1", &shared.m1)
            && request
                .field("M2")
                .is_some_and(|m2| hex::same_number(&m2, &shared.m2))
            && has("chlginput", &attempt.code)
            && has("user_name", &attempt.username)
            && has("loginType", "0")
    })
}
