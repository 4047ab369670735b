//! The open dialogs that this program does not know.

use std::time::Duration;

/// More dialogs than IB Gateway ever has open at once.
const MOST: usize = 32;

/// The open dialogs, the oldest first: their titles, and when each opened.
#[derive(Debug, Default)]
pub(super) struct Dialogs {
    titles: Vec<String>,
    since: Vec<Duration>,
}

impl Dialogs {
    /// Takes note that one opened or closed; whether that changes anything.
    pub(super) fn note(&mut self, title: &str, is_open: bool, at: Duration) -> bool {
        if is_open {
            let has_room = self.titles.len() < MOST;
            if has_room {
                self.titles.push(title.to_owned());
                self.since.push(at);
            }
            return has_room;
        }
        let place = self.titles.iter().position(|open| open == title);
        if let Some(place) = place {
            self.titles.remove(place);
            self.since.remove(place);
        }
        place.is_some()
    }

    pub(super) fn titles(&self) -> &[String] {
        &self.titles
    }

    /// When the oldest opened; `None` when no dialog is open.
    pub(super) fn since(&self) -> Option<Duration> {
        self.since.first().copied()
    }
}
