//! `ibgw-tickle` against the stand-in.

mod answers;
mod certificates;
mod files;
mod network;
mod tws;
mod validation;

use crate::support::{Ran, Standin, Tool};
use serde_json::{Value, json};

/// Every key of the report, of whichever kind.
const KEYS: [&str; 21] = [
    "account_count",
    "accounts",
    "authenticated",
    "client_id",
    "clock_skew_seconds",
    "codes",
    "competing",
    "connected",
    "established",
    "farms",
    "kind",
    "latency_ms",
    "message",
    "schema",
    "server",
    "server_time",
    "server_version",
    "session_expires_at",
    "stage",
    "state",
    "warnings",
];

/// A stand-in with a session that is ready.
fn ready() -> Standin {
    let standin = Standin::serve();
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    standin
}

/// The tool, about to ask the stand-in's Gateway.
fn tickle(standin: &Standin) -> Tool {
    Tool::new("ibgw-tickle").args(["--url", standin.url()])
}

/// What the tool does when a tickle is answered like this, once.
fn answered(standin: &Standin, answer: &Value) -> Ran {
    let mut scripted = json!({"path": "/v1/api/tickle", "method": "POST", "times": 1});
    let (scripted_keys, answer) = (scripted.as_object_mut(), answer.as_object());
    scripted_keys
        .expect("an object")
        .extend(answer.expect("an object").clone());
    standin.set(&json!({"answers": [scripted]}));
    tickle(standin).run()
}

/// The requests that a client made of the Gateway itself, as `METHOD path`.
fn asked(standin: &Standin) -> Vec<String> {
    let requests = standin.requests();
    let by_us = requests.iter().filter(|request| {
        let agent = request["headers"]["user-agent"]
            .as_str()
            .unwrap_or_default();
        request["part"] == "gateway" && agent.starts_with("ib-tools/")
    });
    by_us
        .map(|request| {
            let part = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", part("method"), part("path"))
        })
        .collect()
}

/// One report on stdout, and one error on stderr exactly when the exit is 2 or more.
#[track_caller]
fn says(ran: Ran, state: &str, exit: i32) -> Value {
    let ran = ran.exits(exit);
    let report = ran.report();
    assert_eq!(report["schema"], "ibgw-tickle/1", "{}", ran.all());
    assert_eq!(report["state"], state, "{}", ran.all());
    if exit < 2 {
        ran.is_silent_on_stderr();
    } else {
        ran.error();
    }
    report
}
