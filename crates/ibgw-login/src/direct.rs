//! Logging in without a browser: the exchange of requests behind the login page.
//!
//! Two dialects of one protocol. The page of today speaks JSON: captured in May 2026 with a paper username
//! (machdat/broker-gateway), and spoken by marchenko1985/clientportal. The page spoke XML before;
//! michaeljherrmann/ib-gateway-service logs live usernames with a second factor in with it.

mod answer;
mod arithmetic;
pub(crate) mod browser_id;
mod exchange;
mod fields;
mod form;
mod hex;
mod seal;
mod second_factor;
mod srp;
mod terms;

#[cfg(feature = "fuzz")]
pub(crate) use answer::{InitAnswer, ProofAnswer, error as answer_error};

use crate::ending::{LoginEnding, Verdict, without};
use crate::error_text;
use crate::factor::FactorKind;
use crate::reason::{Refusal, StopReason};
use crate::task::{Recorder, Sending, Task};
use exchange::SrpExchange;
pub(crate) use fields::Fields;
use form::{Dialect, FormFields, FormHead};
use ib_cli::{Error, Exit, Mode, Result, SecretText, status, warn};
use ib_proc::Deadline;
use ib_webapi::LoginHost;
use std::time::Duration;

/// How long one answer may take: the page took more than 30 s for some (Voyz/ibeam#145, #187).
const PATIENCE: Duration = Duration::from_secs(60);

/// The whole body of the Gateway's answer to a login that succeeded.
const SUCCESS: &[u8] = b"Client login succeeds";

const AUTHENTICATOR: &str = "/sso/Authenticator";
const DISPATCHER: &str = "/sso/Dispatcher";

/// Logs in once. Calls `recorder` before it sends the proof of username and password, once, and before each code and
/// notification.
///
/// # Errors
/// `Down`, `TimedOut` and `Unavailable` as the host answers, `Unexpected` for an answer that is not understood, and
/// the errors of `recorder`. Nothing that counts was sent unless `recorder` was called.
pub(crate) fn log_in(
    task: &Task<'_>,
    host: &LoginHost,
    browser_id: &str,
    deadline: Deadline,
    recorder: &mut Recorder<'_>,
) -> Result<LoginEnding> {
    status("ibgw-login: logging in");
    // The script of the page folds it too, and IBKR's usernames are in lower case.
    let username = task.username.to_lowercase();
    if username != task.username {
        warn("username_folded", "the username was folded to lower case");
    }
    let mut login = DirectLogin {
        task,
        host,
        head: FormHead {
            dialect: dialect(task),
            mode: task.mode,
            username: &username,
        },
        deadline,
        used: None,
        code: SecretText::default(),
        has_pushed: false,
    };
    let ended = login.walk(browser_id, recorder);
    let (verdict, page_text) = match ended {
        Ok(()) => (Verdict::Accepted, None),
        Err(DirectEnd::Verdict(verdict, text)) => (verdict, text),
        Err(DirectEnd::Failed(error)) => return Err(error),
    };
    let secrets = [
        task.password.expose(),
        task.username,
        &username,
        login.code.expose(),
    ];
    Ok(LoginEnding {
        verdict,
        page_text: page_text.map(|text| without(&text, &secrets)),
        second_factor: login.used,
        // Without the page IBKR sends a notification only when this tool asks for it.
        push: Some(login.has_pushed),
        screenshot: None,
    })
}

/// XML where a live username has a second factor to give: no source says how that goes in JSON.
fn dialect(task: &Task<'_>) -> Dialect {
    let means = task.means();
    let has_second_factor = means.has_seed || means.has_code_source || task.wanted.is_some();
    if task.mode == Mode::Live && has_second_factor {
        Dialect::Xml
    } else {
        Dialect::Json
    }
}

/// Why a login goes no further.
enum DirectEnd {
    /// The end of the login, and IBKR's own words.
    Verdict(Verdict, Option<String>),
    /// The tool cannot know how it ended, if anything was sent that counts.
    Failed(Error),
}

impl From<Error> for DirectEnd {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl DirectEnd {
    fn refused(reason: Refusal, text: Option<String>) -> Self {
        Self::Verdict(Verdict::Refused(reason), text)
    }

