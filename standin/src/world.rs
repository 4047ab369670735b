//! The truth behind the upstream: who may log in, who is, what was asked, and the script that
//! bends it.

mod attempt;
mod deed;
mod lies;
mod page;
mod push;
mod record;
mod script;
mod scripted;
mod session;
mod sso;
mod sso_moods;
mod token;
mod tws;
mod user;

pub(crate) use attempt::{Attempts, PendingLogin};
pub(crate) use lies::{LoginLies, M2};
pub(crate) use page::{Frame, Instead, PageMoods, Version};
pub(crate) use push::{Push, PushState};
pub(crate) use record::RequestLog;
pub(crate) use script::{Established, WorldScript};
pub(crate) use scripted::{Scripted, StandinPart};
pub(crate) use session::{AccountMode, WebSession};
pub(crate) use sso::SsoWorld;
pub(crate) use sso_moods::{ExpiresClock, SsoMoods};
pub(crate) use token::IssuedToken;
pub(crate) use tws::{Conversation, Segments, TwsMisbehaviour, TwsMoods, TwsNotice, TwsStep};
pub(crate) use user::User;

use deed::Deed;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The whole truth.
#[derive(Default)]
pub(crate) struct Truth {
    /// What a test has asked for.
    pub script: WorldScript,
    /// The logins under way and the failures so far.
    pub attempts: Attempts,
    /// The session, if there is one.
    pub session: Option<WebSession>,
    /// The DAM SSO hosts, where they are played.
    pub sso: Option<SsoWorld>,
    /// What clients of the TWS API have said, where that is played.
    pub tws: Option<Vec<Conversation>>,
    /// Everything asked of both parts.
    pub record: RequestLog,
    /// Login pages shown.
    pub pages: u64,
    /// INIT requests.
    pub beginnings: u64,
    /// COMPLETEAUTH requests.
    pub submissions: u64,
    /// Codes received.
    pub codes: u64,
    /// Text messages sent.
    pub texts: u64,
    /// Pushes sent.
    pub pushes: u64,
    /// Pushes and text messages that were asked for again.
    pub resends: u64,
    /// `iserver/auth/ssodh/init` requests.
    pub inits: u64,
    /// Requests beyond IBKR's limits, where these hold.
    pub beyond_limits: u64,
    /// How far a test has moved the clock on.
    passed: Duration,
}

/// The truth, shared between the threads of the upstream.
pub(crate) struct World {
    truth: Mutex<Truth>,
    started: Instant,
}

impl World {
    /// A world in which nothing has happened.
    pub(crate) fn new() -> Self {
        Self {
            truth: Mutex::default(),
            started: Instant::now(),
        }
    }

    /// The truth, held until dropped.
    pub(crate) fn truth(&self) -> MutexGuard<'_, Truth> {
        // A test's request may make a handler panic; the others still deserve an answer.
        self.truth.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since this world began.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Truth {
    /// The stand-in's clock since 1970, moved on as far as tests have asked for, without the skew.
    pub(crate) fn clock(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.unwrap_or_default() + self.passed
    }

    /// The upstream's clock, skew included, since 1970.
    pub(crate) fn now(&self) -> Duration {
        self.script.skewed(self.clock())
    }

    /// Whether the brokerage session is established, as the script has it.
    pub(crate) fn established(&self) -> bool {
        let after = Duration::from_millis(self.script.bringup.established_after_ms);
        let since = self
            .session
            .as_ref()
            .and_then(|session| session.authenticated_since);
        self.script.bringup.established != Established::False
            && since.is_some_and(|since| since.elapsed() >= after)
    }

    /// The truth as `GET /state` gives it.
    pub(crate) fn report(&self) -> Value {
        let session = self.session.as_ref();
        json!({
            "user": session.map(|session| &session.user),
            "mode": session.map(|session| session.mode),
            "sso": self.sso.as_ref().map_or_else(
                || json!(session.is_some()),
                |sso| sso.report(self.clock()),
            ),
            "tws": self.tws.as_ref().map(|said| said.iter().map(Conversation::report).collect::<Vec<_>>()),
            "authenticated": session.is_some_and(WebSession::authenticated),
            "connected": session.is_some_and(|session| session.connected),
            "established": self.established(),
            "competing": session.is_some_and(|session| session.competing),
            "pages": self.pages,
            "beginnings": self.beginnings,
            "submissions": self.submissions,
            "codes": self.codes,
            "texts": self.texts,
            "pushes": self.pushes,
            "resends": self.resends,
            "inits": self.inits,
            "beyond_limits": self.beyond_limits,
            "failed_logins": self.attempts.failures(),
        })
    }

    /// Does one of the control's deeds; the error says what was wrong with it.
    pub(crate) fn act(&mut self, name: &str, with: &Value) -> Result<(), String> {
        let deed = Deed::named(name)?;
        let user = || deed::needed(with, "user");
        let now = self.clock();
        let life = Duration::from_millis(self.script.sso.token_life_ms);
        let of_sso = self.sso.as_mut();
        if let Some(done) = of_sso.and_then(|sso| sso.act(deed, with, now, life)) {
            return done;
        }
        match deed {
            Deed::PassTime => {
                let seconds = with["seconds"].as_u64().ok_or("this needs \"seconds\"")?;
                self.passed += Duration::from_secs(seconds);
            }
            Deed::Login => {
                let mode =
                    serde_json::from_value(with["mode"].clone()).unwrap_or(AccountMode::Live);
                self.session = Some(WebSession::ready(user()?, mode));
            }
            Deed::DropBrokerage => self.brokerage(WebSession::drop_brokerage)?,
            Deed::Compete => self.brokerage(WebSession::lose_to_another)?,
            Deed::DropSession => self.session = None,
            Deed::Lock => {
                let now = self.now();
                self.attempts.lock(user()?, now);
            }
            Deed::ApprovePush => self.attempts.approve_pushes(),
            Deed::Reset => {
                *self = Self {
                    sso: self.sso.as_ref().map(|_| SsoWorld::default()),
                    tws: self.tws.as_ref().map(|_| Vec::new()),
                    ..Self::default()
                }
            }
            // Only the DAM SSO hosts have tokens.
            Deed::IssueToken | Deed::ExpireToken => return Err(deed::unknown(name)),
        }
        Ok(())
    }

    fn brokerage(&mut self, change: fn(&mut WebSession)) -> Result<(), String> {
        self.session
            .as_mut()
            .map(change)
            .ok_or("there is no session".to_owned())
    }
}
