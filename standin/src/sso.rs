//! The two hosts of DAM SSO: the one that gives out tokens and the Web API, which takes them.
//!
//! The protocol is IBKR's "DAM SSO Authentication Guide v3" (masullivanib/auth-dam-sso); what it
//! leaves open comes from the sources named at each place, or is called a guess.

mod brokerage;
mod call;
mod edge;
mod payload;
pub(crate) mod tls;
mod token_host;
mod validation;
mod web_api;

use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::{SsoWorld, StandinPart, World};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// The largest headers the hosts take, in bytes. A guess: no limit is published, nor how long a
/// token may be.
pub(crate) const HEADERS: usize = 32 * 1024;

/// Both hosts.
pub(crate) struct Hosts {
    world: Arc<World>,
    gnupg_home: PathBuf,
    csid: String,
}

impl Hosts {
    /// Hosts that have been asked nothing. The home of GnuPG holds IBKR's secret key and the
    /// firms' public ones.
    pub(crate) fn new(world: Arc<World>, gnupg_home: PathBuf, csid: String) -> Self {
        world.truth().sso = Some(SsoWorld::default());
        Self {
            world,
            gnupg_home,
            csid,
        }
    }

    /// Answers one request to the token host.
    pub(crate) fn token(&self, request: &HttpRequest) -> HttpReply {
        self.answer(StandinPart::Token, request, |number| {
            token_host::answer(self, request, number)
        })
    }

    /// Answers one request to the Web API.
    pub(crate) fn api(&self, request: &HttpRequest) -> HttpReply {
        self.answer(StandinPart::Api, request, |_| {
            web_api::answer(&self.world, request)
        })
    }

    /// Records the request; then the scripted answer, else what the edge says of it, else the
    /// true one, made with the number that the request has in the record.
    fn answer(
        &self,
        part: StandinPart,
        request: &HttpRequest,
        truly: impl FnOnce(u64) -> Response,
    ) -> HttpReply {
        let (number, scripted) = {
            let mut truth = self.world.truth();
            let number = truth.record.add(self.world.elapsed_ms(), part, request);
            (number, truth.script.answer(part, request))
        };
        let reply = scripted
            .and_then(|answer| answer.play())
            .or_else(|| edge::refuse(request).map(HttpReply::Answer))
            .unwrap_or_else(|| HttpReply::Answer(truly(number)));
        self.dated(reply)
    }

    /// Every answer carries the time of the stand-in's clock, as RFC 9110 6.6.1 asks of a server
    /// that has one.
    fn dated(&self, reply: HttpReply) -> HttpReply {
        let date = httpdate::fmt_http_date(UNIX_EPOCH + self.world.truth().now());
        let dated = |answer: Response| match answer.headers.get("date") {
            Some(_) => answer,
            None => answer.with("Date", date),
        };
        match reply {
            HttpReply::Answer(answer) => HttpReply::Answer(dated(answer)),
            HttpReply::Half(answer) => HttpReply::Half(dated(answer)),
            HttpReply::Drip(answer, every) => HttpReply::Drip(dated(answer), every),
            HttpReply::Hang | HttpReply::Garbage | HttpReply::Close | HttpReply::Reset => reply,
        }
    }
}
