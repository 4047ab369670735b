//! Validate and so extend a DAM SSO token; open the brokerage session when asked.

mod args;
mod brokerage;
mod pace;
mod report;
mod state_files;
mod stored_penalty;
mod token;
mod token_lock;
mod validate;

pub use args::ValidateArgs;
pub use report::ValidateReport;

use args::ValidateAction;
use ib_cli::{Answer, Result, StateArgs};
use ib_proc::Deadline;
use ib_webapi::{Api, ApiHost, BrokerageProgress, SsoState};
use report::Findings;
use stored_penalty::StoredPenalty;
use token::GivenToken;

/// Runs the tool.
///
/// # Errors
/// `Usage` for a text that is not an address, `Config` for a token, a file or an `--init-path` that cannot be used.
pub fn run(args: ValidateArgs) -> Result<Answer<ValidateReport>> {
    let deadline = Deadline::after(args.timeout);
    let action = args.action()?;
    let host = ApiHost::new(&args.api)?;
    let GivenToken { token, ip } = token::read(&args.token, deadline)?;
    let api = host.with_token(token)?;
    let penalty = StoredPenalty::of(&args.state, &api)?;
    if let Some(outcome) = penalty.in_force()? {
        return Findings::only(outcome).answer();
    }
    let found = match action {
        ValidateAction::Logout => logout(&api, &args.state, deadline),
        ValidateAction::Tickle => brokerage::tickle(&api, deadline),
        ValidateAction::Validate { body } => {
            let validated = validate::validate(&api, &args.state, &penalty, deadline)?;
            if let Some(answer) = validated.upstream(body) {
                return Ok(answer);
            }
            validated.found(ip.as_deref())
        }
        ValidateAction::Open { path, tickle } => {
            let mut validated = validate::validate(&api, &args.state, &penalty, deadline)?;
            // The lock is kept: two runs that open at once would compete with each other.
            let _lock = validated.lock.take();
            let mut found = validated.found(ip.as_deref());
            if found.outcome.state == SsoState::Valid {
                let mut opened = brokerage::open(&api, &path, deadline)?;
                if tickle && opened.progress == BrokerageProgress::Open {
                    opened = brokerage::tickle_after(&api, opened, &penalty, deadline);
                }
                found.take(opened);
            }
            found
        }
    };
    penalty.note(&found.outcome);
    if found.outcome.state == SsoState::Invalid && !found.is_validation {
        token_lock::forget_valid(&args.state, &api);
    }
    found.answer()
}

fn logout(api: &Api, state: &StateArgs, deadline: Deadline) -> Findings {
    let outcome = api.logout(deadline);
    // Unless nothing was sent, the read-only session may have ended.
    if outcome.state != SsoState::Down {
        token_lock::forget_valid(state, api);
    }
    Findings::only(outcome)
}
