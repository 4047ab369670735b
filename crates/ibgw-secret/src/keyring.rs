//! Secrets in a desktop's keyring, by the Secret Service of D-Bus (specifications.freedesktop.org/secret-service).

use ib_cli::{Error, Exit, Result, Secret, log, wait_for};
use ib_proc::Deadline;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error as Problem};
use std::collections::HashMap;

/// The attribute that names an account: `username` in Python's keyring, Rust's and Go's, `account` in keytar and GNOME.
const ACCOUNT: [&str; 2] = ["username", "account"];

/// Reads the item of `SERVICE/ACCOUNT`.
///
/// # Errors
/// `Usage` for any other form, `No` when there is no such item, `Config` when there are several or the keyring is
/// locked, `Down` without a bus or a keyring, `TimedOut`, `Unexpected` for any other answer of the bus.
pub(crate) fn read(place: &str, deadline: Deadline) -> Result<Secret> {
    // A service may be an address, with slashes in it.
    let Some((service, account)) = place
        .rsplit_once('/')
        .filter(|(service, account)| !service.is_empty() && !account.is_empty())
    else {
        let message = "keyring: takes SERVICE/ACCOUNT";
        return Err(Error::new(Exit::Usage, message));
    };
    let service = service.to_owned();
    let account = account.to_owned();
    let asking = "asking the keyring";
    wait_for(move || ask(&service, &account), asking, deadline)?
        .map_err(|error| error.within(asking.to_owned()))
}

fn ask(service: &str, account: &str) -> Result<Secret> {
    let keyring = SecretService::connect(EncryptionType::Dh).map_err(|problem| away(&problem))?;
    for name in ACCOUNT {
        let attributes = HashMap::from([("service", service), (name, account)]);
        let found = keyring.search_items(attributes).map_err(trouble)?;
        match (&found.unlocked[..], &found.locked[..]) {
            ([], []) => {}
            ([item], []) => return give(item),
            // Unlocking would ask a person, and this tool runs unattended.
            ([], [_]) => {
                let message =
                    "the keyring is locked (unlock it first; logging in at the desktop does)";
                return Err(Error::new(Exit::Config, message));
            }
            _ => {
                let message =
                    "it has several items for this service and account (delete all but one)";
                return Err(Error::new(Exit::Config, message));
            }
        }
    }
    let message = "it has no such item (secret-tool store --label NAME service SERVICE username ACCOUNT puts one in)";
    Err(Error::new(Exit::No, message))
}

fn give(item: &Item<'_>) -> Result<Secret> {
    Ok(Secret::new(item.get_secret().map_err(trouble)?))
}

fn away(problem: &Problem) -> Error {
    log("info", "keyring", &problem.to_string());
    let message = "there is no session bus, or no keyring on it (cron jobs and system units have none; \
                   DBUS_SESSION_BUS_ADDRESS names it)";
    Error::new(Exit::Down, message)
}

fn trouble(problem: Problem) -> Error {
    match problem {
        Problem::Locked => Error::new(Exit::Config, "the keyring is locked (unlock it first)"),
        other => Error::new(
            Exit::Unexpected,
            format!("an answer that is not known: {other}"),
        ),
    }
}
