//! Who opens the brokerage session after a login: we, or the Gateway, whose own tickle then logs out what was dropped.

use super::*;
use crate::start::place::Place;
use crate::support::eventually;
use std::time::Duration;

/// The Gateway's own tickle, which comes each 30 s from the real one (seen with build a27ed42).
const OWN_TICKLE: Duration = Duration::from_millis(200);

/// A Gateway that ibgw-start has started before a stand-in for IBKR.
pub(crate) struct Started {
    pub standin: Standin,
    pub place: Place,
}

impl Started {
    pub(crate) fn with(arguments: &[&str]) -> Self {
        Self::of(arguments, |_, tool| tool)
    }

    /// A Gateway with an edited conf.yaml.
    pub(crate) fn with_conf(arguments: &[&str], edit: impl FnOnce(String) -> String) -> Self {
        Self::of(arguments, |place, tool| {
            tool.env("IBGW_CONF", place.conf(edit))
        })
    }

    /// A Gateway that sends a tickle every [`OWN_TICKLE`].
    fn with_tickles(arguments: &[&str]) -> Self {
        let every = OWN_TICKLE.as_millis().to_string();
        Self::of(arguments, |_, tool| tool.env("IB_STANDIN_TICKLE_MS", every))
    }

    fn of(arguments: &[&str], set: impl FnOnce(&Place, Tool) -> Tool) -> Self {
        let standin = Standin::upstream();
        let place = Place::with_upstream(standin.upstream_url());
        set(&place, place.tool(arguments)).run().exits(0);
        Self { standin, place }
    }

    pub(crate) fn login(&self, arguments: &[&str]) -> Ran {
        self.tool().args(arguments).run()
    }

    pub(crate) fn tool(&self) -> Tool {
        let url = format!("https://localhost:{}", self.place.port);
        let tool = Tool::new("ibgw-login").env("IBGW_URL", url);
        let tool = tool
            .env("IBGW_METHOD", "direct")
            .state(&self.place.path("state"));
        tool.stdin(plain())
    }

    /// What the Gateway itself asked IBKR: method and path.
    fn own(&self) -> Vec<String> {
        let asked = self.standin.requests();
        let own = asked.iter().filter(|asked| {
            asked["part"] == "upstream" && asked["headers"]["user-agent"] == "ClientPortalGW/1"
        });
        own.map(|asked| format!("{} {}", asked["method"], asked["path"]).replace('"', ""))
            .collect()
    }

    fn has_asked(&self, what: &str) -> bool {
        self.own().iter().any(|asked| asked.ends_with(what))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.place.down();
    }
}

#[test]
fn a_dropped_session_is_not_logged_out_and_opened_again_without_the_password() {
    let gateway = Started::with_tickles(&[]);
    let ran = gateway.login(&[]).exits(0);
    assert_eq!(ran.report()["how"], "direct", "{}", ran.all());
    gateway.standin.make("drop-brokerage", &json!({}));
    // A logout that never comes gives no sign. Five tickles fit into this wait.
    std::thread::sleep(OWN_TICKLE * 5);
    let ran = gateway.login(&["--recover-only"]).exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    assert_eq!(gateway.standin.truth()["submissions"], 1);
    let own = gateway.own();
    assert_eq!(
        own,
        [
            "GET /v1/portal/sso/validate",
            "GET /v1/portal/one/user",
            "GET /v1/portal/ssodh/init",
            "GET /v1/portal/ssodh/st"
        ]
    );
}

#[test]
fn a_gateway_left_to_itself_logs_a_dropped_session_out() {
    let gateway = Started::with_tickles(&["--bring-up", "java"]);
    gateway.login(&[]).exits(0);
    eventually("its own tickle", || {
        gateway.has_asked("/tickle").then_some(())
    });
    gateway.standin.make("drop-brokerage", &json!({}));
    eventually("its logout", || gateway.has_asked("/logout").then_some(()));
    gateway.login(&["--recover-only"]).exits(1);
}

#[test]
fn a_login_takes_the_brokerage_session_of_another_only_with_the_flag() {
    let gateway = Started::with(&[]);
    gateway.standin.set(&json!({"users": [{
        "username": "testuser01", "password": "Correct-Horse1", "mode": "live", "is_used_elsewhere": true,
    }]}));
    let ran = gateway.login(&[]).exits(10);
    assert_eq!(ran.report()["state"], "competing", "{}", ran.all());
    assert_eq!(gateway.standin.truth()["competing"], true);
    let ran = gateway.login(&["--compete"]).exits(0);
    assert_eq!(ran.report()["how"], "recovered", "{}", ran.all());
    assert_eq!(gateway.standin.truth()["submissions"], 1);
}

#[test]
fn a_session_that_was_opened_is_asked_for_its_accounts() {
    // IBKR answers questions about orders only after this call. The Gateway makes it only when it opened the session.
    let gateway = Started::with(&[]);
    gateway.login(&[]).exits(0);
    let accounts = || bodies_of(&gateway.standin, "/v1/api/iserver/accounts").len();
    assert_eq!(accounts(), 1);
    gateway.standin.make("drop-brokerage", &json!({}));
    gateway.login(&[]).exits(0);
    assert_eq!(accounts(), 2);
}
