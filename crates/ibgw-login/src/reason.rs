//! Why a login ended as it did, by who gives the reason.

use ib_guard::HoldReason;
use ib_tws::CourseReason;
use serde::{Serialize, Serializer};

/// The reason in a report. The list of names is closed, and the man page explains each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LoginReason {
    /// IBKR refused the login.
    Refusal(Refusal),
    /// The tool stopped at a page or a second factor, and touched nothing more.
    Stop(StopReason),
    /// The login was sent, and the tool does not know how it ended; or there is a login and no session.
    Break(BreakReason),
    /// How a start of IB Gateway ended.
    Course(CourseReason),
    /// The guard sent nothing.
    #[serde(serialize_with = "as_hold")]
    Hold(HoldReason),
}

/// Why IBKR refused a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// IBKR says that username and password do not fit.
    WrongCredentials,
    /// IBKR says that the code is wrong.
    WrongCode,
    /// IBKR says that the username is locked.
    Locked,
    /// The username is one for paper.
    PaperNeeded,
    /// The username is one for live.
    LiveNeeded,
    /// IBKR shows an error that this tool does not know. The tool takes it for a refusal.
    UnknownError,
    /// Without a browser: the server did not prove that it knows the password's verifier, or the password is wrong.
    ServerUnproven,
    /// IBKR ended the login while the notification was on the phone: a person denied it there.
    PushDenied,
    /// IBKR's edge turns this address away.
    Blocked,
}

/// Why the tool went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// IBKR wants a code of the authenticator app, and the record has no seed.
    NoSeed,
    /// IBKR does not offer the device that you asked for.
    DeviceAbsent,
    /// IBKR wants a notification on the phone approved.
    PushWanted,
    /// IBKR wants an answer to a challenge.
    ChallengeWanted,
    /// IBKR wants a code that no authenticator app makes: card, text message, temporary code.
    OtherCodeWanted,
    /// IBKR wants the phone to read a picture.
    QrCodeWanted,
    /// IBKR wants a passkey.
    PasskeyWanted,
    /// IBKR wants a code that it sends by email.
    EmailCodeWanted,
    /// IBKR wants a second factor of which no source is known.
    UnknownSecondFactor,
    /// The second factor was not given in time.
    SecondFactorExpired,
    /// The page never loaded.
    PageNotLoaded,
    /// The page has no form that this tool knows.
    FormNotFound,
    /// The page has no toggle between live and paper.
    NoToggle,
    /// The tool could not fill in the form.
    FormNotFilled,
    /// The form was sent and the page stayed as it was: the Gateway is wedged, and needs a restart.
    NothingHappened,
    /// The login page came again after the password was accepted, and says nothing.
    SentBack,
    /// IBKR wants something confirmed on a page of its own.
    VerificationWanted,
    /// The login led to a page that this tool does not know.
    UnknownPage,
    /// Without a browser: the server wants numbers that are not known to be sound.
    UnsoundTerms,
    /// The Gateway's own address filter refuses this machine.
    AccessDenied,
    /// The login page answered with a server's error.
    Unavailable,
}

/// Why the tool cannot say how a login ended, or has a login without a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakReason {
    /// What `--code-from` gave is no code, or the tool could not read it.
    NoCode,
    /// Without a browser: an answer that this tool does not understand.
    UnknownAnswer,
    /// The browser or the connection died, or the time was up, after the login was sent.
    BrokenOff,
    /// IBKR accepted the login, and the session did not become ready.
    NotReady,
}

/// A hold has another name here than in the guard's own report: here it stands among the reasons of others.
fn as_hold<S: Serializer>(reason: &HoldReason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reason.of_report())
}

impl From<Refusal> for LoginReason {
    fn from(reason: Refusal) -> Self {
        Self::Refusal(reason)
    }
}

impl From<StopReason> for LoginReason {
    fn from(reason: StopReason) -> Self {
        Self::Stop(reason)
    }
}

impl From<BreakReason> for LoginReason {
    fn from(reason: BreakReason) -> Self {
        Self::Break(reason)
    }
}
