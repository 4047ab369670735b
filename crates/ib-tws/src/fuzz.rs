//! The readers of what a server sends, for the fuzz targets alone.

use crate::frames::Frames;
use crate::message::Message;

/// Reads messages from bytes that come in pieces of this size.
pub fn messages(bytes: &[u8], size: usize) {
    let mut frames = Frames::default();
    for piece in bytes.chunks(size.max(1)) {
        frames.push(piece);
        while let Ok(Some(body)) = frames.next_message() {
            let _ = (
                Message::read(&body, true).is_ok(),
                Message::read(&body, false).is_ok(),
            );
        }
    }
}
