//! Messages to the service manager about a Gateway that is held.

use super::place::{Place, pid};
use crate::support::{Ran, Tool, signal};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A service manager.
pub(crate) struct Manager(UnixDatagram);

impl Manager {
    pub(crate) fn of(place: &Place, tool: Tool) -> (Self, Tool) {
        Self::at(place.path("notify"), tool)
    }

    /// With its socket at this path.
    pub(crate) fn at(path: PathBuf, tool: Tool) -> (Self, Tool) {
        let socket = UnixDatagram::bind(&path).expect("a socket can be made");
        socket
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit");
        (Self(socket), tool.env("NOTIFY_SOCKET", path))
    }

    /// Waits for a message with a line that begins like this; the value is the message.
    #[track_caller]
    pub(crate) fn hears(&self, line: &str) -> String {
        loop {
            let message = self.next();
            let message = message.unwrap_or_else(|error| panic!("{line}: {error}"));
            if message.lines().any(|heard| heard.starts_with(line)) {
                return message;
            }
        }
    }

    /// Says how long it waits for each message.
    pub(crate) fn waits(&self, limit: Duration) {
        self.0.set_read_timeout(Some(limit)).expect("a limit");
    }

    pub(crate) fn next(&self) -> std::io::Result<String> {
        let mut bytes = [0; 4096];
        let count = self.0.recv(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes[..count]).into_owned())
    }
}

#[test]
fn tells_the_service_manager_and_ends_the_gateway_on_sigterm() {
    let place = Place::new();
    let (manager, tool) = Manager::of(&place, place.tool(["--foreground"]));
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    assert_eq!(
        place.tool(["--check"]).run().exits(0).report()["state"],
        "ready"
    );
    signal(child.id(), "TERM");
    manager.hears("STOPPING=1");
    let report = Ran::of(child).exits(0).is_silent_on_stderr().report();
    assert_eq!(report["state"], "stopped", "{report}");
    assert_eq!(report["started"], true, "{report}");
    assert_eq!(report["child_exit"], 143, "{report}");
    assert!(!place.instance("record.json").exists());
    place.is_empty();
}

#[test]
fn shows_the_watchdog_that_the_gateway_answers() {
    let place = Place::new();
    let tool = place.tool(["--foreground"]).env("WATCHDOG_USEC", "8000000");
    let (manager, tool) = Manager::of(&place, tool);
    let (child, _folder) = tool.spawn();
    manager.hears("READY=1");
    let ready = Instant::now();
    manager.hears("WATCHDOG=1");
    // Half of the time, with a margin for a loaded machine.
    let first = ready.elapsed();
    assert!((2000..8000).contains(&first.as_millis()), "{first:?}");
    manager.hears("WATCHDOG=1");
    signal(child.id(), "TERM");
    Ran::of(child).exits(0);
}

#[test]
fn says_in_its_status_what_happens_and_lets_the_watchdog_bite() {
    let place = Place::new();
    let tool = place.tool(["--foreground"]).env("WATCHDOG_USEC", "4000000");
    let (manager, tool) = Manager::of(&place, tool);
    let (child, _folder) = tool.spawn();
    let url = format!("https://localhost:{}", place.port);
    manager.hears(&format!("STATUS=starting the Gateway at {url}"));
    let ready = manager.hears("READY=1");
    let main = format!("MAINPID={}", child.id());
    let status = format!("STATUS=the Gateway answers at {url}");
    for line in [&main, &status] {
        assert!(
            ready.lines().any(|heard| heard == line),
            "{line} is missing: {ready}"
        );
    }
    let report = place.tool(["--check"]).run().exits(0).report();
    signal(pid(&report), "STOP");
    let silent = manager.hears("STATUS=no answer from the Gateway");
    assert!(silent.contains(&format!("{url} since 20")), "{silent}");
    // The time after which it would be killed.
    manager.waits(Duration::from_secs(4));
    let heard = manager.next();
    assert!(heard.is_err(), "{heard:?}");
    manager.waits(Duration::from_secs(20));
    signal(pid(&report), "CONT");
    manager.hears(&status);
    manager.hears("WATCHDOG=1");
    signal(child.id(), "TERM");
    let stopping = manager.hears("STOPPING=1");
    assert!(stopping.contains("STATUS=ending the Gateway"), "{stopping}");
    Ran::of(child).exits(0);
}

#[test]
fn says_in_its_status_why_it_ends() {
    let place = Place::new();
    let tool = place.tool(["--foreground", "--timeout", "1s"]);
    let (manager, tool) = Manager::of(&place, tool.env("IB_STANDIN_NEVER_LISTEN", "1"));
    tool.run().exits(8);
    manager.hears("STATUS=the Gateway did not answer at");
    let tool = place
        .tool(["--foreground"])
        .env("IB_STANDIN_DIE_AFTER_MS", "600");
    tool.env("NOTIFY_SOCKET", place.path("notify"))
        .run()
        .exits(9);
    manager.hears("STATUS=the Gateway ended");
}

#[test]
fn says_why_it_does_not_start_where_that_is_seen_before() {
    let place = Place::new();
    let conf = std::fs::read_to_string(place.path("gw/root/conf.yaml")).expect("it is there");
    let conf = conf + "\nlistenPrt: 1\n";
    std::fs::write(place.path("conf.yaml"), conf).expect("it can be written");
    let tool = place
        .tool(["--foreground", "--conf"])
        .args([place.path("conf.yaml")]);
    let (manager, tool) = Manager::of(&place, tool);
    tool.run().exits(6);
    let status = manager.hears("STATUS=");
    assert!(status.contains("listenPrt"), "{status}");
}
