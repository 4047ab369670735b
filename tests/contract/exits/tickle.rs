//! The column of `ibgw-tickle`.

use super::assert_column;
use crate::support::{ClosedPort, Standin, Tool};
use serde_json::{Value, json};

#[test]
fn ibgw_tickle_ends_as_the_table_says() {
    let (standin, closed) = (Standin::serve(), ClosedPort::new());
    let tickle = |args: &[&str]| {
        Tool::new("ibgw-tickle")
            .env("IBGW_URL", standin.url())
            .args(args)
            .run()
    };
    let answered = |answer: Value, args: &[&str]| {
        let standin = Standin::answering(answer);
        Tool::new("ibgw-tickle")
            .env("IBGW_URL", standin.url())
            .args(args)
            .run()
    };
    let no = tickle(&[]);
    standin.make("login", &json!({"user": "testuser01", "mode": "live"}));
    let ready = tickle(&[]);
    standin.make("compete", &json!({}));
    let competing = tickle(&[]);
    let probed = |moods: Value, args: &[&str]| {
        let standin = Standin::tws_with(&moods);
        Tool::new("ibgw-tickle")
            .env("IBGW_KIND", "tws")
            .env("IBGW_ADDRESS", standin.address())
            .args(args)
            .run()
    };
    let lie = |how: &str| json!({"lie": {"at": "start_api", "how": how}});
    let lost = json!({"notices": [{"code": 1100, "text": "lost"}]});
    assert_column(
        "ibgw-tickle",
        vec![
            (0, probed(json!({}), &[])),
            (2, probed(json!({}), &["--url", standin.url()])),
            (6, probed(json!({}), &["--write", "/nonexistent/file"])),
            (
                7,
                probed(json!({}), &["--address", &closed.address().to_string()]),
            ),
            (8, probed(lie("silence"), &["--timeout", "1s"])),
            (9, probed(lie("close"), &[])),
            (12, probed(lost, &[])),
            (0, ready),
            (1, no),
            (2, tickle(&["--timeout", "15"])),
            (6, tickle(&["--cacert", "/nonexistent"])),
            (7, tickle(&["--url", &closed.url()])),
            (8, answered(json!({"mode": "hang"}), &["--timeout", "1s"])),
            (9, answered(json!({"status": 200, "body": "hello"}), &[])),
            (10, competing),
            (12, answered(json!({"status": 503, "body": ""}), &[])),
        ],
    );
}
