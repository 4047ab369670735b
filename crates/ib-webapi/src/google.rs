//! How the hosts of Google's cloud refuse, and the metadata server, which gives a machine its token.

use crate::address::{METADATA, UrlAddress};
use crate::attempts::while_unsent;
use crate::client::{Answered, Client, Request};
use crate::failure::Failure;
use crate::time_headers::retry_after;
use ib_cli::{Error, Exit, Result, Secret};
use ib_proc::Deadline;
use serde::Deserialize;
use std::time::{Duration, SystemTime};

/// The most that is shown of an explanation.
const SHOWN: usize = 400;

/// Words of this length and more are no words: the longest name that an explanation quotes is that of a resource.
const TOO_LONG: usize = 160;

/// How long the metadata server may take: it is on the machine, or absent (Google's own libraries wait less).
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the token is (cloud.google.com/compute/docs/access/authenticate-workloads).
const TOKEN: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// A server's no, as Google's APIs word it (google.aip.dev/193).
#[derive(Deserialize)]
struct No {
    error: Explained,
}

/// Why, for people and for programs.
#[derive(Deserialize)]
struct Explained {
    #[serde(default)]
    message: String,
    /// A code such as `PERMISSION_DENIED`.
    #[serde(default)]
    status: String,
}

/// A token of the machine's service account, from its metadata server.
///
/// # Errors
/// `Down` where there is none, `TimedOut`, `Config` when the machine has no service account, `Unavailable`,
/// `Unexpected` for an answer that is not known.
pub(crate) fn machine_token(deadline: Deadline) -> Result<Secret> {
    let host = std::env::var("GCE_METADATA_HOST").unwrap_or_default();
    let host = match host.as_str() {
        "" => "metadata.google.internal",
        given => given,
    };
    let client = Client::direct(UrlAddress::parse(&format!("http://{host}"), METADATA)?)?;
    let request = Request::GetMetadata(TOKEN);
    let deadline = deadline.or_after(PATIENCE);
    let asking = client.asking(request);
    let answer = while_unsent(deadline, || client.ask(request, deadline)).map_err(|failure| {
        let hint = "only Google's machines have a metadata server; elsewhere, use cmd:gcloud secrets versions access";
        failed(&asking, &failure, hint)
    })?;
    #[derive(Deserialize)]
    struct Given {
        access_token: String,
    }
    match answer.status {
        200 => match serde_json::from_slice::<Given>(&answer.body) {
            Ok(given) => Ok(Secret::new(given.access_token.into_bytes())),
            Err(_) => Err(unknown(&asking, &answer, "GCE_METADATA_HOST")),
        },
        403 | 404 => {
            let said = explanation(&answer, None);
            let message = format!(
                "{asking}: {}{said}: this machine has no service account to ask as (give it one)",
                answer.status
            );
            Err(Error::new(Exit::Config, message))
        }
        _ => Err(not_now(&asking, &answer)
            .unwrap_or_else(|| unknown(&asking, &answer, "GCE_METADATA_HOST"))),
    }
}

/// The error when nothing whole came back.
pub(crate) fn failed(asking: &str, failure: &Failure, hint: &str) -> Error {
    let exit = match failure {
        Failure::Down(_) | Failure::Tls(_) | Failure::Untrusted(_) => Exit::Down,
        Failure::TimedOut { .. } => Exit::TimedOut,
        Failure::Cut(_) | Failure::Garbled(_) => Exit::Unexpected,
    };
    Error::new(exit, format!("{asking}: {} ({hint})", failure.cause()))
}

/// The error for a 429 or a 5xx; `None` for any other answer.
pub(crate) fn not_now(asking: &str, answer: &Answered) -> Option<Error> {
    let status = answer.status;
    if status != 429 && !(500..600).contains(&status) {
        return None;
    }
    let message = format!(
        "{asking}: {status}{} (try again later)",
        explanation(answer, None)
    );
    let wait = answer.retry_after.as_deref();
    let wait = wait.and_then(|header| retry_after(header, SystemTime::now()));
    Some(Error::new(Exit::Unavailable, message).after(wait))
}

/// The error for an answer that these hosts are not known to give.
pub(crate) fn unknown(asking: &str, answer: &Answered, setting: &str) -> Error {
    let message = format!(
        "{asking}: {} and a body that is not known (is {setting} right?)",
        answer.status
    );
    Error::new(Exit::Unexpected, message)
}

/// The status of a refusal, such as `NOT_FOUND`; `None` when it is not Google's.
pub(crate) fn status(answer: &Answered) -> Option<String> {
    let no: No = serde_json::from_slice(&answer.body).ok()?;
    Some(no.error.status)
}

/// The explanation of a refusal, on one line, without the token; empty when the answer has no explanation.
pub(crate) fn explanation(answer: &Answered, token: Option<&Secret>) -> String {
    let Ok(no) = serde_json::from_slice::<No>(&answer.body) else {
        return String::new();
    };
    let mut message = no.error.message;
    let token = token.and_then(|token| std::str::from_utf8(token.expose()).ok());
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        message = message.replace(token, "…");
    }
    let words = message.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .map(|word| if word.len() < TOO_LONG { word } else { "…" })
        .collect();
    let line: String = words.join(" ").chars().take(SHOWN).collect();
    match line.trim_end_matches('.') {
        "" => String::new(),
        line => format!(" (it says: {line})"),
    }
}
