//! The stand-in's DAM SSO hosts, met with the client and the TLS that the tools are built from.

use crate::support::Standin;
use reqwest::blocking::{Client, Response};
use std::error::Error;
use tempfile::TempDir;

/// Asks a host, trusting the stand-in's authority alone.
fn ask(standin: &Standin, url: &str) -> reqwest::Result<Response> {
    // Another test may have installed it first: there is only one choice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pem = std::fs::read(standin.cacert()).expect("the authority's certificate is there");
    let authority = reqwest::Certificate::from_pem(&pem).expect("it is a certificate in PEM");
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([authority])
        .user_agent("ib-tools")
        .build();
    client.expect("a client can be made").get(url).send()
}

fn asked_with(flags: &[&str]) -> (Standin, [reqwest::Result<Response>; 2]) {
    let home = TempDir::new().expect("a temporary folder can be made");
    let standin = if flags.is_empty() {
        Standin::sso(home.path())
    } else {
        Standin::sso_with(home.path(), flags)
    };
    let answers = [standin.token_url(), standin.api_url()].map(|url| ask(&standin, url));
    (standin, answers)
}

#[test]
fn their_certificate_is_good_for_a_client_that_trusts_the_authority() {
    let (standin, answers) = asked_with(&[]);
    let statuses = answers.map(|answer| answer.expect("an answer").status().as_u16());
    assert_eq!(statuses, [405, 401], "{}", standin.truth());
    assert_eq!(standin.truth()["sso"]["handshakes"], 2);
}

#[test]
fn each_lie_of_theirs_is_seen_through() {
    for (lie, told_by) in [
        ("expired", "Expired"),
        ("wrong-name", "NotValidForName"),
        ("closes", "eof"),
    ] {
        let (standin, answers) = asked_with(&["--tls", lie]);
        for answer in answers {
            let error = answer.expect_err(lie);
            let mut words = format!("{error:?}");
            let mut cause = error.source();
            while let Some(deeper) = cause {
                words += &format!(" / {deeper}");
                cause = deeper.source();
            }
            assert!(words.contains(told_by), "{lie}: {words}");
        }
        assert_eq!(standin.truth()["sso"]["handshakes"], 2, "{lie}");
        assert!(
            standin.requests().is_empty(),
            "{lie}: {:?}",
            standin.requests()
        );
    }
}
