//! Reading the ledgers of older versions.

use crate::clock::Clock;
use crate::ledger::{Latch, Ledger, Outcome, Pushes, Record, Why};
use serde::Deserialize;

/// `ib-ledger/1`, which knew the wall clock alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    schema: String,
    submissions: Vec<FirstRecord>,
    latch: Option<FirstLatch>,
    code_window: Option<u64>,
    forgiven: Vec<FirstForgiven>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstRecord {
    at: u64,
    method: String,
    mode: String,
    outcome: Option<Outcome>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstLatch {
    at: u64,
    why: Why,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstForgiven {
    at: u64,
    reason: String,
}

/// The ledger that an `ib-ledger/1` stands for; `None` when it is none.
///
/// Nobody knows how far its clock could be trusted, so what it holds counts from this moment on.
pub fn from_first(bytes: &[u8]) -> Option<Ledger> {
    let first: First = serde_json::from_slice(bytes).ok()?;
    if first.schema != "ib-ledger/1" {
        return None;
    }
    let record = |old: FirstRecord| Record {
        at: old.at,
        elapsed: 0,
        method: old.method,
        mode: old.mode,
        outcome: old.outcome,
        attended: false,
        codes: 0,
        push: None,
        forgiven: false,
    };
    let latch = first.latch.map(|old| Latch {
        at: old.at,
        elapsed: 0,
        why: old.why,
    });
    let forgiven = first.forgiven.into_iter().map(|old| crate::Forgiven {
        at: old.at,
        by: String::new(),
        reason: old.reason,
    });
    Some(Ledger {
        schema: Ledger::SCHEMA.to_owned(),
        clock: Clock::default(),
        submissions: first.submissions.into_iter().map(record).collect(),
        latch,
        begun_anew: None,
        code_windows: first.code_window.into_iter().collect(),
        pushes: Pushes::default(),
        forgiven: forgiven.collect(),
    })
}
