//! `ibgw-tickle --kind tws` against the stand-in.

mod answers;
mod clients;
mod lies;
mod settings;

use crate::support::{Standin, Tool};
use serde_json::Value;

/// The keys that are null with the Client Portal Gateway.
pub(crate) const KEYS_OF_TWS: [&str; 9] = [
    "account_count",
    "accounts",
    "client_id",
    "clock_skew_seconds",
    "codes",
    "farms",
    "server_time",
    "server_version",
    "stage",
];

/// The tool, about to ask the stand-in.
fn probe(standin: &Standin) -> Tool {
    Tool::new("ibgw-tickle").args(["--kind", "tws", "--address", standin.address()])
}

/// What the clients of a stand-in have said, each its bytes in hexadecimal digits and its messages.
fn conversations(standin: &Standin) -> Vec<Value> {
    let truth = standin.truth();
    truth["tws"].as_array().expect("it plays tws").clone()
}
