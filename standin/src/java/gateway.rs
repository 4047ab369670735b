//! The Gateway's main class: its start, its words, its silences (all seen with build a27ed42). The
//! demo application, its files and its two lines of output, is left out.

use super::command::ClassPath;
use super::{complain, knobs, say, signals};
use crate::front::{Front, FrontConf, FrontLog};
use crate::http::server;
use crate::{keystore, serve};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

const BUILD: &str =
    "version: a27ed42161ad96c53e715ca5c5e3e3fa4cff5262 Mon, 24 Apr 2023 15:41:53 -0400";

/// Runs until something ends it.
pub(crate) fn run(class_path: &ClassPath, arguments: &[String]) -> ExitCode {
    let (ends, ended) = mpsc::channel();
    signals::watch(ends.clone());
    if let Some(after) = knobs::die_after() {
        thread::spawn(move || {
            thread::sleep(after);
            complain("java.lang.OutOfMemoryError: Java heap space");
            ends.send(1)
        });
    }
    let conf = match arguments {
        [option, name] if option == "--conf" => configuration(class_path, name),
        _ => Err("usage: --conf <file>".to_owned()),
    };
    match conf {
        Ok(conf) => {
            start(class_path, conf);
            end(&ended)
        }
        Err(complaint) => {
            complain(&complaint);
            ExitCode::FAILURE
        }
    }
}

/// Waits for the end. A Gateway without a listener stays alive for ever, also when no thread is left
/// that could end it.
fn end(ended: &Receiver<u8>) -> ExitCode {
    match ended.recv() {
        Ok(code) => {
            let _ = fs::remove_dir_all(cache_folder());
            ExitCode::from(code)
        }
        Err(_) => loop {
            thread::park();
        },
    }
}

fn configuration(class_path: &ClassPath, name: &str) -> Result<FrontConf, String> {
    let failed = |why: &str| format!("Failed to load configuration file: {name}\n{why}");
    let text = class_path
        .find(name)
        .and_then(|path| fs::read_to_string(path).ok());
    let text = text.ok_or_else(|| failed("java.io.IOException: Stream closed"))?;
    FrontConf::read(&text).map_err(|complaint| failed(&complaint))
}

fn start(class_path: &ClassPath, conf: FrontConf) {
    thread::sleep(knobs::start_delay());
    say(&format!("Java Version: {}", knobs::version_number()));
    let container = class_path
        .find(&conf.keystore)
        .and_then(|path| fs::read(path).ok());
    cache(&conf.keystore, container.as_deref().unwrap_or_default());
    let password = conf.keystore_password.as_deref();
    let pair = container.and_then(|container| keystore::open(&container, password?));
    banner(&conf);
    let tls = match (conf.tls, pair.map(|pair| keystore::tls(&pair))) {
        (false, _) => None,
        (true, Some(Ok(tls))) => Some(tls),
        // A keystore that is missing or has another password: no word after the banner, no listener, no end
        // (seen with build a27ed42).
        (true, _) => return,
    };
    thread::sleep(knobs::banner_lead());
    // An exception in the verticle's start: no word, no listener, no end (`ips:` with nothing below it, build a27ed42).
    if knobs::never_listen() || conf.access.is_err() {
        return;
    }
    let Ok(port) = u16::try_from(conf.port) else {
        complain(&format!(
            "Server listen failed port p must be in range 0 <= p <= 65535 ({})",
            conf.port
        ));
        return;
    };
    match serve::bind(port) {
        Ok(listener) => {
            let front = Front::new(conf, log(class_path));
            server::serve(
                listener,
                tls,
                server::GATEWAY_HEADERS,
                Arc::new(move |request, peer| front.answer(request, peer)),
            );
        }
        Err(_) => complain("Server listen failed Address already in use"),
    }
}

/// Vert.x 3.5 takes what it finds on the class path to a cache below the working directory; one that is killed leaves it.
fn cache(name: &str, container: &[u8]) {
    let folder = cache_folder();
    let _ = fs::create_dir_all(&folder);
    let _ = fs::write(folder.join(name), container);
}

fn cache_folder() -> PathBuf {
    PathBuf::from(format!(".vertx/file-cache-{}", std::process::id()))
}

/// Printed before the port is even tried: it proves nothing.
fn banner(conf: &FrontConf) {
    let url = format!(
        "{}://localhost:{}",
        if conf.tls { "https" } else { "http" },
        conf.port
    );
    say("****************************************************");
    say(BUILD);
    say("****************************************************");
    say("This is the Client Portal Gateway");
    say("for any issues, please contact api@ibkr.com");
    say("and include a copy of your logs");
    say("****************************************************");
    say("https://www.interactivebrokers.com/api/doc.html");
    say("****************************************************");
    say(&format!("Open {url} to login"));
}

fn log(class_path: &ClassPath) -> FrontLog {
    let logback = class_path
        .find("logback.xml")
        .and_then(|path| fs::read_to_string(path).ok());
    FrontLog::below(Path::new("logs").to_owned(), &logback.unwrap_or_default())
}
