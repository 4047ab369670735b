//! Drivers: one that runs already, one of another version, and what their browsers may reach.

use super::on_the_page as login;
use super::scenarios::{CHROMIUM, SHELL};
use super::*;
use crate::support::{ClosedPort, eventually, signal};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A driver that a test runs, ended on drop.
struct Running {
    process: Child,
    url: String,
    _files: TempDir,
}

impl Running {
    fn chromedriver() -> Self {
        let files = TempDir::new().expect("a folder");
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", files.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver runs (scripts/setup installs it)");
        let output = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        // It is read on, so that the driver never waits for us.
        thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            url: format!("http://localhost:{}", port.expect("it says its port")),
            _files: files,
        }
    }

    fn browsers(&self) -> usize {
        ib_proc::descendants::of(self.process.id()).len()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        ib_proc::descendants::kill_all(self.process.id());
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_driver_that_runs_already_is_used_and_left_without_a_browser() {
    let (standin, driver) = (Standin::serve(), Running::chromedriver());
    login(&standin)
        .args(["--driver-url", &driver.url])
        .env("PATH", "/nonexistent")
        .stdin(plain())
        .run()
        .exits(0);
    sent(&standin, 1, 0);
    eventually("its browser is gone", || {
        (driver.browsers() == 0).then_some(())
    });
}

#[test]
fn a_signal_ends_the_browser_of_a_driver_that_runs_already() {
    let (standin, driver) = (Standin::serve(), Running::chromedriver());
    standin.set(&json!({"page": {"never": true}}));
    let (child, _folder) = login(&standin)
        .args(["--driver-url", &driver.url])
        .stdin(plain())
        .spawn();
    eventually("the page is asked for", || {
        let asked = standin.requests();
        let mut paths = asked.iter().map(|asked| &asked["path"]);
        paths.any(|path| path == "/sso/Login").then_some(())
    });
    signal(child.id(), "TERM");
    Ran::of(child).exits(128 + 15).is_silent_on_stdout();
    eventually("its browser is gone", || {
        (driver.browsers() == 0).then_some(())
    });
}

#[test]
fn a_driver_of_another_machine_is_refused() {
    let standin = Standin::serve();
    for url in [
        "http://192.0.2.1:9515",
        "https://127.0.0.1:9515",
        "http://localhost",
        "127.0.0.1:9515",
    ] {
        let ran = login(&standin).args(["--driver-url", url]).stdin(plain());
        ran.run().exits(2).is_silent_on_stdout();
    }
    sent(&standin, 0, 0);
}

#[test]
fn a_driver_that_does_not_run_is_missing() {
    let standin = Standin::serve();
    let closed = ClosedPort::new();
    let url = format!("http://{}", closed.address());
    tells_what_is_missing(&standin, &url, &["leave --driver-url out"]);
}

/// A login over this driver ends with an error that holds these words, and nothing was sent.
#[track_caller]
fn tells_what_is_missing(standin: &Standin, url: &str, words: &[&str]) {
    let ran = login(standin)
        .args(["--driver-url", url])
        .stdin(plain())
        .run()
        .exits(5);
    let message = ran.error()["message"].to_string();
    let has_all = words.iter().all(|words| message.contains(words));
    assert!(has_all, "{words:?}: {}", ran.all());
    sent(standin, 0, 0);
}

/// What chromedriver 120 answers for a Chromium that is newer.
pub(crate) const OTHER_VERSION: &str = r#"{"value":{"error":"session not created","message":"session not created: This version of ChromeDriver only supports Chrome version 120\nCurrent browser version is 156.0.8078.108 with binary path /usr/bin/chromium","stacktrace":""}}"#;

/// A driver that reports ready. It answers each request for a browser with the next of these errors, and then with nothing.
pub(crate) fn driver_that_says(errors: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    thread::spawn(move || {
        let (mut silent, mut errors) = (Vec::new(), errors.iter());
        for mut stream in listener.incoming().flatten() {
            let status = r#"{"value":{"message":"ready for new sessions.","ready":true}}"#;
            let is_status = asked(&stream).is_some_and(|asked| asked.starts_with("GET /status"));
            let error = if is_status { None } else { errors.next() };
            let (code, body) = match (is_status, error) {
                (true, _) => ("200 OK", status),
                (false, Some(words)) => ("500 Internal Server Error", *words),
                (false, None) => {
                    silent.push(stream);
                    continue;
                }
            };
            let head = "Content-Type: application/json\r\nConnection: close";
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {code}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}"
            );
        }
    });
    url
}

