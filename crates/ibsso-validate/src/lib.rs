//! Validate and so extend a DAM SSO token; open the brokerage session when asked.

mod args;
mod brokerage;
mod paced;
mod report;
mod token;
mod turn;
mod validate;

pub use args::Args;
pub use report::Outcome;

use args::Action;
use ib_cli::{Answer, Result, StateArgs};
use ib_proc::Deadline;
use ib_webapi::{Api, ApiHost, SsoState};
use report::Found;
use token::Given;

/// Runs the tool.
///
/// # Errors
/// `Usage` for an address that is none, `Config` for a token, a file or an `--init-path` that cannot be used.
pub fn run(args: Args) -> Result<Answer<Outcome>> {
    let deadline = Deadline::after(args.timeout);
    let action = args.action()?;
    let host = ApiHost::new(&args.api)?;
    let Given { token, ip } = token::read(&args.token, deadline)?;
    let api = host.with_token(token)?;
    let found = match action {
        Action::Logout => Found::nothing(api.logout(deadline)),
        Action::Tickle => brokerage::tickle(&api, deadline),
        Action::Validate { body } => {
            let validated = validate::validate(&api, &args.state, deadline)?;
            if let Some(answer) = validated.upstream(body) {
                return Ok(answer);
            }
            validated.found(ip.as_deref())
        }
        Action::Open { path, tickle } => {
            let mut found = validate::validate(&api, &args.state, deadline)?.found(ip.as_deref());
            if found.told.state == SsoState::Valid {
                brokerage::open(&api, &path, &mut found, deadline)?;
            }
            if found.told.state == SsoState::Valid && tickle {
                brokerage::tickle_after(&api, deadline);
            }
            found
        }
    };
    forget_if_over(&api, &args.state, &found);
    found.answer()
}

/// What was stored of a token that has just been denied, or logged out, is not true any more.
fn forget_if_over(api: &Api, state: &StateArgs, found: &Found) {
    if matches!(found.told.state, SsoState::Invalid | SsoState::LoggedOut) && !found.is_validation {
        paced::forget(state, api.token());
    }
}
