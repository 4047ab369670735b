//! Looking at the page, and into its frames where the page itself shows nothing known.

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

/// Between two searches of the frames of a page that is not known: each costs as many looks as there are frames.
const SEARCH: Duration = Duration::from_secs(1);

/// More frames than any page of IBKR's has.
pub const MANY_FRAMES: u16 = 8;

/// What looks at the page.
pub struct PageReader<'a> {
    client: &'a Client,
    known: &'a KnownPage,
    arguments: Vec<Value>,
    window: Option<WindowHandle>,
    /// Whether the last look was into a frame, which is then what hands would touch.
    is_in_frame: bool,
    searched: Option<Instant>,
}

impl<'a> PageReader<'a> {
    pub fn new(client: &'a Client, known: &'a KnownPage) -> Self {
        Self {
            client,
            known,
            arguments: arguments(known),
            window: None,
            is_in_frame: false,
            searched: None,
        }
    }

    /// Looks once; what is seen can be touched until the next look.
    ///
    /// One project's user had the form for a challenge in a frame, and a page around it that was empty
    /// (isaacrowntree/sovereign-ibkr-fund).
    pub async fn look(&mut self) -> Result<(Snapshot, Page)> {
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
    pub async fn leave_frame(&mut self) -> Result<()> {
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

    /// Sees nothing while the page is being replaced by another.
    async fn look_here(&self) -> Result<Snapshot> {
        match self.client.execute(LOOK, self.arguments.clone()).await {
            // Firefox's answer to a script whose page goes away under it.
            Ok(Value::Null) => Ok(Snapshot::default()),
            Ok(seen) => serde_json::from_value(seen).map_err(|error| {
                // The page's own text may be in the library's words.
                let why = Unreadable::from(error);
                Error::new(Exit::Unexpected, format!("looking at the page: {why}"))
            }),
            Err(error) if is_passing(&error) || self.is_gone(&error) => Ok(Snapshot::default()),
            Err(error) => Err(broken(error)),
        }
    }

    /// Whether it is the frame that is gone: drivers have many words for that, and what is wrong with more than the frame
    /// shows when it is left.
    fn is_gone(&self, error: &CmdError) -> bool {
        self.is_in_frame && matches!(error, CmdError::Standard(_))
    }
}
