//! IB Gateway, as far as a client of its TWS API sees it: the socket at port 4001 or 4002.
//!
//! Messages and their numbers are those of IBKR's own client (`ibapi` 9.81.1 on PyPI: `client.py`,
//! `message.py`, `decoder.py`) and of `ib_async` 2.1.0; what comes in which order is from logs in
//! pilwon/node-ib#34, stoqey/ib#162 and manhinhang/ib-gateway-docker#65.

mod connection;
mod messages;
mod wire;

use crate::world::{Conversation, Truth, World};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

/// Serves the API in the background until the process ends.
pub(crate) fn serve(listener: TcpListener, world: Arc<World>) {
    world.truth().tws = Some(Vec::new());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let world = Arc::clone(&world);
            thread::spawn(move || {
                let place = begin(&mut world.truth());
                // An error here is the client's end of the connection, and there is no other place to report it to.
                let _ = connection::serve(stream, &world, place);
                end(&mut world.truth(), place);
            });
        }
    });
}

fn begin(truth: &mut Truth) -> usize {
    let conversations = truth.tws.get_or_insert_default();
    conversations.push(Conversation::new());
    conversations.len() - 1
}

fn end(truth: &mut Truth, place: usize) {
    if let Some(conversation) = conversation(truth, place) {
        conversation.open = false;
    }
}

/// One of the conversations, unless a test has had them forgotten.
fn conversation(truth: &mut Truth, place: usize) -> Option<&mut Conversation> {
    truth.tws.as_mut()?.get_mut(place)
}
