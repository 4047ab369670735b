//! Logging in through the page, with a real browser over its driver.

mod actions;
mod driver;
mod evidence;
mod form;
mod interruptions;
mod loading;
mod page;
mod page_reader;
mod progress;
mod push;
mod second_factor;
mod selectors;
mod snapshot;
mod verdict;
mod walk;

use crate::ending::LoginEnding;
use crate::task::{Recorder, Task};
use ib_cli::{Error, Exit, OrExit, Result};
use ib_proc::Deadline;

pub(crate) use actions::is_of_a_lost_tab;
pub(crate) use driver::{Browser, Driver};

/// Logs in once. Calls `recorder` before it sends username and password, once, and before each code.
///
/// # Errors
/// `Missing` when the browser cannot be used, `Config` for an invalid selector, `Unexpected` when browser or driver dies,
/// `TimedOut` at the deadline, and the errors of `recorder`.
pub(crate) fn log_in(
    task: &Task<'_>,
    driver: &Driver,
    deadline: Deadline,
    recorder: &mut Recorder<'_>,
) -> Result<LoginEnding> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .or_exit(Exit::Unexpected)?;
    runtime.block_on(async {
        let client = in_time(deadline, driver.connect(deadline)).await?;
        in_time(deadline, selectors::check(&client, task.page)).await?;
        walk::log_in(&client, task, deadline, recorder).await
    })
}

/// An action that ends by the deadline, whatever the driver does.
async fn in_time<T>(deadline: Deadline, action: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(deadline.remaining(), action).await {
        Ok(done) => done,
        Err(_) => Err(Error::new(
            Exit::TimedOut,
            "logging in on the page: the time is up",
        )),
    }
}
