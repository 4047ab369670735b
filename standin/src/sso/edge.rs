//! What is refused before either host reads the request, and the pages that say so.

use crate::http::{HttpRequest, Response};

/// Refuses requests that the edge of IBKR's network does not let in.
pub(crate) fn refuse(request: &HttpRequest) -> Option<Response> {
    let has = |name: &str| request.headers.get(name).is_some_and(|it| !it.is_empty());
    // Required for all service calls (ibkrguides.com/dameca); "Error 403 - Access Denied" is
    // among its errors, and users of the Flex service get it without this header.
    if !has("user-agent") {
        return Some(page(403, "Error 403 - Access Denied"));
    }
    // IBKR Campus, "Web API v1.0": each POST needs one.
    if request.method == "POST" && !has("content-length") {
        return Some(page(411, "Length Required"));
    }
    None
}

/// A page whose title says it all.
pub(crate) fn page(status: u16, title: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    );
    Response::bare(status, html).with("Content-Type", "text/html;charset=UTF-8")
}
