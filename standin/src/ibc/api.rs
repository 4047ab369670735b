//! The socket of the TWS API, under IBC.

use super::running::RunningIbGateway;
use super::script::{self, IbcScript};
use crate::tws;
use crate::world::{TwsMoods, World};
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Opens the socket; a live login manages accounts of another kind than a paper one.
pub(crate) fn open(port: u16, is_live: bool, running: &RunningIbGateway) {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => listener,
        Err(error) => {
            let about = json!({"port": port, "error": error.to_string()});
            return running.record.add("api", about);
        }
    };
    let world = Arc::new(World::new());
    world.truth().script.tws = moods(running.script.api.clone(), is_live);
    tws::serve(listener, Arc::clone(&world));
    running
        .record
        .add("api", json!({"port": port, "error": null}));
    let (layout, starts) = (running.start.layout.clone(), running.record.earlier_starts);
    thread::spawn(move || follow(&world, &layout, starts, is_live));
}

/// The number of a paper account begins with a D, that of a live one with a U (Voyz/ibind#61).
fn moods(mut moods: TwsMoods, is_live: bool) -> TwsMoods {
    if is_live && moods.accounts == TwsMoods::default().accounts {
        moods.accounts = vec!["U1234567".to_owned()];
    }
    moods
}

/// Takes the API's moods from the script at each change of it, so that a test can spoil what was good.
fn follow(world: &World, layout: &Path, earlier_starts: usize, is_live: bool) {
    let written = || std::fs::read(layout.join(script::FILE)).ok();
    let mut last = written();
    loop {
        // The file is read again and again: nothing announces a change.
        thread::sleep(Duration::from_millis(20));
        let text = written();
        if text == last {
            continue;
        }
        // Half written, perhaps: then it is read again.
        if let Ok(script) = IbcScript::read(layout, earlier_starts) {
            world.truth().script.tws = moods(script.api, is_live);
            last = text;
        }
    }
}
