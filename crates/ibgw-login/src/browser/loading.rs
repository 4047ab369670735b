//! Loads the login page, and again where the browser shows an error page of its own, unless nothing listens.

use super::actions::broken;
use super::progress::{FormProgress, PageProgress};
use super::snapshot::Snapshot;
use super::walk::{PageWalk, Step};
use crate::ending::Verdict;
use fantoccini::error::CmdError;
use ib_cli::{Error, Exit, Result, log};
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The page's path, below the Gateway's address.
const PATH: &str = "/sso/Login?forwardTo=22&RL=1&ip2loc=US";

/// How often the tool loads the page: what breaks a load off, such as a container's network that starts, is soon over.
const LOADS: u8 = 4;

/// The pause between two loads.
const PAUSE: Duration = Duration::from_secs(1);

/// The time between two checks that the Gateway still listens.
const CHECK: Duration = Duration::from_secs(2);

/// How long a connection may take: on this machine it is made or refused at once.
const CONNECT: Duration = Duration::from_millis(200);

impl PageWalk<'_, '_> {
    /// Loads the page.
    pub(crate) async fn load(&mut self) -> Result<()> {
        let address = format!("{}{PATH}", self.task.url);
        loop {
            self.progress.loads += 1;
            let error = match self.client.goto(&address).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            match name_in(&error.to_string()) {
                Some(name) if is_of_loading(&error) => self.count_failed_load(&name).await?,
                Some(_) | None => return Err(broken(error)),
            }
        }
    }

    /// The browser shows an error page of its own: loads the login page again while nothing was sent that counts.
    pub(crate) async fn load_again(&mut self, seen: &Snapshot) -> Result<Step> {
        let name = name_in(&seen.place).or_else(|| name_in(&seen.text));
        let name = name.unwrap_or_else(|| "an error without a name".to_owned());
        if self.progress.is_submitted() {
            return Err(not_loaded(&name));
        }
        self.count_failed_load(&name).await?;
        self.progress = PageProgress {
            loads: self.progress.loads,
            form: FormProgress::Open,
            ..PageProgress::new(self.task)
        };
        self.load().await?;
        Ok(Step::Done)
    }

    async fn count_failed_load(&self, name: &str) -> Result<()> {
        log(
            "info",
            "page_not_loaded",
            &format!("the browser shows {name}"),
        );
        if self.progress.loads >= LOADS || name.contains("REFUSED") {
            return Err(not_loaded(name));
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }

    /// Checks that the Gateway has not ended: its page would stay as it is, and never show that.
    ///
    /// # Errors
    /// `Down` when nothing listens there.
    pub(crate) fn check_that_gateway_listens(&mut self) -> Result<()> {
        let is_due = |at: &Instant| at.elapsed() >= CHECK;
        if !self.progress.checked.as_ref().is_none_or(is_due) {
            return Ok(());
        }
        self.progress.checked = Some(Instant::now());
        self.require_gateway()
    }

    /// The end of a login, unless the Gateway is gone: the script of the page takes a request that fails for a login that
    /// fails.
    pub(crate) fn end(
        &self,
        verdict: Verdict,
        text: Option<String>,
    ) -> Result<(Verdict, Option<String>)> {
        if !matches!(verdict, Verdict::Accepted) {
            self.require_gateway()?;
        }
        Ok((verdict, text))
    }

    fn require_gateway(&self) -> Result<()> {
        let Some(address) = self.task.local_address else {
            return Ok(());
        };
        if let Err(error) = TcpStream::connect_timeout(&address, CONNECT)
            && error.kind() == ErrorKind::ConnectionRefused
        {
            return Err(not_loaded("that nothing listens"));
        }
        Ok(())
    }
}

/// Whether a driver's error is about the page and not about the browser.
fn is_of_loading(error: &CmdError) -> bool {
    let text = error.to_string();
    text.contains("net::ERR_")
        || text.contains("about:neterror")
        || text.contains("about:certerror")
}

/// The name that Chromium or Firefox give the error in a text: `ERR_NETWORK_CHANGED`, or the `e` of `about:neterror?e=netReset`.
fn name_in(text: &str) -> Option<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let from = |rest: &str| rest.chars().take_while(|letter| is_part(*letter)).collect();
    match (text.find("ERR_"), text.split_once("error?e=")) {
        (Some(at), _) => Some(from(&text[at..])),
        (None, Some((_, rest))) => Some(from(rest)),
        (None, None) => None,
    }
}

/// The error of a page that does not load.
fn not_loaded(name: &str) -> Error {
    let lower = name.to_lowercase();
    let exit = if lower.contains("timed_out") || lower.contains("timeout") {
        Exit::TimedOut
    } else {
        Exit::Down
    };
    let message = format!(
        "opening the login page: the browser finds {name} (start the Gateway: ibgw-start --gateway-dir DIR)"
    );
    Error::new(exit, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_errors_of_either_browser_by_their_names() {
        for (text, name) in [
            (
                "unknown error: net::ERR_NETWORK_CHANGED\n  (Session info)",
                Some("ERR_NETWORK_CHANGED"),
            ),
            (
                "about:neterror?e=connectionFailure&u=https%3A//localhost",
                Some("connectionFailure"),
            ),
            ("about:certerror?e=nssBadCert", Some("nssBadCert")),
            (
                "Reached error page: about:neterror?e=netReset&u=x",
                Some("netReset"),
            ),
            ("chrome-error://chromewebdata/", None),
        ] {
            assert_eq!(name_in(text).as_deref(), name, "{text}");
        }
        assert_eq!(not_loaded("ERR_TIMED_OUT").exit, Exit::TimedOut);
        assert_eq!(not_loaded("netTimeout").exit, Exit::TimedOut);
        assert_eq!(not_loaded("ERR_NETWORK_CHANGED").exit, Exit::Down);
    }
}
