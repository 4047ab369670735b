//! What is shown in place of the page.

use crate::http::{HttpReply, Response};
use crate::world::Instead;

/// What is shown; `None` for the login page itself.
pub(crate) fn answer(instead: Instead) -> Option<HttpReply> {
    let html = |status, text: &str| {
        Response::bare(status, text).with("Content-Type", "text/html;charset=UTF-8")
    };
    Some(HttpReply::Answer(match instead {
        Instead::Hang => return Some(HttpReply::Hang),
        Instead::Login => return None,
        Instead::Formless => html(200, include_str!("instead/formless.html")),
        Instead::Akamai => html(403, include_str!("instead/akamai.html")),
        Instead::Filter => Response::bare(404, "Access Denied"),
        Instead::Unavailable => html(503, include_str!("instead/unavailable.html")),
        Instead::Promo => html(200, include_str!("instead/promo.html")),
        Instead::Restricted => html(200, include_str!("instead/restricted.html")),
        Instead::Other => html(200, include_str!("instead/other.html")),
    }))
}
