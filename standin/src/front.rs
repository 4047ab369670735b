//! The Client Portal Gateway as its clients see it: build a27ed42 of April 2023, the one every
//! download has held since.

mod access;
mod bringup;
mod conf;
mod forward;
mod jar;
mod log;
mod pool;
mod yaml;

pub(crate) use conf::FrontConf;
pub(crate) use log::FrontLog;

use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::Scripted;
use crate::{http::client, upstream::SCRIPT_PATH};
use jar::Jar;
use pool::Pool;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One gateway.
pub(crate) struct Front {
    conf: FrontConf,
    log: FrontLog,
    jar: Mutex<Jar>,
    pool: Pool,
    logged_in: AtomicBool,
    tickling: AtomicBool,
    pinging: AtomicBool,
    failed_validations: AtomicU32,
}

impl Front {
    /// A gateway without a login. Nothing goes upstream before a login.
    pub(crate) fn new(conf: FrontConf, log: FrontLog) -> Arc<Self> {
        Arc::new(Self {
            conf,
            log,
            jar: Mutex::default(),
            pool: Pool::default(),
            logged_in: AtomicBool::new(false),
            tickling: AtomicBool::new(false),
            pinging: AtomicBool::new(false),
            failed_validations: AtomicU32::new(0),
        })
    }

    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one request of one address.
    pub(crate) fn answer(self: &Arc<Self>, request: &HttpRequest, peer: IpAddr) -> HttpReply {
        if let Some(reply) = self.scripted(request).and_then(|answer| answer.play()) {
            return reply;
        }
        let access = self.conf.access.as_ref().ok();
        access
            .and_then(|access| access.refuse(peer))
            .map_or_else(|| self.route(request), HttpReply::Answer)
    }

    fn route(self: &Arc<Self>, request: &HttpRequest) -> HttpReply {
        let path = request.path();
        HttpReply::Answer(match path {
            "/" => {
                let login = format!("/sso/Login?forwardTo=22&RL=1&ip2loc={}", self.conf.ip2loc);
                Response::bare(302, "").with("Location", login).in_chunks()
            }
            "/clear" => {
                *self.jar() = Jar::default();
                Response::bare(200, "cleared")
            }
            "/status" => return HttpReply::Hang,
            _ if is_reauthenticate(path) => self.reauthenticate(),
            _ if request.method == "OPTIONS" && request.headers.get("origin").is_some() => {
                preflight()
            }
            _ => match forward::upstream_path(path) {
                Some(upstream) => return self.forward(request, &upstream),
                None => Response::bare(302, "")
                    .with(
                        "Location",
                        format!("{}{}", self.conf.remote, request.target),
                    )
                    .in_chunks(),
            },
        })
    }

    /// Both answers carry the status 200 and are told apart by their body alone.
    fn reauthenticate(self: &Arc<Self>) -> Response {
        if !self.logged_in.load(Ordering::SeqCst) {
            return Response::bare(200, r#"{"error":"not logged in"}"#)
                .with("Content-Type", "application/json");
        }
        bringup::start(self);
        Response::bare(200, r#"{"message":"triggered"}"#).with("Content-Type", "application/json")
    }

    /// Adds the request to the upstream's record and takes the scripted answer, if there is one. An
    /// upstream that has gone, or is not a stand-in's, has no script.
    fn scripted(&self, request: &HttpRequest) -> Option<Scripted> {
        let reported = serde_json::json!({
            "method": request.method,
            "target": request.target,
            "headers": request.headers.0,
            "body": String::from_utf8_lossy(&request.body),
        });
        let mut ask = HttpRequest {
            method: "POST".to_owned(),
            target: SCRIPT_PATH.to_owned(),
            body: reported.to_string().into_bytes(),
            ..HttpRequest::default()
        };
        let authority = self.conf.authority()?;
        ask.headers.push("Host", authority);
        ask.headers
            .push("Content-Length", ask.body.len().to_string());
        let answer = client::call_soon(authority, &ask)
            .ok()
            .filter(|answer| answer.status == 200)?;
        serde_json::from_slice(&answer.body).ok()
    }
}

fn is_reauthenticate(path: &str) -> bool {
    matches!(
        path,
        "/v1/api/iserver/reauthenticate" | "/v1/portal/iserver/reauthenticate"
    )
}

fn preflight() -> Response {
    Response::bare(204, "")
        .with("Access-Control-Allow-Origin", "*")
        .with(
            "Access-Control-Allow-Methods",
            "POST,GET,OPTIONS,DELETE,PUT",
        )
        .with("Access-Control-Allow-Headers", "Content-Type,portal,Cookie")
}
