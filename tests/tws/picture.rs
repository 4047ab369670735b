//! The picture of a window that does not go on.

use super::up::{record, start, until};
use crate::support::{IbcLayout, eventually};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt;

#[test]
fn leaves_a_picture_of_a_dialog_that_nobody_answers() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": "wrong_password", "window": IbcLayout::window()}));
    start(&layout, &record("demo")).run();
    let course = until(&layout, "rejected");
    assert_eq!(course["reason"], "wrong_credentials", "{course}");
    let path = eventually("a picture", || {
        let path = until(&layout, "rejected")["screenshot"]
            .as_str()?
            .to_owned();
        Some(path)
    });
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let file = BufReader::new(File::open(&path).expect("a file"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let about = reader.next_frame(&mut pixels).expect("a picture");
    assert_eq!((about.width, about.height), (1280, 1024));
    let colours: BTreeSet<&[u8]> = pixels.chunks(3).collect();
    assert!(colours.len() > 2, "{} colours", colours.len());
    eventually("nothing is left", || {
        layout.processes().is_empty().then_some(())
    });
}
