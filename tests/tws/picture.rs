//! The picture of a window that does not go on.

use super::up::{record, start, until};
use crate::support::{IbcLayout, eventually};
use serde_json::json;
use std::fs::{self, File};
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt;

/// Orange is a dialog: tests/java/Window.java.
const DIALOG: [u8; 3] = [255, 200, 0];

/// Checks that the course names a picture of the whole screen, for its owner alone, with the dialog on it.
#[track_caller]
fn shows_the_dialog(layout: &IbcLayout, phase: &str) {
    let path = eventually("a picture", || {
        let path = until(layout, phase)["screenshot"].as_str()?.to_owned();
        Some(path)
    });
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let file = BufReader::new(File::open(&path).expect("a file"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let about = reader.next_frame(&mut pixels).expect("a picture");
    assert_eq!((about.width, about.height), (1280, 1024));
    let of_dialog = pixels.chunks(3).filter(|pixel| *pixel == DIALOG);
    assert!(of_dialog.count() > 1000);
    eventually("nothing is left", || {
        layout.processes().is_empty().then_some(())
    });
}

#[test]
fn leaves_a_picture_of_a_dialog_without_an_answer() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password", "window": IbcLayout::window()}));
    start(&layout, &record("demo")).run();
    let course = until(&layout, "rejected");
    assert_eq!(course["reason"], "wrong_credentials", "{course}");
    shows_the_dialog(&layout, "rejected");
}

/// The tool waits half a minute for a person to answer it.
#[test]
fn leaves_a_picture_of_a_dialog_that_is_not_known() {
    let layout = IbcLayout::new();
    let login = json!({"unknown_dialog": "Something New"});
    layout.script(&json!({"login": login, "window": IbcLayout::window()}));
    start(&layout, &record("demo")).run().exits(0);
    // It follows until the end.
    let ran = layout.tool("ibgw-login").run().exits(9);
    let course = until(&layout, "stuck");
    assert_eq!(course["reason"], "unknown_dialog", "{course}");
    shows_the_dialog(&layout, "stuck");
    assert_eq!(ran.report()["reason"], "unknown_dialog", "{}", ran.all());
    assert_eq!(ran.report()["state"], "unexpected", "{}", ran.all());
    assert!(ran.stderr.contains("Something New"), "{}", ran.all());
}