#[test]
fn a_driver_of_another_version_than_its_browser_is_reported_as_such() {
    let (standin, url) = (Standin::serve(), driver_that_says(&[OTHER_VERSION]));
    let words = ["only supports Chrome version 120", "of one version"];
    tells_what_is_missing(&standin, &url, &words);
}

#[test]
fn a_report_says_that_no_browser_came_in_time() {
    let (standin, url) = (Standin::serve(), driver_that_says(&[]));
    let tool = login(&standin).args(["--driver-url", &url, "--timeout", "3s"]);
    let ran = tool.stdin(plain()).run().exits(8);
    assert_eq!(ran.report()["state"], "timed_out", "{}", ran.all());
    sent(&standin, 0, 0);
}

/// The first line of a request, once all of it has come.
fn asked(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut lines = (&mut reader).lines().map_while(Result::ok);
    let first = lines.next()?;
    let lengths = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length: ")?
                .parse::<usize>()
                .ok()
        });
    let length = lengths.sum();
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some(first)
}

/// Counts those who connect to it.
fn somebody_else(address: &str) -> (TcpListener, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(address).expect("an address of this machine");
    let (heard, count) = (
        listener.try_clone().expect("a listener"),
        Arc::new(AtomicUsize::new(0)),
    );
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for _ in heard.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (listener, count)
}

#[test]
fn a_browser_asks_the_gateway_alone() {
    for browser in [&SHELL, &CHROMIUM] {
        asks_the_gateway_alone(&browser.arguments());
    }
}

#[test]
fn a_browser_asks_the_gateway_alone_in_firefox() {
    asks_the_gateway_alone(&firefox::arguments());
}

fn asks_the_gateway_alone(arguments: &[String]) {
    let standin = Standin::serve();
    let (listener, asked) = somebody_else("127.0.0.2:0");
    let elsewhere = listener.local_addr().expect("its address");
    let page = format!(
        "<img src='http://{elsewhere}/a.png'><img src='https://{elsewhere}/b.png'>\
         <script>fetch('http://{elsewhere}/c', {{mode: 'no-cors'}}).finally(() => fetch('/images/done'))</script>"
    );
    let headers = json!({"Content-Type": "text/html"});
    let answer = json!({"path": "/sso/Login", "status": 200, "headers": headers, "body": page});
    standin.set(&json!({"answers": [answer]}));
    let (child, _folder) = login(&standin).args(arguments).stdin(plain()).spawn();
    eventually("the page is done", || {
        let asked = standin.requests();
        let mut paths = asked.iter().map(|asked| &asked["path"]);
        paths.any(|path| path == "/images/done").then_some(())
    });
    signal(child.id(), "TERM");
    Ran::of(child).exits(128 + 15);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "{arguments:?}");
}

#[test]
fn a_small_dev_shm_is_enough() {
    for browser in [&SHELL, &CHROMIUM] {
        starts_with_a_small_dev_shm(&browser.arguments());
    }
}

#[test]
fn a_small_dev_shm_is_enough_in_firefox() {
    starts_with_a_small_dev_shm(&firefox::arguments());
}

fn starts_with_a_small_dev_shm(arguments: &[String]) {
    let standin = Standin::serve();
    // As in containers, and smaller: theirs has 64 MB.
    let script = "unshare --map-root-user --mount \
        sh -c 'mount -t tmpfs -o size=64k tmpfs /dev/shm && exec \"$0\" \"$@\"' \"$0\" \"$@\"";
    login(&standin)
        .env("IBGW_BROWSER_ARG", "--no-sandbox")
        .args(arguments)
        .stdin(plain())
        .in_shell(script)
        .run()
        .exits(0);
    sent(&standin, 1, 0);
}
