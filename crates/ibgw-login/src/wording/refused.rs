//! The words of a refusal.

use super::{ReportAndError, one_line};
use crate::reason::Refusal;
use crate::report::{LoginReport, LoginState};
use ib_cli::{Error, Exit};
use ib_webapi::Session;

/// IBKR refused the login. A refusal before anything was sent that counts holds nothing.
pub(crate) fn refused(
    before: &Session,
    reason: Refusal,
    text: Option<&str>,
    is_recorded: bool,
) -> ReportAndError {
    let mut report = LoginReport::new(before);
    report.state = LoginState::Refused;
    report.reason = Some(reason.into());
    let hold = if is_recorded { hold(reason) } else { "" };
    let text = text.map_or_else(|| "no reason given".to_owned(), one_line);
    let message = format!("IBKR refused the login: {text} ({}{hold})", hint(reason));
    (report, Some(Error::new(Exit::Refused, message)))
}

/// What a person should do.
fn hint(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Locked => "IBKR has locked the username; it opens 24 hours after the last try",
        Refusal::PaperNeeded => "the username is one for paper: give --mode paper",
        Refusal::LiveNeeded => {
            "the username is one for live: give that of the paper account, or --mode live if you mean it"
        }
        Refusal::WrongCode => "check where the code comes from, and this machine's clock",
        Refusal::PushDenied => {
            "it was denied on the phone: find out by whom, and that it was this login which sent it"
        }
        Refusal::ServerUnproven => {
            "the password is wrong, or what answered is not IBKR: check both before the next try"
        }
        Refusal::Blocked => {
            "IBKR's edge turns this address away: see what the machine goes out through, a VPN or a proxy"
        }
        Refusal::WrongCredentials | Refusal::UnknownError => {
            "check username and password by hand before the next try"
        }
    }
}

/// How long the guard holds the next login.
fn hold(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Locked => "; further logins are held for 24 hours, or until --forgive REASON",
        Refusal::WrongCredentials
        | Refusal::WrongCode
        | Refusal::PaperNeeded
        | Refusal::LiveNeeded
        | Refusal::UnknownError
        | Refusal::ServerUnproven
        | Refusal::PushDenied
        | Refusal::Blocked => "; further logins are held for 24 hours, or until --force-after-hold",
    }
}
