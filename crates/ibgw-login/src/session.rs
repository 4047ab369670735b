//! The steps that need no login: ask, and open the brokerage session of a login that is still alive.

use ib_cli::log;
use ib_proc::Deadline;
use ib_webapi::{BringUp, Gateway, Session, SessionState};
use std::time::Duration;

/// The longest wait for one answer. The Gateway itself waits for ever when IBKR does not answer.
const ANSWER: Duration = Duration::from_secs(15);

/// How long a brokerage session may take to open once the tool has asked for it.
const OPENING: Duration = Duration::from_secs(20);

/// How long IBKR may take to accept a login: the Gateway tries five times, 3 s apart (seen with build a27ed42).
const VALIDATING: Duration = Duration::from_secs(20);

/// How long a Gateway may then take that opens the brokerage session itself: it waits `authDelay`, 3 s as shipped.
const BRING_UP: Duration = Duration::from_secs(5);

/// How often the tool asks for an opening after a login while no clear answer comes ("can't connect to backend service"
/// is soon over). It asks no more: IBKR refused a client in the end that asked each minute for hours.
const OPENINGS: u32 = 3;

/// How long the tool waits after the first 429 or 5xx that names no time; after the next it waits twice as long.
const BUSY: Duration = Duration::from_secs(10);

/// What the Gateway says of the session, and so what is to be done.
pub(crate) enum SessionFinding {
    /// The session is ready.
    Ready {
        /// What the Gateway says of it.
        session: Session,
        /// Whether the tool had to recover it; false when it was ready from the start.
        is_recovered: bool,
    },
    /// The answer is no, and only a login helps.
    LoginNeeded(Session),
    /// Another login has it, or there is no clear answer: a login would be wrong.
    Stop(Session),
}

/// Asks, and changes nothing.
pub(crate) fn ask(gateway: &Gateway, may_compete: bool, deadline: Deadline) -> SessionFinding {
    let session = gateway.tickle(deadline.or_after(ANSWER));
    log("info", "asked", session.state.name());
    finding(session, may_compete, false)
}

/// Asks once more, without a tickle: IBKR takes one of these a second.
pub(crate) fn ask_again(
    gateway: &Gateway,
    may_compete: bool,
    deadline: Deadline,
) -> SessionFinding {
    let session = gateway.auth_status(deadline.or_after(ANSWER));
    log("info", "asked_again", session.state.name());
    finding(session, may_compete, false)
}

fn finding(session: Session, may_compete: bool, is_recovered: bool) -> SessionFinding {
    match session.state {
        SessionState::Ready => SessionFinding::Ready {
            session,
            is_recovered,
        },
        SessionState::NoSession | SessionState::NotAuthenticated | SessionState::NotEstablished => {
            SessionFinding::LoginNeeded(session)
        }
        SessionState::Competing if may_compete => SessionFinding::LoginNeeded(session),
        SessionState::Competing
        | SessionState::Unavailable
        | SessionState::TimedOut
        | SessionState::Down
        | SessionState::Unknown
        | SessionState::AccessDenied => SessionFinding::Stop(session),
    }
}

/// Asks, and recovers the brokerage session if its login is still alive.
pub(crate) fn ask_and_recover(
    gateway: &Gateway,
    may_compete: bool,
    deadline: Deadline,
) -> SessionFinding {
    recover_if_alive(
        gateway,
        ask(gateway, may_compete, deadline),
        may_compete,
        deadline,
    )
}

/// Recovers the brokerage session if its login is still alive.
pub(crate) fn recover_if_alive(
    gateway: &Gateway,
    asked: SessionFinding,
    may_compete: bool,
    deadline: Deadline,
) -> SessionFinding {
    match asked {
        SessionFinding::LoginNeeded(session) if session.state != SessionState::NoSession => {
            recover(gateway, may_compete, deadline)
        }
        settled => settled,
    }
}

fn recover(gateway: &Gateway, may_compete: bool, deadline: Deadline) -> SessionFinding {
    let session = bring_up(gateway, may_compete, deadline);
    // With --compete the opening has competed already, and it did not help: a login would compete no better.
    finding(session, false, true)
}

/// Opens the brokerage session and waits until it is ready, then does what the Gateway does after an opening of its own.
fn bring_up(gateway: &Gateway, may_compete: bool, deadline: Deadline) -> Session {
    let opened = open(gateway, may_compete, deadline);
    log("info", "opening", opened.state.name());
    let session = wait_until_ready(gateway, opened, deadline.or_after(OPENING));
    if session.state == SessionState::Ready {
        gateway.ask_for_accounts(deadline.or_after(ANSWER));
    }
    session
}

