//! What a killed Java leaves, and what ibgw-start says about it.

use super::fails::says;
use super::place::{Place, pid};
use crate::support::{Ran, eventually, signal};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Holds a port that no process shows: the socket lies unread in a socket pair. The kernel holds the socket of a killed
/// process in the same way, for some milliseconds.
fn hold_unseen(port: u16, milliseconds: u32) -> Child {
    let script = format!(
        "import socket, time
a, b = socket.socketpair(socket.AF_UNIX)
held = socket.create_server(('127.0.0.1', {port}))
socket.send_fds(a, [b'x'], [held.fileno()])
held.close()
print('held', flush=True)
time.sleep({milliseconds} / 1000)"
    );
    let mut child = Command::new("python3")
        .args(["-c", &script])
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let stdout = child.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it says when it holds the port");
    assert_eq!(line, "held\n");
    child
}

/// Copies of the keystore that Vert.x has made.
fn caches(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.instance("run/.vertx"));
    let entries = entries.into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[test]
fn waits_for_the_port_of_a_process_that_was_just_killed() {
    let place = Place::new();
    let mut holder = hold_unseen(place.port, 400);
    let report = place.tool::<&str>([]).run().exits(0).report();
    assert_eq!(report["state"], "ready", "{report}");
    holder.wait().expect("it ends");
    place.down();
}

#[test]
fn starts_at_once_after_java_was_killed() {
    let place = Place::new();
    for _ in 0..3 {
        let killed = pid(&place.up());
        signal(killed, "KILL");
        let report = place.up();
        assert_ne!(pid(&report), killed, "{report}");
        place.down();
    }
}

#[test]
fn says_soon_that_a_hidden_process_holds_the_port() {
    let place = Place::new();
    let mut holder = hold_unseen(place.port, 60_000);
    let begin = Instant::now();
    let ran = place.tool::<&str>([]).run().exits(6).is_silent_on_stdout();
    let took = begin.elapsed();
    holder.kill().expect("it lives");
    holder.wait().expect("it ends");
    says(&ran, &["is held", "this user cannot see"]);
    // A second and a half of patience, and a margin for a loaded machine.
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn leaves_no_copy_of_the_keystore_that_a_killed_java_left() {
    let place = Place::new();
    signal(pid(&place.up()), "KILL");
    let left = caches(&place);
    assert_eq!(left.len(), 1, "{left:?}");
    let report = place.up();
    let now = caches(&place);
    assert_eq!(now.len(), 1, "{now:?}");
    assert_ne!(now, left);
    // The next Gateway does not end by SIGTERM, so --stop kills it.
    place.down();
    let tool = place.tool::<&str>([]);
    tool.env("IB_STANDIN_IGNORE_TERM", "1").run().exits(0);
    assert_eq!(place.down()["warnings"][0], "killed", "{report}");
    assert_eq!(caches(&place), [] as [PathBuf; 0]);
}

#[test]
fn says_that_java_was_killed_and_what_may_be_the_reason() {
    let place = Place::new();
    let tool = place.tool::<&str>([]).env("IB_STANDIN_NEVER_LISTEN", "1");
    let (child, _folder) = tool.spawn();
    signal(eventually("Java", || place.java()), "KILL");
    let ran = Ran::of(child).exits(9);
    says(&ran, &["status 137", "SIGKILL", "memory"]);
    assert_eq!(ran.report()["child_exit"], 137, "{}", ran.all());
}
