//! Which way to log in, decided before a byte is sent.

use crate::args::{LoginArgs, Method};
use crate::browser::Browser;
use crate::factor::FactorKind;
use crate::task::Task;
use ib_cli::{Error, Exit, Mode, Reference, Result};

/// A way to log in.
pub enum Way {
    /// Without a browser.
    Direct {
        /// What may take over while nothing was sent that counts; `None` when nothing may, or nothing is there.
        fallback: Option<Browser>,
    },
    /// On the page.
    Browser(Browser),
}

impl Way {
    /// The way for a login.
    ///
    /// # Errors
    /// `Missing` when the browser that was asked for is not there, `Config` when the second factor asked for cannot be
    /// given this way, `Usage` when stdin is to be two things.
    pub fn of(args: &LoginArgs, task: &Task) -> Result<Self> {
        let browser = || {
            Browser::find(
                args.driver.as_deref(),
                args.driver_url,
                args.browser.as_deref(),
                &args.browser_arg,
            )
        };
        // Paper has no second factor; a record may name that of the live username all the same.
        let wanted = task.wanted.as_ref().filter(|_| task.mode == Mode::Live);
        let kind = wanted.and_then(|wanted| wanted.kind(task.means().has_code_source));
        can_be_given(args, task, kind)?;
        match args.method {
            Method::Browser => browser().map(Self::Browser),
            Method::Direct => Ok(Self::Direct { fallback: None }),
            Method::Auto => {
                // IB Key may send one even where its challenge is to be answered.
                let may_push =
                    wanted.is_some_and(|wanted| wanted.kind(false) == Some(FactorKind::Push));
                match browser() {
                    // Without it a notification is unproven in 2026; a device that is not known here may be known to it.
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

/// Whether there is what the second factor that is asked for needs.
fn can_be_given(args: &LoginArgs, task: &Task, kind: Option<FactorKind>) -> Result<()> {
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
        _ => Ok(()),
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
