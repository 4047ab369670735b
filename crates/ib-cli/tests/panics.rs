//! What a bug looks like to the caller.

mod example;

use example::example;
use serde_json::Value;
use std::process::{Command, Stdio};

#[test]
fn says_where_a_bug_is_and_nothing_of_what_was_handled() {
    for flags in [&[][..], &["-v"], &["--errors", "text"]] {
        let output = Command::new(example("panics"))
            .args(flags)
            // A backtrace asked for must not show more.
            .env("RUST_BACKTRACE", "full")
            .env_remove("IB_ERRORS")
            .stdin(Stdio::null())
            .output()
            .expect("the example runs (cargo build -p ib-cli --examples)");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(101), "{flags:?}: {output:?}");
        assert!(output.stdout.is_empty(), "{flags:?}: {output:?}");
        assert_eq!(errors.lines().count(), 1, "{flags:?}: {output:?}");
        assert!(!errors.contains("Marker"), "{flags:?}: {output:?}");
        let place = errors.split_once("examples/panics.rs:");
        let line = place.and_then(|(_, rest)| rest.chars().next());
        assert!(
            line.is_some_and(|digit| digit.is_ascii_digit()),
            "{flags:?}: {output:?}"
        );
        if flags.contains(&"text") {
            assert!(errors.starts_with("panics: a bug"), "{output:?}");
            continue;
        }
        let error: Value = serde_json::from_str(&errors).expect("one line of JSON");
        assert_eq!(error["schema"], "ib-error/1", "{output:?}");
        assert_eq!(error["tool"], "panics", "{output:?}");
        assert_eq!(error["error"], "bug", "{output:?}");
        assert_eq!(error["exit"], 101, "{output:?}");
        assert_eq!(error["retry"], false, "{output:?}");
    }
}
