//! Logging in through the page, with a real browser over its driver.

mod driver;
mod evidence;
mod hands;
mod page;
mod second_factor;
mod snapshot;
mod walk;

use crate::code::Authenticator;
use crate::ending::Ending;
use crate::mode::Mode;
use ib_cli::{Error, Exit, OrExit, Result};
use ib_proc::Deadline;
use std::path::PathBuf;

pub use driver::{Browser, Driver};
pub use page::AUTHENTICATOR;

/// What is about to be sent, told before a byte of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Username and password.
    Credentials,
    /// A one-time code of these 30 seconds since 1970.
    Code(u64),
}

/// Is told what is about to be sent, and may forbid it.
pub type Recorder<'a> = dyn FnMut(Sending) -> Result<()> + 'a;

/// One login on the page.
pub struct Task<'a> {
    /// The Gateway, by the name that the page's cookies need.
    pub url: &'a str,
    /// Whether that is on this machine, where any certificate is accepted.
    pub is_loopback: bool,
    /// What to type.
    pub username: &'a str,
    /// What to type.
    pub password: &'a str,
    /// Which side of the toggle.
    pub mode: Mode,
    /// Makes codes; `None` when the record has no seed.
    pub authenticator: Option<Authenticator>,
    /// Those 30 seconds since 1970 of which a code was sent, by whichever login.
    pub code_windows: Vec<u64>,
    /// The device to choose when the page offers several: a label or an SF code; `None` for the authenticator app.
    pub device: Option<String>,
    /// Where to put screenshot and page; `None` for nowhere.
    pub evidence: Option<PathBuf>,
}

/// Logs in once; `recorder` is told before username and password are sent, once, and before each code.
///
/// # Errors
/// `Missing` when the browser cannot be used, `Unexpected` when one of them dies, `TimedOut` at the deadline,
/// and whatever `recorder` says.
pub fn log_in(
    task: &Task<'_>,
    driver: &Driver,
    deadline: Deadline,
    recorder: &mut Recorder<'_>,
) -> Result<Ending> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .or_exit(Exit::Unexpected)?;
    runtime.block_on(async {
        let client = in_time(deadline, driver.connect()).await?;
        walk::log_in(&client, task, deadline, recorder).await
    })
}

/// Something that ends by the deadline, whatever the driver does.
async fn in_time<T>(deadline: Deadline, action: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(deadline.remaining(), action).await {
        Ok(done) => done,
        Err(_) => Err(Error::new(
            Exit::TimedOut,
            "logging in on the page: the time is up",
        )),
    }
}
