//! The login page, and what its users have met in its place.
//!
//! Today's (version 2) is static HTML without a form, and the script that injects one (machdat/broker-gateway;
//! selectors of Voyz/ibeam 0.5.12). The one before (version 1) has its form in the HTML (saved copies of 2020 and
//! 2022, reused in public).

mod instead;

use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::{Frame, Truth, Version, World};
use crate::{hex, random};

const SHELL: &str = include_str!("page/v2/login.html");
const SHELL_OF_FRAME: &str = include_str!("page/frame.html");
const SHELL_BEFORE: &str = include_str!("page/v1/login.html");
const STYLES: &str = include_str!("page/login.css");
const BUNDLE: &str = concat!(
    include_str!("page/arithmetic.js"),
    include_str!("page/proof.js"),
    include_str!("page/wire.js"),
    include_str!("page/cookies.js"),
    include_str!("page/v2/markup.js"),
    include_str!("page/v2/widget.js"),
    include_str!("page/v2/form.js"),
    include_str!("page/v2/factors.js"),
    include_str!("page/v2/push.js"),
    include_str!("page/v2/inject.js"),
);
const BUNDLE_BEFORE: &str = concat!(
    include_str!("page/arithmetic.js"),
    include_str!("page/proof.js"),
    include_str!("page/wire.js"),
    include_str!("page/cookies.js"),
    include_str!("page/v1/form.js"),
    include_str!("page/v1/factors.js"),
    include_str!("page/v1/initialize.js"),
);

/// What marks the request for the page within the frame.
const FRAMED: &str = "framed=1";

/// Answers `/sso/Login`: with the page, or with what the script puts in its place.
pub(crate) fn answer(world: &World, request: &HttpRequest) -> HttpReply {
    let in_its_place = world.truth().script.page.instead;
    match in_its_place {
        Some(other) => instead(world, other, request),
        None => login(world, request),
    }
}

/// Something else.
pub(crate) fn instead(
    world: &World,
    other: crate::world::Instead,
    request: &HttpRequest,
) -> HttpReply {
    instead::answer(other).unwrap_or_else(|| login(world, request))
}

/// The page. Each page is a new login. What another page had begun is lost with its `JSESSIONID`,
/// a push included.
pub(crate) fn login(world: &World, request: &HttpRequest) -> HttpReply {
    let mut truth = world.truth();
    truth.pages += 1;
    let id = hex::encode(&random::bytes::<16>());
    let answer = Response::bare(200, html(&truth, request))
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
        .with("Set-Cookie", new_session_cookie(&id));
    HttpReply::Answer(answer)
}

fn html(truth: &Truth, request: &HttpRequest) -> String {
    let page = &truth.script.page;
    let is_outside = page.frame == Frame::Form && !request.query().contains(FRAMED);
    let shell = if is_outside {
        SHELL_OF_FRAME
    } else {
        match page.version {
            Version::V1 => SHELL_BEFORE,
            Version::V2 => SHELL,
        }
    };
    let moods = serde_json::to_string(page).unwrap_or_default();
    shell
        .replace("@TITLE@", &page.title)
        .replace("@QUERY@", &format!("{}&amp;{FRAMED}", request.query()))
        .replace("@MOODS@", &moods.replace('<', "\\u003c"))
}

/// The cookie that names a login under way.
pub(crate) fn new_session_cookie(id: &str) -> String {
    format!("JSESSIONID={id}; Path=/sso; HttpOnly; Secure; SameSite=None")
}

/// What the page loads on its own: scripts, style sheet, the banner on maintenance.
pub(crate) fn asset(world: &World, path: &str) -> Option<Response> {
    let script = |text: &str| {
        Response::bare(200, text).with("Content-Type", "application/javascript;charset=UTF-8")
    };
    Some(match path {
        "/sso/lib/xyz.bundle.min.js" => script(BUNDLE),
        // Where the page before had its script is not in its saved copies.
        "/sso/lib/xyz.before.js" => script(BUNDLE_BEFORE),
        "/css/reg-am/login.min.css" => Response::bare(200, STYLES).with("Content-Type", "text/css"),
        "/portal.proxy/v1/gstat/bulletins" => {
            let banner = world.truth().script.page.maintenance.clone();
            Response::bare(200, banner.unwrap_or_default()).with("Content-Type", "text/html")
        }
        _ => return None,
    })
}
