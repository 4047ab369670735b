//! `gcp:`, with a stand-in for both of Google's hosts.

use super::{MARKER, tool, tool_with};
use crate::support::google::{Google, Says, TOKEN, crc32c, version};
use crate::support::{Ran, Tool};
use serde_json::json;

const LATEST: &str = "gcp:projects/p/secrets/ibkr";
const PINNED: &str = "gcp:projects/p/secrets/ibkr/versions/7";

/// A tool on one of Google's machines.
pub(crate) fn on(google: &Google, tool: Tool) -> Tool {
    tool.env("GCE_METADATA_HOST", google.host())
        .env("IBGW_GCP_URL", google.url())
}

fn get(token: Says, secret: Says, reference: &str) -> Ran {
    let google = Google::answering(token, secret);
    on(&google, tool()).args(["get", reference]).run()
}

#[track_caller]
fn says(ran: Ran, exit: i32, sentence: &str) -> Ran {
    let ran = ran.exits(exit).is_silent_on_stdout();
    let ran = ran.never_shows(MARKER).never_shows(TOKEN);
    let message = ran.error()["message"].to_string();
    assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    ran
}

#[test]
fn reads_a_secret_as_the_machines_service_account() {
    for (reference, version) in [(LATEST, "latest"), (PINNED, "7")] {
        let google = Google::with(&format!("{MARKER}\n"));
        let ran = on(&google, tool()).args(["get", reference]).run().exits(0);
        assert_eq!(ran.is_silent_on_stderr().stdout, format!("{MARKER}\n"));
        let path = format!("/v1/projects/p/secrets/ibkr/versions/{version}:access");
        assert_eq!(google.asked()[1..], [path]);
    }
}

#[test]
fn asks_for_one_token_whatever_is_read() {
    let google = Google::with("trader");
    let args = ["--username", LATEST, "--password", PINNED];
    let ran = on(&google, tool()).args(args).run().exits(0);
    assert_eq!(ran.report()["password"], "trader", "{}", ran.all());
    let asked = google.asked();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked[0].ends_with("/token"), "{asked:?}");
}

#[test]
fn says_which_version_the_latest_is_and_nothing_else_of_it() {
    let google = Google::with(MARKER);
    let ran = on(&google, tool())
        .args(["get", "-v", LATEST])
        .run()
        .exits(0);
    assert!(ran.stderr.contains("version 7"), "{}", ran.all());
    assert!(
        !ran.stderr.contains(MARKER) && !ran.stderr.contains(TOKEN),
        "{}",
        ran.all()
    );
}

#[test]
fn says_why_secret_manager_gives_nothing() {
    let whole = version(MARKER, crc32c(MARKER.as_bytes()));
    let with = |key: &str, value: serde_json::Value| {
        let mut body = whole.clone();
        body["payload"][key] = value;
        Says::json(200, &body)
    };
    let denied = "Permission 'secretmanager.versions.access' denied for resource \
                  'projects/p/secrets/ibkr/versions/latest' (or it may not exist).";
    let repeats = format!("the token {TOKEN} has expired");
    for (secret, exit, sentence) in [
        (
            Says::no(403, "PERMISSION_DENIED", denied),
            6,
            "Permission 'secretmanager.versions.access' denied for resource",
        ),
        (
            Says::no(403, "PERMISSION_DENIED", denied),
            6,
            "roles/secretmanager.secretAccessor",
        ),
        (
            Says::no(401, "UNAUTHENTICATED", &repeats),
            6,
            "the token … has expired",
        ),
        (
            Says::no(404, "NOT_FOUND", "Secret [ibkr] not found."),
            6,
            "there is no such secret or version",
        ),
        (
            Says::no(
                400,
                "FAILED_PRECONDITION",
                "Secret Version is in DISABLED state.",
            ),
            6,
            "disabled or destroyed",
        ),
        (
            Says::no(400, "INVALID_ARGUMENT", "bad name"),
            6,
            "does not take the name",
        ),
        (
            Says::no(503, "UNAVAILABLE", "later"),
            12,
            "503 (it says: later)",
        ),
        (Says::This(500, "", "<html>oops".to_owned()), 12, "500"),
        (
            Says::This(404, "", "<html>no such page".to_owned()),
            9,
            "is --gcp-url right?",
        ),
        (
            Says::This(302, "Location: /login\r\n", String::new()),
            9,
            "is --gcp-url right?",
        ),
        (
            Says::This(200, "", "<html>welcome".to_owned()),
            9,
            "a body that is not known",
        ),
        (
            Says::json(200, &version(MARKER, 1)),
            9,
            "does not fit its checksum",
        ),
        (
            with("dataCrc32c", json!("")),
            9,
            "does not fit its checksum",
        ),
        (with("data", json!("no*base64")), 9, "is not base64"),
        (Says::secret(""), 6, "it is empty"),
        (Says::secret("\n"), 6, "it is empty"),
    ] {
        says(get(Says::token(), secret, LATEST), exit, sentence);
    }
}

