//! The stand-in's real window.

use super::play::Play;
use crate::support::{IbcLayout, signal};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A screen of its own, without a cookie.
struct Screen {
    process: Child,
    display: String,
}

impl Screen {
    fn begin() -> Self {
        let mut process = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "800x600x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts (apt-get install xvfb)");
        let mut number = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        let read = BufReader::new(stdout).read_line(&mut number);
        read.expect("Xvfb says its number");
        Self {
            process,
            display: format!(":{}", number.trim()),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        signal(self.process.id(), "TERM");
        let _ = self.process.wait();
    }
}

#[test]
fn the_stand_in_shows_a_real_window() {
    let screen = Screen::begin();
    let layout = IbcLayout::new();
    layout.script(
        &json!({"login": {"unknown_dialog": "Something Else"}, "window": IbcLayout::window()}),
    );
    let mut play = Play::begin_on(&layout, Some(&screen.display), &[]);
    play.until("detected dialog entitled: Something Else; event=Opened");
    let shown: Vec<_> = layout
        .played_of("window")
        .iter()
        .map(|about| about["shown"].clone())
        .collect();
    assert_eq!(shown, [true, true], "{:#?}", layout.played());
}
