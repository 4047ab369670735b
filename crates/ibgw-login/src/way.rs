//! Which way to log in, decided before the first byte is sent.

use crate::args::{LoginArgs, Method};
use crate::browser::Browser;
use crate::factor::FactorKind;
use crate::task::Task;
use ib_cli::{Error, Exit, Mode, Reference, Result};

/// A way to log in.
pub(crate) enum Way {
    /// Without a browser.
    Direct {
        /// The browser that may take over while nothing was sent that counts; `None` when none may, or none is installed.
        fallback: Option<Browser>,
    },
    /// On the page.
    Browser(Browser),
}

impl Way {
    /// The way for a login.
    ///
    /// # Errors
    /// `Missing` when the browser that you asked for is not installed. `Config` when the second factor that you asked for
    /// cannot be given this way. `Usage` when stdin cannot be both record and code.
    pub(crate) fn of(args: &LoginArgs, task: &Task) -> Result<Self> {
        let browser = || {
            Browser::find(
                args.driver.as_deref(),
                args.driver_url,
                args.browser.as_deref(),
                &args.browser_arg,
            )
        };
        // Paper has no second factor, although a record may name that of the live username.
        let wanted = task.wanted.as_ref().filter(|_| task.mode == Mode::Live);
        let kind = wanted.and_then(|wanted| wanted.kind(task.means().has_code_source));
        check_that_it_can_be_given(args, task, kind)?;
        match args.method {
            Method::Browser => browser().map(Self::Browser),
            Method::Direct => Ok(Self::Direct { fallback: None }),
            Method::Auto => {
                // IB Key may send a notification even where you answer its challenge.
                let may_push =
                    wanted.is_some_and(|wanted| wanted.kind(false) == Some(FactorKind::Push));
                match browser() {
                    // Without the page a notification is unproven in 2026. The page may know a device that this tool does not.
                    Ok(browser) if may_push || wanted.is_some() && kind.is_none() => {
                        Ok(Self::Browser(browser))
                    }
                    Err(error) if may_push => Err(needs_the_page(&error)),
                    browser => Ok(Self::Direct {
                        fallback: browser.ok(),
                    }),
                }
            }
        }
    }
}

/// Checks that the run has what the second factor needs that you asked for.
fn check_that_it_can_be_given(
    args: &LoginArgs,
    task: &Task,
    kind: Option<FactorKind>,
) -> Result<()> {
    let means = task.means();
    if args.code_from == Some(Reference::Stdin) && args.login == Reference::Stdin {
        let message = "stdin cannot be both the record and the code (give --login FILE, or another --code-from)";
        return Err(Error::new(Exit::Usage, message));
    }
    match kind {
        Some(kind @ FactorKind::App) if !means.has_seed => {
            cannot(kind, "needs a totp_seed in the record")
        }
        Some(kind @ (FactorKind::Sms | FactorKind::Card | FactorKind::Challenge))
            if !means.has_code_source =>
        {
            cannot(kind, "needs --code-from REF")
        }
        Some(_) | None => Ok(()),
    }
}

fn needs_the_page(error: &Error) -> Error {
    let message = format!(
        "a notification of IB Key is approved on the page, and there is no browser: {error}; --method direct tries it \
         without one (nothing was sent)"
    );
    Error::new(error.exit, message)
}

fn cannot<T>(kind: FactorKind, why: &str) -> Result<T> {
    let message = format!("the second factor {} {why} (nothing was sent)", kind.name());
    Err(Error::new(Exit::Config, message))
}
