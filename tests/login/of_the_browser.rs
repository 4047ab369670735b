//! Error pages of the browser, tabs that crash, and a Gateway that ends during a login.

use super::*;
use crate::support::{eventually, signal};
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// The lighter browser.
fn shell() -> Vec<String> {
    scenarios::SHELL.arguments()
}

/// Firefox.
fn firefox() -> Vec<String> {
    firefox::arguments().to_vec()
}

/// A stand-in that breaks off the first `times` requests for the login page.
fn broken_off(mode: &str, times: u32) -> Standin {
    let standin = Standin::serve();
    let answer = json!({"path": "/sso/Login", "mode": mode, "times": times});
    standin.set(&json!({"answers": [answer]}));
    standin
}

#[test]
fn a_load_that_breaks_off_is_made_again() {
    loads_again_what_broke_off(&shell());
}

#[test]
fn a_load_that_breaks_off_is_made_again_in_firefox() {
    loads_again_what_broke_off(&firefox());
}

fn loads_again_what_broke_off(browser: &[String]) {
    for mode in ["close", "reset"] {
        // A browser asks once more itself where a connection was used before.
        let standin = broken_off(mode, 2);
        let ran = on_the_page(&standin).args(browser).stdin(plain()).run();
        let ran = ran.exits(0);
        assert_eq!(ran.report()["how"], "browser", "{mode}: {}", ran.all());
        sent(&standin, 1, 0);
    }
}

#[test]
fn a_page_that_never_loads_is_down_in_seconds() {
    is_down_where_the_page_never_loads(&shell());
}

#[test]
fn a_page_that_never_loads_is_down_in_seconds_in_firefox() {
    is_down_where_the_page_never_loads(&firefox());
}

fn is_down_where_the_page_never_loads(browser: &[String]) {
    let standin = broken_off("close", 1000);
    let ran = on_the_page(&standin).args(browser).stdin(plain()).run();
    let ran = ran.exits(7);
    let report = ran.report();
    assert_eq!(report["state"], "down", "{}", ran.all());
    assert_eq!(report["submissions"], 0, "{}", ran.all());
    let elapsed = report["elapsed_seconds"].as_f64();
    assert!(elapsed.is_some_and(|seconds| seconds < 50.0), "{report}");
    sent(&standin, 0, 0);
}

#[test]
fn a_gateway_that_ends_before_anything_is_sent_is_down() {
    is_down_where_the_gateway_ends(&shell());
}

#[test]
fn a_gateway_that_ends_before_anything_is_sent_is_down_in_firefox() {
    is_down_where_the_gateway_ends(&firefox());
}

fn is_down_where_the_gateway_ends(browser: &[String]) {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"form_delay_ms": 60_000}}));
    ends_down(standin, browser, "/sso/Login", 0);
}

#[test]
fn a_gateway_that_ends_after_the_password_is_sent_is_broken_off() {
    is_broken_off_where_the_gateway_ends(&shell());
}

#[test]
fn a_gateway_that_ends_after_the_password_is_sent_is_broken_off_in_firefox() {
    is_broken_off_where_the_gateway_ends(&firefox());
}

fn is_broken_off_where_the_gateway_ends(browser: &[String]) {
    let standin = Standin::serve();
    let hang = json!({"path": "/sso/Authenticator", "action": "COMPLETEAUTH", "mode": "hang"});
    standin.set(&json!({"answers": [hang]}));
    ends_down(standin, browser, "/sso/Authenticator", 1);
}

#[test]
fn a_gateway_that_ends_while_a_push_is_awaited_is_broken_off() {
    let runs = Runs::of_push_user();
    let (child, _folder) = runs.tool(on_the_page).args(shell()).spawn();
    let pushes = || (runs.standin.truth()["pushes"] == 1).then_some(());
    eventually("the push is sent", pushes);
    let report = killed(runs.standin, child);
    assert_eq!(report["reason"], "broken_off", "{report}");
}

/// A port of 127.0.0.2 alone that leads to one of 127.0.0.1.
fn on_another_loopback_address(port: u16) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), 0)).expect("a free port");
    let address = listener.local_addr().expect("it has one");
    let pass = |mut from: TcpStream, mut to: TcpStream| {
        thread::spawn(move || {
            // Either end may have gone.
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    };
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
            let ends = [&client, &server].map(|end| end.try_clone().expect("a second handle"));
            let [from_client, from_server] = ends;
            pass(from_client, server);
            pass(from_server, client);
        }
    });
    address
}

#[test]
fn a_gateway_on_another_loopback_address_is_not_taken_for_one_that_ended() {
    let standin = Standin::serve();
    // The page is looked at before it has its form.
    standin.set(&json!({"page": {"form_delay_ms": 4000}}));
    let port = standin.about["port"].as_u64().expect("a number");
    let address = on_another_loopback_address(port.try_into().expect("a port"));
    let url = format!("https://{address}");
    // The page's cookies are for localhost: under another name a login comes as far as its refusal.
    let wrong = record("testuser01", "Wrong-Horse1", None, "live");
    let tool = on_the_page(&standin).args(["--url", &url]);
    let ran = tool.args(shell()).stdin(wrong).run().exits(4);
    assert_eq!(ran.report()["submissions"], 1, "{}", ran.all());
}

/// Kills the Gateway after the tool asked for a path, and checks the report.
fn ends_down(standin: Standin, browser: &[String], path: &str, submissions: u8) {
    let (child, _folder) = on_the_page(&standin).args(browser).stdin(plain()).spawn();
    let wanted = 1 + usize::from(submissions);
    eventually("the step is asked for", || {
        (bodies_of(&standin, path).len() >= wanted).then_some(())
    });
    let report = killed(standin, child);
    assert_eq!(report["submissions"], submissions, "{report}");
    let reason = if submissions == 0 {
        json!(null)
    } else {
        json!("broken_off")
    };
    assert_eq!(report["reason"], reason, "{report}");
}

/// Kills the Gateway; the report of the tool, which ends soon with 7.
fn killed(standin: Standin, child: std::process::Child) -> Value {
    drop(standin);
    let begin = Instant::now();
    let ran = Ran::of(child).exits(7);
    // Far from the minute that it has patience with a page.
    assert!(begin.elapsed() < Duration::from_secs(45), "{}", ran.all());
    ran.report()
}

#[test]
fn a_tab_that_crashes_before_anything_is_sent_is_opened_anew() {
    let standin = Standin::serve();
    standin.set(&json!({"page": {"form_delay_ms": 4000}}));
    let tool = on_the_page(&standin).args(shell()).stdin(plain());
    let (child, _folder) = tool.spawn();
    eventually("the page is asked for", || {
        (!bodies_of(&standin, "/sso/Login").is_empty()).then_some(())
    });
    let renderers = eventually("the tab", || {
        let below = ib_proc::descendants::of(child.id());
        let is_renderer = |pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains("--type=renderer")
        };
        let found: Vec<u32> = below.into_iter().filter(is_renderer).collect();
        (!found.is_empty()).then_some(found)
    });
    for renderer in renderers {
        signal(renderer, "KILL");
    }
    Ran::of(child).exits(0);
    assert!(bodies_of(&standin, "/sso/Login").len() > 1);
    sent(&standin, 1, 0);
}
