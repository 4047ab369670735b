//! The socket of the TWS API, under IBC.

use super::running::Running;
use super::script::{self, Script};
use crate::tws;
use crate::world::World;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Opens the socket.
pub fn open(port: u16, running: &Running) {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => listener,
        Err(error) => {
            let about = json!({"port": port, "error": error.to_string()});
            return running.record.add("api", about);
        }
    };
    let world = Arc::new(World::new());
    world.truth().script.tws = running.script.api.clone();
    tws::serve(listener, Arc::clone(&world));
    running
        .record
        .add("api", json!({"port": port, "error": null}));
    let (layout, starts) = (running.start.layout.clone(), running.record.earlier_starts);
    thread::spawn(move || follow(&world, &layout, starts));
}

/// Takes the API's moods from the script at each change of it, so that a test can spoil what was good.
fn follow(world: &World, layout: &Path, earlier_starts: usize) {
    let written = || std::fs::read(layout.join(script::FILE)).ok();
    let mut last = written();
    loop {
        // A file tells nobody that it has changed.
        thread::sleep(Duration::from_millis(20));
        let text = written();
        if text == last {
            continue;
        }
        // Half written, perhaps: then it is read again.
        if let Ok(script) = Script::read(layout, earlier_starts) {
            world.truth().script.tws = script.api;
            last = text;
        }
    }
}
