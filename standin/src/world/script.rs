//! What a test asks the stand-in to do otherwise.

use super::{LoginLies, PageMoods, Push, Scripted, SsoMoods, StandinPart, TwsMoods, User};
use crate::http::HttpRequest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// The script.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorldScript {
    /// The usernames IBKR knows.
    pub users: Vec<User>,
    /// The login page's moods.
    pub page: PageMoods,
    /// How notifications end.
    pub push: Push,
    /// The bring-up's moods.
    pub bringup: BringUpMoods,
    /// The DAM SSO hosts' moods.
    pub sso: SsoMoods,
    /// IB Gateway's moods.
    pub tws: TwsMoods,
    /// The login's lies.
    pub login: LoginLies,
    /// IBKR's limits hold: 429 beyond ten requests a second, or a tickle a second (Campus, "Web API", pacing limitations).
    pub limits: bool,
    /// How far the upstream's clock is ahead.
    pub clock_skew_ms: i64,
    /// The scripted answers.
    pub answers: Vec<Scripted>,
}

/// Whether and how the flag `established` is sent.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Established {
    /// It is there and tells the truth.
    #[default]
    Present,
    /// It is left out, as before April 2026 (Voyz/ibeam#281).
    Absent,
    /// It is there and never becomes true.
    False,
}

/// The bring-up's moods.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BringUpMoods {
    /// How long after the authentication the session is established.
    pub established_after_ms: u64,
    /// How that is said.
    pub established: Established,
    /// The Gateway's own bring-up leaves the brokerage session unauthenticated.
    pub needs_init: bool,
    /// How many more times `sso/validate?gw=1` fails.
    pub validate_fails: u32,
    /// How long `ssodh/init` takes.
    pub init_delay_ms: u64,
    /// The server's name is missing.
    pub no_server_name: bool,
}

impl Default for WorldScript {
    fn default() -> Self {
        Self {
            users: User::defaults(),
            page: PageMoods::default(),
            push: Push::default(),
            bringup: BringUpMoods::default(),
            sso: SsoMoods::default(),
            tws: TwsMoods::default(),
            login: LoginLies::default(),
            limits: false,
            clock_skew_ms: 0,
            answers: Vec::new(),
        }
    }
}

impl WorldScript {
    /// Takes over what a test sets: users by name, answers behind those already there, page, pushes,
    /// bring-up, SSO hosts, IB Gateway and login key by key.
    pub(crate) fn merge(&mut self, change: &Value) -> Result<(), serde_json::Error> {
        let mut whole = Self::deserialize(change)?;
        if change.get("users").is_some() {
            let named = |name: &str| whole.users.iter().any(|user| user.username == name);
            self.users.retain(|user| !named(&user.username));
            self.users.append(&mut whole.users);
        }
        self.answers.append(&mut whole.answers);
        if let Some(page) = change.get("page") {
            self.page = overlaid(serde_json::to_value(&self.page)?, page)?;
        }
        if let Some(push) = change.get("push") {
            self.push = overlaid(serde_json::to_value(&self.push)?, push)?;
        }
        if let Some(bringup) = change.get("bringup") {
            self.bringup = overlaid(serde_json::to_value(&self.bringup)?, bringup)?;
        }
        if let Some(sso) = change.get("sso") {
            self.sso = overlaid(serde_json::to_value(&self.sso)?, sso)?;
        }
        if let Some(tws) = change.get("tws") {
            self.tws = overlaid(serde_json::to_value(&self.tws)?, tws)?;
        }
        if let Some(login) = change.get("login") {
            self.login = overlaid(serde_json::to_value(&self.login)?, login)?;
        }
        self.limits |= whole.limits;
        if change.get("clock_skew_ms").is_some() {
            self.clock_skew_ms = whole.clock_skew_ms;
        }
        Ok(())
    }

    /// A moment as the upstream's clock shows it.
    pub(crate) fn skewed(&self, at: Duration) -> Duration {
        let skew = Duration::from_millis(self.clock_skew_ms.unsigned_abs());
        if self.clock_skew_ms < 0 {
            at.saturating_sub(skew)
        } else {
            at + skew
        }
    }

    /// The first scripted answer for a request, used up if it has a number of times.
    pub(crate) fn answer(&mut self, part: StandinPart, request: &HttpRequest) -> Option<Scripted> {
        let at = self
            .answers
            .iter()
            .position(|answer| answer.fits(part, request))?;
        let answer = self.answers[at].clone();
        if let Some(times) = &mut self.answers[at].times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.answers.remove(at);
            }
        }
        Some(answer)
    }
}

fn overlaid<T: serde::de::DeserializeOwned>(
    mut old: Value,
    change: &Value,
) -> Result<T, serde_json::Error> {
    if let (Some(old), Some(change)) = (old.as_object_mut(), change.as_object()) {
        old.extend(change.clone());
    }
    T::deserialize(old)
}
