//! Killed while IBKR's answer is awaited, at each of the seven steps.

use super::silence::{BEFORE, STEPS, asked};
use super::*;
use crate::support::eventually;

/// The thread that sends is not the one that strace kills in `crashes`: here both die, as soon as a step is asked for.
#[test]
fn a_death_at_any_step_is_counted() {
    let cases = STEPS.into_iter().enumerate();
    at_once(4, cases, |(step, (path, action))| {
        let runs = Runs::of(record("totpuser", "Correct-Horse2", Some(SEED), "live"));
        let hang = json!({"path": path, "action": action, "mode": "hang"});
        runs.standin.set(&json!({"answers": [hang]}));
        let (mut child, _folder) = runs.tool(directly).spawn();
        eventually("the step is asked for", || {
            (asked(&runs.standin, step) == 1).then_some(())
        });
        child.kill().expect("it lives until it is killed");
        child.wait().expect("it ends");
        let status = runs.run(directly, &["--status"]).exits(0).report();
        let rows = status["submissions"].as_array().expect("a list");
        let is_sent = step >= BEFORE;
        assert_eq!(rows.len(), usize::from(is_sent), "step {step}: {status}");
        let left = if is_sent { 2 } else { 3 };
        assert_eq!(status["failures_left"], left, "step {step}: {status}");
        let codes = u8::from(action == Some("COMPLETETWOFACT") || path == "/sso/Dispatcher");
        assert!(
            rows.iter().all(|row| row["codes"] == codes),
            "step {step}: {status}"
        );
        // The next run goes by the same count.
        let next = runs.run(directly, &["--max-failures", "1", "--timeout", "2s"]);
        next.exits(if is_sent { 11 } else { 8 });
    });
}
