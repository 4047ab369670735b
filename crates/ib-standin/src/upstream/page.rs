//! The login page of today (version 2): static HTML without a form, and the script that injects
//! one (machdat/broker-gateway; selectors of Voyz/ibeam 0.5.12).

use crate::http::{Request, Response};
use crate::world::World;
use crate::{hex, random};

const SHELL: &str = include_str!("page/login.html");
const STYLES: &str = include_str!("page/login.css");
const BUNDLE: [&str; 4] = [
    include_str!("page/arithmetic.js"),
    include_str!("page/proof.js"),
    include_str!("page/markup.js"),
    include_str!("page/steps.js"),
];

/// The page. Each one is a new login: whatever another page had begun is lost with its
/// `JSESSIONID`, a push included.
pub fn login(world: &World, request: &Request) -> Response {
    let truth = world.truth();
    let moods = serde_json::to_string(&truth.script.page).unwrap_or_default();
    let html = SHELL
        .replace("@TITLE@", &truth.script.page.title)
        .replace("@MOODS@", &moods.replace('<', "\\u003c"));
    let id = hex::encode(&random::bytes::<16>());
    Response::bare(200, html)
        .with("Content-Type", "text/html;charset=UTF-8")
        .with("Cache-Control", "max-age=0, no-cache, no-store")
        .with("Referrer-Policy", "Origin-when-cross-origin")
        .with("X-Content-Type-Options", "nosniff")
        .with("Strict-Transport-Security", "max-age=600")
        .with(
            "Content-Security-Policy",
            "default-src 'self' https://*.interactivebrokers.com",
        )
        .with("Vary", "Accept-Encoding,Origin")
        .with(
            "Set-Cookie",
            format!("URL_PARAM=\"{}\"; Path=/; Secure", request.query()),
        )
        .with(
            "Set-Cookie",
            format!("x-sess-uuid={}; Path=/; Secure; HttpOnly", &id[..16]),
        )
        .with("Set-Cookie", "partnerID=; Path=/; Max-Age=0")
        .with("Set-Cookie", new_session_cookie(&id))
}

/// The cookie that names a login under way.
pub fn new_session_cookie(id: &str) -> String {
    format!("JSESSIONID={id}; Path=/sso; HttpOnly; Secure; SameSite=None")
}

/// The page's script.
pub fn bundle() -> Response {
    Response::bare(200, BUNDLE.concat())
        .with("Content-Type", "application/javascript;charset=UTF-8")
}

/// The page's style sheet.
pub fn styles() -> Response {
    Response::bare(200, STYLES).with("Content-Type", "text/css")
}
