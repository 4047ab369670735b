//! What is passed on to IBKR, and how its answer comes back.

use super::{Front, bringup};
use crate::http::{HttpReply, HttpRequest, Response, client};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The upstream's path for a client's; `None` when it is not passed on.
pub(crate) fn upstream_path(path: &str) -> Option<String> {
    let assets = [
        "/sso/",
        "/css",
        "/scripts",
        "/stylesheet",
        "/images",
        "/fonts",
    ];
    let exact = [
        "/en/includes/general/gdpr-am.php",
        "/portal.proxy/v1/gstat/bulletins",
    ];
    if assets.iter().any(|start| path.starts_with(start)) || exact.contains(&path) {
        return Some(path.to_owned());
    }
    let mut parts = path.splitn(4, '/').skip(1);
    let (version, kind, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let known = matches!(version, "v1" | "qa" | "ci" | "alpha" | "local")
        && matches!(kind, "api" | "portal");
    known.then(|| format!("/{version}/api/{rest}"))
}

impl Front {
    /// Passes a request on. When anything is wrong with the upstream, the client gets no byte for as
    /// long as it waits.
    pub(super) fn forward(self: &Arc<Self>, request: &HttpRequest, path: &str) -> HttpReply {
        let login = path.starts_with("/sso/");
        if login {
            let kept = self.jar().keep_request(request);
            self.log.cookies(&kept);
        }
        if !self.conf.remote.contains("://") {
            return HttpReply::Answer(Response::bare(500, "Internal Server Error"));
        }
        let Some(answer) = self.call(self.passed_on(request, path)) else {
            return HttpReply::Hang;
        };
        if login {
            let kept = self.jar().keep_answer(&answer.headers);
            self.log.cookies(&kept);
        }
        HttpReply::Answer(self.passed_back(path, answer))
    }

    fn passed_on(&self, request: &HttpRequest, path: &str) -> HttpRequest {
        let mut own = request.clone();
        own.target = match request.query() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        };
        for dropped in [
            "host",
            "cookie",
            "accept-encoding",
            "transfer-encoding",
            "content-length",
        ] {
            own.headers.remove(dropped);
        }
        if !own.body.is_empty() || request.headers.get("content-length").is_some() {
            own.headers
                .push("Content-Length", own.body.len().to_string());
        }
        own
    }

    fn passed_back(self: &Arc<Self>, path: &str, mut answer: Response) -> Response {
        answer.headers.remove("content-security-policy");
        // Only the last cookie reaches the client.
        let last = answer.headers.all("set-cookie").last().map(str::to_owned);
        answer.headers.remove("set-cookie");
        if let Some(last) = last {
            answer.headers.push("Set-Cookie", last);
        }
        answer.headers.push("Access-Control-Allow-Origin", "*");
        if path == "/sso/Dispatcher" && answer.status == 302 {
            self.logged_in.store(true, Ordering::SeqCst);
            bringup::start(self);
            answer.status = 200;
            answer.body = b"Client login succeeds".to_vec();
            answer.headers.remove("content-type");
        }
        answer.in_chunks()
    }

    /// One call to the upstream, with the jar's cookies; `None` when it fails.
    pub(super) fn call(&self, mut request: HttpRequest) -> Option<Response> {
        let authority = self.conf.authority()?;
        request.headers.push("Host", authority);
        if let Some(line) = self.jar().line(request.path()) {
            request.headers.push("Cookie", line);
        }
        let _lent = self.pool.lend();
        client::call(authority, &request).ok()
    }
}
