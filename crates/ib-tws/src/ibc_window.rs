//! The windows that IBC sees: `detected dialog entitled: TITLE; event=EVENT`.

use crate::ibc_event::IbcEvent;

/// What happened to a window that has a title.
pub(crate) struct WindowEvent<'a> {
    pub(crate) title: &'a str,
    event: &'a str,
    is_dialog: bool,
}

/// Dialogs that come and go in every start: IBC opens the first to set what `config.ini` says, the second belongs to
/// every end. They may be hidden rather than closed, of which the log says nothing.
const ORDINARY: [&str; 2] = ["Configuration", "Shutdown progress"];

const LONGEST_TITLE: usize = 120;

/// The window event in these words; `None` when there is none.
pub(crate) fn window_of(words: &str) -> Option<WindowEvent<'_>> {
    // IBC before 3.24 writes a capital letter.
    let seen = words.strip_prefix("detected ");
    let seen = seen.or_else(|| words.strip_prefix("Detected "))?;
    let (kind, rest) = seen.split_once(" entitled: ")?;
    let (title, event) = rest.rsplit_once("; event=")?;
    Some(WindowEvent {
        title,
        event,
        is_dialog: kind == "dialog",
    })
}

impl WindowEvent<'_> {
    pub(crate) fn is(&self, event: &str) -> bool {
        self.event == event
    }

    /// The event of a dialog that is not known; frames, such as the main window, are none.
    pub(crate) fn dialog(&self, is_open: bool) -> Option<IbcEvent> {
        let is_ordinary = ORDINARY.iter().any(|known| self.title.contains(known));
        (self.is_dialog && !is_ordinary).then(|| IbcEvent::Dialog {
            title: shown(self.title),
            is_open,
        })
    }
}

/// The title as a report may show it.
fn shown(title: &str) -> String {
    let letters = title.chars().filter(|letter| !letter.is_control());
    letters.take(LONGEST_TITLE).collect()
}
