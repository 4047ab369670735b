//! Messages that are the same for every client.

use super::wire::message;
use crate::world::TwsNotice;
use std::time::{Duration, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The answer to the handshake: the version chosen, and the clock.
pub(crate) fn version(version: i64, now: Duration) -> Vec<u8> {
    let date = httpdate::HttpDate::from(UNIX_EPOCH + now).to_string();
    // Mon, 23 Nov 2026 08:49:37 GMT
    let words: Vec<&str> = date.split(' ').collect();
    let month = MONTHS.iter().position(|name| *name == words[2]);
    let month = month.unwrap_or_default() + 1;
    let clock = format!("{}{month:02}{} {} GMT", words[3], words[1], words[4]);
    message(&[version.to_string(), clock])
}

/// From this version on an error has a last field, why an order was rejected, in JSON (`ib_async` 2.1.0, `decoder.py`);
/// IBKR's own client for 157 drops an error that has it.
const ADVANCED_REJECT: i64 = 166;

/// A notice about nothing that was asked for.
pub(crate) fn notice(version: i64, about: &TwsNotice) -> Vec<u8> {
    error(version, &about.code.to_string(), &about.text)
}

/// The answer to a client whose id is in use, before the connection is closed. The sentence is in IBKR's list of
/// message codes, the end in `ib_async` 2.1.0 (`client.py`).
pub(crate) fn taken(version: i64) -> Vec<u8> {
    let text =
        "Unable to connect as the client id is already in use. Retry with a unique client id.";
    error(version, "326", text)
}

fn error(version: i64, code: &str, text: &str) -> Vec<u8> {
    let fields = ["4", "2", "-1", code, text, ""];
    let count = fields.len() - usize::from(version < ADVANCED_REJECT);
    message(&fields[..count])
}

/// The answer to a question about an account without positions, orders and trades: the end of the list.
pub(crate) fn end_of_list(asked: &[String]) -> Vec<Vec<u8>> {
    let field = |at: usize| asked.get(at).map_or("", String::as_str);
    let answer: &[&str] = match field(0) {
        // Positions, orders, completed orders.
        "61" => &["62", "1"],
        "5" | "16" => &["53", "1"],
        "99" => &["102"],
        // The account's values, of one or of several, and executions.
        "6" if field(2) == "1" => &["54", "1", field(3)],
        "76" => &["74", "1", field(2)],
        "7" => &["55", "1", field(2)],
        _ => return Vec::new(),
    };
    vec![message(answer)]
}

/// What a client gets without having asked: a bulletin, as `ibapi` expects even before the handshake is answered
/// (`client.py`), and an account's value.
pub(crate) fn chatter() -> Vec<Vec<u8>> {
    let value = "1000000.00".repeat(50);
    vec![
        message(&["14", "1", "7", "1", "Exchange is closed", "NASDAQ"]),
        message(&["6", "2", "NetLiquidation", &value, "USD", "DU1234567"]),
    ]
}
