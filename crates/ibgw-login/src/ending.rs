//! How a login ended.

use ib_cli::Error;
use serde::Serialize;

/// Why it ended as it did; the list is closed and explained in the man page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
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
    /// The page showed an error that is not known, which is taken for a refusal.
    UnknownError,
    /// Without a browser: the server could not prove that it knows the password's verifier, or the password is wrong.
    ServerUnproven,
    /// The page wants a code, and the record has no seed for one.
    NoSeed,
    /// The device asked for is not among those offered.
    DeviceAbsent,
    /// The page wants a notification on the phone approved.
    PushWanted,
    /// The page wants an answer to a challenge.
    ChallengeWanted,
    /// The page wants a code that no authenticator app makes: card, text message, temporary code.
    OtherCodeWanted,
    /// The page wants a picture read by the phone.
    QrCodeWanted,
    /// The page wants a passkey.
    PasskeyWanted,
    /// The login wants a code that comes by email.
    EmailCodeWanted,
    /// The login wants a second factor that nobody has published.
    UnknownSecondFactor,
    /// No code that can be sent came from where it was to come from.
    NoCode,
    /// Nobody approved the notification in time.
    PushExpired,
    /// IBKR ended the login while the notification was on the phone: it was denied there.
    PushDenied,
    /// The page never came.
    PageNotLoaded,
    /// The page came without a form to fill in.
    FormNotFound,
    /// The page has no toggle between live and paper.
    NoToggle,
    /// The form could not be filled in as wanted.
    FormNotFilled,
    /// The form was sent and the page stayed as it was: a wedged Gateway, which wants a restart.
    NothingHappened,
    /// The login page came again after the password was accepted, and says nothing.
    SentBack,
    /// IBKR wants something confirmed on a page of its own.
    VerificationWanted,
    /// A page that is not known.
    UnknownPage,
    /// Without a browser: an answer that is not understood.
    UnknownAnswer,
    /// Without a browser: the server wants numbers that are not known to be sound.
    UnsoundTerms,
    /// The Gateway's own filter of addresses.
    AccessDenied,
    /// IBKR's edge turns this address away.
    Blocked,
    /// The login page answered with a server's error.
    Unavailable,
    /// The browser or the connection died, or the time was up, after the login was sent.
    BrokenOff,
    /// The page said that the login succeeded, and the session did not become ready.
    NotReady,
    /// IB Gateway: IBKR does not renew the session without a password.
    TokenRefused,
    /// IB Gateway: IBKR says that too many logins have failed, and how long to wait.
    WaitAsked,
    /// IB Gateway: the second factor was given, and the login did not complete.
    SecondFactorStuck,
    /// IB Gateway: another session has the username, and this one gave way to it.
    GaveWay,
    /// IB Gateway: another session has the username, and the window asks which is to go on.
    ChoiceWanted,
    /// IB Gateway: IBKR's servers broke the login off.
    LoginFailed,
    /// IB Gateway: IBC wanted to log in again by itself, which is for the guard to allow.
    ColdRestart,
    /// IB Gateway: it was started again over and over, and did not log in.
    TooManyRestarts,
    /// IB Gateway: its login window did not come.
    NoWindow,
    /// IB Gateway: it did not go on in time.
    NoProgress,
    /// IB Gateway: a dialog that is not known waits for an answer.
    UnknownDialog,
    /// IB Gateway: it ended by itself.
    Ended,
    /// IB Gateway: it was told to end.
    Told,
    /// IB Gateway: it was told to end and leave its token for the next start.
    Paused,
    /// The guard's reason: a refusal, within the last 24 hours.
    HeldAfterRefusal,
    /// The guard's reason: IBKR locked the username within the last 24 hours.
    HeldAfterLock,
    /// The guard's reason: too many failures in the last 24 hours.
    HeldAfterFailures,
    /// The guard's reason: too many failures in the last 24 hours, forgiven ones included.
    HeldByCeiling,
    /// The guard's reason: nobody approved what the last two logins sent to the phone, or may have.
    HeldAfterPushes,
    /// The guard's reason: it is a quiet window.
    HeldByQuiet,
    /// The guard's reason: the ledger could not be understood; or it was forgiven, and a login has failed since.
    HeldByLedger,
    /// The guard's reason: IBKR asked to wait.
    HeldAsIbkrAsks,
}

/// What a login came to.
#[derive(Debug)]
pub enum Verdict {
    /// The exact text of success.
    Accepted,
    /// A refusal, by IBKR or of its proof.
    Refused(Reason),
    /// A page or a second factor that we leave alone.
    Stopped(Reason),
    /// The browser or the connection died, or our time was up, after something was sent that counts.
    BrokenOff(Error),
    /// No answer, or none that is known, before anything was sent that counts.
    Unanswered(Error),
}

/// How a login ended.
#[derive(Debug)]
pub struct LoginEnding {
    /// What it came to.
    pub verdict: Verdict,
    /// The page's own words, without secrets; `None` when it had none.
    pub page_text: Option<String>,
    /// The second factor that was used; `None` when none was asked for.
    pub second_factor: Option<&'static str>,
    /// Whether IBKR sent a notification to the phone; `None` when no page showed it.
    pub push: Option<bool>,
    /// Where the screenshot was put; `None` when none was asked for or none could be made.
    pub screenshot: Option<String>,
}

impl LoginEnding {
    /// An ending of which nothing more is known.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            page_text: None,
            second_factor: None,
            push: None,
            screenshot: None,
        }
    }
}

/// A text with every secret taken out.
pub fn without(text: &str, secrets: &[&str]) -> String {
    let real = secrets.iter().filter(|secret| !secret.is_empty());
    real.fold(text.to_owned(), |text, secret| {
        text.replace(secret, "[redacted]")
    })
}