#[test]
fn takes_no_other_version_or_secret_than_it_asked_for() {
    for reference in [
        "gcp:projects/p/secrets/ibkr/versions/6",
        "gcp:projects/p/secrets/other",
    ] {
        let ran = get(Says::token(), Says::secret(MARKER), reference);
        says(ran, 9, "another secret or version");
    }
}

#[test]
fn says_how_long_to_wait_when_it_is_asked_too_often() {
    let busy = json!({"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}});
    let busy = Says::This(429, "Retry-After: 17\r\n", busy.to_string());
    let ran = says(get(Says::token(), busy, LATEST), 12, "Quota exceeded");
    assert_eq!(ran.error()["retry_after_seconds"], 17, "{}", ran.all());
    assert_eq!(ran.error()["retry"], true, "{}", ran.all());
}

#[test]
fn says_why_the_metadata_server_gives_no_token() {
    for (token, exit, sentence) in [
        (
            Says::This(404, "", "not found".to_owned()),
            6,
            "no service account",
        ),
        (
            Says::no(403, "PERMISSION_DENIED", "identity is disabled"),
            6,
            "(it says: identity is disabled)",
        ),
        (Says::This(503, "", String::new()), 12, "503"),
        (
            Says::This(200, "", "<html>log in to the hotel's network".to_owned()),
            9,
            "is GCE_METADATA_HOST right?",
        ),
        (
            Says::json(200, &json!({"access_token": "two words"})),
            9,
            "not a token",
        ),
    ] {
        says(get(token, Says::secret(MARKER), LATEST), exit, sentence);
    }
}

#[test]
fn says_that_a_machine_has_no_metadata_server() {
    let ran = tool()
        .env("GCE_METADATA_HOST", "127.0.0.1:1")
        .args(["get", LATEST, "--timeout", "5s"])
        .run();
    let ran = says(ran, 7, "only Google's machines have a metadata server");
    assert_eq!(ran.error()["retry"], true, "{}", ran.all());
    let ran = tool()
        .env("GCE_METADATA_HOST", "user:word@127.0.0.1:1")
        .args(["get", LATEST]);
    says(ran.run(), 2, "GCE_METADATA_HOST is HOST or HOST:PORT");
}

#[test]
fn a_host_that_is_not_there_is_down_even_if_the_machine_has_a_token() {
    let google = Google::with(MARKER);
    let ran = on(&google, tool())
        .env("IBGW_GCP_URL", "http://127.0.0.1:1")
        .args(["get", LATEST, "--timeout", "5s"]);
    says(ran.run(), 7, "HTTPS_PROXY names a proxy");
    let ran = on(&google, tool()).args(["get", LATEST, "--gcp-url", "http://secrets.example"]);
    says(ran.run(), 2, "plain http is for a loopback host alone");
}

#[test]
fn a_host_that_does_not_answer_ends_at_the_time_limit() {
    for (token, secret) in [
        (Says::Nothing, Says::secret(MARKER)),
        (Says::token(), Says::Nothing),
        (Says::token(), Says::Drips),
    ] {
        let google = Google::answering(token, secret);
        let ran = on(&google, tool()).args(["get", LATEST, "--timeout", "2s"]);
        says(ran.run(), 8, "no whole answer in time");
    }
}

#[test]
fn takes_the_name_of_a_secret_and_nothing_else() {
    for name in [
        "s",
        "projects/p/secrets",
        "projects/p/secrets/..",
        "projects/p/secrets/s/versions/1?alt=x",
    ] {
        let ran = tool().args(["get", &format!("gcp:{name}")]).run();
        says(ran, 2, "gcp: takes");
    }
}

#[test]
fn check_tells_that_it_has_no_such_secret_from_that_it_could_not_ask() {
    let check = |secret: Says| {
        let google = Google::answering(Says::token(), secret);
        let tool = on(&google, tool_with(&[("name", "trader")]));
        tool.args(["check", "--username", "file:name", "--password", LATEST])
            .run()
    };
    let ran = check(Says::secret(MARKER)).exits(0).never_shows(MARKER);
    let expected = json!({
        "part": "password", "source": "gcp", "place": LATEST, "mode": null, "protection": "service",
        "readable": true, "problem": null,
    });
    assert_eq!(ran.report()["parts"][1], expected, "{}", ran.all());
    let ran = check(Says::no(404, "NOT_FOUND", "Secret [ibkr] not found."))
        .exits(1)
        .is_silent_on_stderr();
    assert_eq!(ran.report()["state"], "absent", "{}", ran.all());
    let problem = ran.report()["parts"][1]["problem"].to_string();
    assert!(problem.contains("there is no such secret"), "{}", ran.all());
    let ran = check(Says::no(503, "UNAVAILABLE", "later")).exits(12);
    assert_eq!(ran.report()["state"], "incomplete", "{}", ran.all());
}