    fn stopped(reason: StopReason, text: Option<String>) -> Self {
        Self::Verdict(Verdict::Stopped(reason), text)
    }
}

type DirectResult<T> = std::result::Result<T, DirectEnd>;

/// One login under way.
struct DirectLogin<'a> {
    task: &'a Task<'a>,
    host: &'a LoginHost,
    head: FormHead<'a>,
    deadline: Deadline,
    /// The second factor that was used.
    used: Option<FactorKind>,
    /// The code that was sent last; empty when none was.
    code: SecretText,
    /// Whether the tool has asked IBKR for a notification.
    has_pushed: bool,
}

impl DirectLogin<'_> {
    fn walk(&mut self, browser_id: &str, recorder: &mut Recorder<'_>) -> DirectResult<()> {
        of_host(self.host.open(self.deadline.or_after(PATIENCE)))?;
        self.host.set_cookie("SBID", browser_id);
        let exchange = SrpExchange::agree(self, recorder)?;
        recorder(Sending::Credentials)?;
        let factors = exchange.prove(self)?;
        // The Gateway takes the session over from these (seen with build a27ed42).
        let session = exchange.cookie();
        self.host.set_cookie("XYZAB_AM.LOGIN", &session);
        self.host.set_cookie("XYZAB", &session);
        let code = self.satisfy(&factors, &exchange, recorder)?;
        self.dispatch(&exchange, code.expose())
    }

    /// The refusal that an error text of IBKR's means.
    fn refusal(&self, text: &str) -> Refusal {
        error_text::refusal(text, self.task.mode, self.task.page)
    }

    /// The end of a login that IBKR answered with an error.
    fn error_end(&self, text: String) -> DirectEnd {
        DirectEnd::refused(self.refusal(&text), Some(text))
    }

    /// Posts one step of the login and reads its answer.
    fn ask(&self, form: &FormFields<'_>) -> DirectResult<Fields> {
        self.ask_within(form, self.deadline)
    }

    /// The same, with a deadline before that of the run.
    fn ask_within(&self, form: &FormFields<'_>, deadline: Deadline) -> DirectResult<Fields> {
        let patience = deadline.or_after(PATIENCE);
        let body = of_host(self.host.post(AUTHENTICATOR, form, patience))?;
        let read = match self.head.dialect {
            Dialect::Json => Fields::of_json(&body),
            Dialect::Xml => Fields::of_xml(&body),
        };
        read.map_err(|why| not_understood(form, why))
    }

    /// Ends the login. Only these 21 bytes are success: a failure is 200 too, with the login page again.
    fn dispatch(&self, exchange: &SrpExchange, code: &str) -> DirectResult<()> {
        let m1 = exchange.m1();
        let m2 = exchange.m2();
        let form = self.head.dispatch(&m1, &m2, code);
        let patience = self.deadline.or_after(PATIENCE);
        let body = of_host(self.host.post(DISPATCHER, &form, patience))?;
        if body == SUCCESS {
            return Ok(());
        }
        let reason = if is_login_page(&body) {
            StopReason::SentBack
        } else {
            StopReason::UnknownPage
        };
        Err(DirectEnd::stopped(reason, None))
    }
}

/// Whether it is the login page: version 1 has a field for the password, version 2 the script that makes one
/// (machdat/broker-gateway).
fn is_login_page(body: &[u8]) -> bool {
    let page = String::from_utf8_lossy(body).to_lowercase();
    let unquoted = page.replace(['"', '\''], "");
    ["name=password", "xyz.bundle"]
        .iter()
        .any(|mark| unquoted.contains(mark))
}

/// The host's answer, with a refusal by the Gateway's own address filter as an end of the login.
fn of_host<T>(answer: Result<T>) -> DirectResult<T> {
    answer.map_err(|error| {
        if error.exit == Exit::Config {
            DirectEnd::stopped(StopReason::AccessDenied, None)
        } else {
            DirectEnd::Failed(error)
        }
    })
}

/// The end of a login whose answer the tool does not understand.
fn not_understood(form: &FormFields<'_>, why: &str) -> DirectEnd {
    let action = form.first().map_or("the login", |(_, action)| action);
    let message = format!(
        "logging in without a browser: {action} was answered by {why} (try --method browser)"
    );
    DirectEnd::Failed(Error::new(Exit::Unexpected, message))
}
