//! Reads the page, and its frames where the page itself shows nothing known.

use super::actions::{broken, is_passing};
use super::page::Page;
use super::snapshot::{LOOK, Snapshot, arguments};
use crate::known_page::KnownPage;
use fantoccini::Client;
use fantoccini::error::CmdError;
use fantoccini::wd::WindowHandle;
use ib_cli::{Error, Exit, Result, Unreadable};
use serde_json::Value;
use std::time::{Duration, Instant};

/// The pause between two searches of the frames of an unknown page: a search costs one look for each frame.
const SEARCH: Duration = Duration::from_secs(1);

/// More frames than any page of IBKR's has.
pub(crate) const MANY_FRAMES: u16 = 8;

/// Reads the page, or one of its frames.
pub(crate) struct PageReader<'a> {
    client: &'a Client,
    known: &'a KnownPage,
    arguments: Vec<Value>,
    window: Option<WindowHandle>,
    /// Whether the last look was into a frame: then a touch reaches that frame.
    is_in_frame: bool,
    searched: Option<Instant>,
}

impl<'a> PageReader<'a> {
    pub(crate) fn new(client: &'a Client, known: &'a KnownPage) -> Self {
        Self {
            client,
            known,
            arguments: arguments(known),
            window: None,
            is_in_frame: false,
            searched: None,
        }
    }

    /// Looks once. What the look finds can be touched until the next one.
    ///
    /// A user of one project had the form for a challenge in a frame of an empty page (isaacrowntree/sovereign-ibkr-fund).
    pub(crate) async fn look(&mut self) -> Result<(Snapshot, Page)> {
        let was_in_frame = self.is_in_frame;
        self.leave_frame().await?;
        let top = self.look_here().await?;
        let page = Page::of(&top, self.known);
        let is_due = was_in_frame || self.searched.is_none_or(|at| at.elapsed() >= SEARCH);
        if page != Page::Unknown || top.frames == 0 || !is_due {
            return Ok((top, page));
        }
        self.searched = Some(Instant::now());
        let found = self.search(top.frames.min(MANY_FRAMES)).await?;
        Ok(found.unwrap_or((top, page)))
    }

    /// Looks into each frame, and stays in the first that shows something known.
    async fn search(&mut self, frames: u16) -> Result<Option<(Snapshot, Page)>> {
        for frame in 0..frames {
            self.is_in_frame = true;
            match self.client.enter_frame(frame).await {
                Ok(()) => {}
                Err(error) if self.is_gone(&error) => break,
                Err(error) => return Err(broken(error)),
            }
            let seen = self.look_here().await?;
            let page = Page::of(&seen, self.known);
            if !matches!(page, Page::Unknown | Page::Busy | Page::OfTheBrowser) {
                return Ok(Some((seen, page)));
            }
            self.leave_frame().await?;
        }
        self.leave_frame().await?;
        Ok(None)
    }

    /// Goes back to the page itself, even from a frame that is gone.
    pub(crate) async fn leave_frame(&mut self) -> Result<()> {
        if !self.is_in_frame {
            return Ok(());
        }
        let window = match self.window.take() {
            Some(window) => window,
            None => self.client.window().await.map_err(broken)?,
        };
        let switched = self.client.switch_to_window(window.clone()).await;
        switched.map_err(broken)?;
        self.window = Some(window);
        self.is_in_frame = false;
        Ok(())
    }

    /// Looks at the current frame. Sees nothing while another page replaces this one.
    async fn look_here(&self) -> Result<Snapshot> {
        match self.client.execute(LOOK, self.arguments.clone()).await {
            // Firefox's answer to a script whose page is replaced meanwhile.
            Ok(Value::Null) => Ok(Snapshot::default()),
            Ok(seen) => serde_json::from_value(seen).map_err(|error| {
                // The library's message may hold text of the page.
                let why = Unreadable::from(error);
                Error::new(Exit::Unexpected, format!("looking at the page: {why}"))
            }),
            Err(error) if is_passing(&error) || self.is_gone(&error) => Ok(Snapshot::default()),
            Err(error) => Err(broken(error)),
        }
    }

    /// Whether the frame is gone. Drivers have many words for that; an error that is about more than the frame shows when
    /// the reader leaves the frame.
    fn is_gone(&self, error: &CmdError) -> bool {
        self.is_in_frame && matches!(error, CmdError::Standard(_))
    }
}
