//! The control port: plain HTTP and JSON, for tests.
//!
//! | request | does |
//! |---|---|
//! | `GET /state` | gives the truth |
//! | `GET /requests`, `DELETE /requests` | gives, forgets what every part was asked |
//! | `POST /set` | takes over a part of the [script](crate::world::WorldScript) |
//! | `DELETE /answers` | forgets the scripted answers |
//! | `POST /do/login` | makes a session ready for `{"user", "mode"}` without a page |
//! | `POST /do/drop-brokerage`, `/do/drop-session` | ends the one half, or all of it |
//! | `POST /do/compete` | lets another login take the brokerage session |
//! | `POST /do/lock` | locks `{"user"}` as ten failed logins do |
//! | `POST /do/approve-push` | taps the pushes on the phone |
//! | `POST /do/pass-time` | moves the clock on by `{"seconds"}` |
//! | `POST /do/issue-token` | gives out a DAM SSO token for `{"user", "ip"}` without a payload |
//! | `POST /do/expire-token` | lets every DAM SSO token die; the deeds named above are done to every token too |
//! | `POST /do/reset` | forgets everything; the gateway front keeps its cookies and its timers |
//!
//! A request that changes something is answered with the truth after it, or with 400 and an `error`.

use crate::http::{HttpReply, HttpRequest, Response};
use crate::world::World;
use serde_json::json;

/// Answers one request of a test.
pub(crate) fn answer(world: &World, request: &HttpRequest) -> HttpReply {
    let mut truth = world.truth();
    let done = match (request.method.as_str(), request.path()) {
        ("GET", "/state") => return HttpReply::Answer(Response::json(&truth.report())),
        ("GET", "/requests") => {
            return HttpReply::Answer(Response::json(
                &serde_json::to_value(&truth.record).unwrap_or_default(),
            ));
        }
        ("DELETE", "/requests") => {
            truth.record.clear();
            Ok(())
        }
        ("DELETE", "/answers") => {
            truth.script.answers.clear();
            Ok(())
        }
        ("POST", "/set") => truth
            .script
            .merge(&request.json())
            .map_err(|error| error.to_string()),
        ("POST", path) if path.starts_with("/do/") => {
            truth.act(&path["/do/".len()..], &request.json())
        }
        _ => Err("no such request; see /state, /requests, /answers, /set, /do/NAME".to_owned()),
    };
    HttpReply::Answer(match done {
        Ok(()) => Response::json(&truth.report()),
        Err(error) => Response {
            status: 400,
            ..Response::json(&json!({"error": error}))
        },
    })
}