/// Opens the brokerage session. Takes it from another login only with `--compete`, or when IBKR answers "Force compete"
/// and no other login has it (Voyz/ibeam#140).
fn open(gateway: &Gateway, may_compete: bool, deadline: Deadline) -> Session {
    let opened = gateway.open_brokerage_session(may_compete, deadline.or_after(ANSWER));
    let wants_compete = opened
        .message
        .as_deref()
        .is_some_and(|text| text.contains("Force compete"));
    if may_compete || !wants_compete || opened.competing == Some(true) {
        return opened;
    }
    gateway.open_brokerage_session(true, deadline.or_after(ANSWER))
}

/// Waits until the session is ready, or it is clear that it will not be.
fn wait_until_ready(gateway: &Gateway, mut session: Session, deadline: Deadline) -> Session {
    let mut pauses = pauses();
    while matches!(
        session.state,
        SessionState::NotAuthenticated | SessionState::NotEstablished
    ) && deadline.pause(pauses.next().unwrap_or_default())
    {
        let next = gateway.auth_status(deadline.or_after(ANSWER));
        session = known(session, next, deadline);
    }
    session
}

/// The later of two answers; the earlier one when the later was cut short by our own deadline.
fn known(before: Session, after: Session, deadline: Deadline) -> Session {
    let was_cut_short = after.state == SessionState::TimedOut && deadline.has_passed();
    if was_cut_short { before } else { after }
}

/// Waits after a login until the session is ready. Opens the brokerage session, or lets the Gateway do that, and opens it
/// once if the Gateway does not.
///
/// A Gateway that opens it itself always competes, so an earlier call only gets in its way.
pub(crate) fn await_ready(
    gateway: &Gateway,
    by: BringUp,
    may_compete: bool,
    deadline: Deadline,
) -> Session {
    let mut pauses = pauses();
    let validated_by = deadline.or_after(VALIDATING);
    let mut bring_up_by = None;
    let mut seen = None;
    let mut openings = 0;
    // No session is ready at once: the Gateway asks IBKR up to five times first (seen with build a27ed42).
    deadline.pause(pauses.next().unwrap_or_default());
    loop {
        let next = gateway.auth_status(deadline.or_after(ANSWER));
        let session = match seen.take() {
            Some(before) => known(before, next, deadline),
            None => next,
        };
        let patience = match session.state {
            SessionState::NotAuthenticated if by == BringUp::Brokerage => {
                openings += 1;
                let opened = bring_up(gateway, may_compete, deadline);
                let wait = match opened.state {
                    SessionState::Unavailable => opened.retry_after.unwrap_or(BUSY * openings),
                    SessionState::TimedOut | SessionState::Unknown => Duration::ZERO,
                    SessionState::Ready
                    | SessionState::NotEstablished
                    | SessionState::NotAuthenticated
                    | SessionState::NoSession
                    | SessionState::Competing
                    | SessionState::Down
                    | SessionState::AccessDenied => return opened,
                };
                if openings == OPENINGS || wait >= deadline.remaining() {
                    return cleared_up(gateway, opened, deadline);
                }
                deadline.pause(wait);
                deadline
            }
            SessionState::NotAuthenticated | SessionState::NotEstablished => {
                *bring_up_by.get_or_insert_with(|| deadline.or_after(BRING_UP))
            }
            SessionState::NoSession => validated_by,
            SessionState::Unavailable | SessionState::TimedOut | SessionState::Unknown => deadline,
            SessionState::Ready
            | SessionState::Competing
            | SessionState::Down
            | SessionState::AccessDenied => return session,
        };
        if !patience.has_passed() {
            patience.pause(pauses.next().unwrap_or_default());
            seen = Some(session);
        } else if deadline.has_passed() || session.state == SessionState::NoSession {
            return session;
        } else {
            let opened = known(session, bring_up(gateway, may_compete, deadline), deadline);
            return cleared_up(gateway, opened, deadline);
        }
    }
}

/// The session after the last opening. An unknown answer says nothing about the login, which IBKR accepted. The Gateway
/// may have ended meanwhile, or have no brokerage session, which the next run opens without the password.
fn cleared_up(gateway: &Gateway, opened: Session, deadline: Deadline) -> Session {
    if opened.state != SessionState::Unknown {
        return opened;
    }
    log("info", "opening_unclear", &opened.cause);
    let next = gateway.auth_status(deadline.or_after(ANSWER));
    known(opened, next, deadline)
}

/// One short pause, since most sessions open at once, then pauses of a second. IBKR takes ten requests a second of a
/// username, from all its programs together (Campus, "Web API", pacing limitations); the Gateway has five connections.
fn pauses() -> impl Iterator<Item = Duration> {
    std::iter::once(Duration::from_millis(20)).chain(std::iter::repeat(Duration::from_secs(1)))
}
