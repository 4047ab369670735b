//! What the Gateway does on its own after a login (seen with build a27ed42; the order is also in
//! bogdanripa/ibkr-gateway docs/cpg-protocol.md).

use super::Front;
use crate::http::{HttpRequest, Response};
use crate::{hex, random, srp};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

const VALIDATE_EVERY: Duration = Duration::from_secs(3);
const VALIDATE_TRIES: u32 = 5;
const TICKLE_EVERY: Duration = Duration::from_secs(30);
/// Shortens the time between two tickles, which no key of the real `conf.yaml` can.
const TICKLE_KNOB: &str = "IB_STANDIN_TICKLE_MS";

/// Starts the bring-up in the background.
pub(crate) fn start(front: &Arc<Front>) {
    let front = Arc::clone(front);
    thread::spawn(move || {
        front.bring_up();
    });
}

impl Front {
    fn bring_up(self: &Arc<Self>) -> Option<()> {
        let user = self.validate()?;
        self.start_pinging();
        self.own("GET", "one/user", None)?;
        // Not successful is not fatal here.
        self.own("GET", "ssodh/init", None)?;
        let key = self.own_json("GET", "ssodh/st", None)?["st"]
            .as_str()?
            .to_owned();
        self.log.debug(&format!("K {key}"));
        thread::sleep(self.conf.auth_delay?);
        let status = self.own_json("GET", "iserver/auth/status", None)?;
        if status["authenticated"] != true || status["competing"] == true {
            self.open_brokerage(&user, &key)?;
        }
        self.own("GET", "iserver/accounts", None)?;
        self.start_tickling();
        Some(())
    }

    /// Asks who has logged in, five times in all; the counter outlives the call, so that after
    /// five failures each later bring-up has one try.
    fn validate(&self) -> Option<String> {
        loop {
            let answer = self.own_json("GET", "sso/validate?gw=1", None);
            if let Some(user) =
                answer.and_then(|answer| Some(answer["USER_NAME"].as_str()?.to_owned()))
            {
                return Some(user);
            }
            if self.failed_validations.fetch_add(1, Ordering::SeqCst) + 1 >= VALIDATE_TRIES {
                self.log.info("giving up ...");
                return None;
            }
            thread::sleep(VALIDATE_EVERY);
        }
    }

    /// Takes the brokerage session, unasked, from the login that has it. When the answer to a right response is
    /// `authenticated:false`, it never ends: some twenty rounds a second.
    fn open_brokerage(&self, user: &str, key: &str) -> Option<()> {
        loop {
            let machine = hex::encode(&random::bytes::<4>());
            let init = json!({"username": user, "machineId": machine, "compete": true});
            let answer = self.own_json("POST", "iserver/auth/ssodh/init", Some(&init))?;
            let Some(challenge) = answer["challenge"].as_str() else {
                self.log.info("waiting");
                return None;
            };
            let joined = hex::joined(challenge, key);
            let response = hex::encode(&srp::sha1(&[&hex::decode(&joined)?]));
            let answer = self.own_json(
                "POST",
                "iserver/auth/ssodh/response",
                Some(&json!({"response": response})),
            )?;
            if answer["authenticated"] == true {
                return Some(());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn start_tickling(self: &Arc<Self>) {
        if self.tickling.swap(true, Ordering::SeqCst) {
            return;
        }
        let knob = std::env::var(TICKLE_KNOB)
            .ok()
            .and_then(|every| every.parse().ok());
        let every = knob.map_or(TICKLE_EVERY, Duration::from_millis);
        let front = Arc::clone(self);
        thread::spawn(move || {
            loop {
                thread::sleep(every);
                if let Some(answer) = front.own("GET", "tickle", None) {
                    front.heed(&answer);
                }
            }
        });
    }

    /// Logs out, unasked, when connected and not authenticated. Begins the bring-up again when the answer is not
    /// 200, twice at once when that answer has a body.
    fn heed(self: &Arc<Self>, tickle: &Response) {
        if tickle.status != 200 {
            start(self);
            if !tickle.body.is_empty() {
                start(self);
            }
            return;
        }
        let body: Value = serde_json::from_slice(&tickle.body).unwrap_or_default();
        let status = &body["iserver"]["authStatus"];
        if status["connected"] == true && status["authenticated"] == false {
            self.own("GET", "logout", None);
        }
    }

    fn start_pinging(self: &Arc<Self>) {
        if self.pinging.swap(true, Ordering::SeqCst) {
            return;
        }
        let front = Arc::clone(self);
        thread::spawn(move || {
            loop {
                thread::sleep(front.conf.ping_every);
                front.call(own_request("GET", "/sso/ping", None));
            }
        });
    }

    fn own(&self, method: &str, endpoint: &str, body: Option<&Value>) -> Option<Response> {
        let prefix = if self.conf.remote.contains("api") {
            "/v1/api"
        } else {
            "/v1/portal"
        };
        self.call(own_request(method, &format!("{prefix}/{endpoint}"), body))
    }

    fn own_json(&self, method: &str, endpoint: &str, body: Option<&Value>) -> Option<Value> {
        let answer = self
            .own(method, endpoint, body)
            .filter(|answer| answer.status == 200)?;
        serde_json::from_slice(&answer.body).ok()
    }
}

fn own_request(method: &str, target: &str, body: Option<&Value>) -> HttpRequest {
    let mut request = HttpRequest {
        method: method.to_owned(),
        target: target.to_owned(),
        ..HttpRequest::default()
    };
    request.headers.push("User-Agent", "ClientPortalGW/1");
    if let Some(body) = body {
        request.body = body.to_string().into_bytes();
        request.headers.push("Content-Type", "application/json");
        request
            .headers
            .push("Content-Length", request.body.len().to_string());
    }
    request
}
