//! The forms that the tool posts, in either dialect.
//!
//! JSON: the fields of the page's own requests in May 2026 (machdat/broker-gateway). XML: those of
//! michaeljherrmann/ib-gateway-service, which logs live usernames in with a second factor.

use ib_cli::Mode;

/// The dialect of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// As the page of today has them.
    Json,
    /// As the page had them before.
    Xml,
}

/// One form: its fields in order.
pub(crate) type FormFields<'a> = Vec<(&'static str, &'a str)>;

/// The values with which every form of one login begins.
#[derive(Clone, Copy)]
pub(crate) struct FormHead<'a> {
    pub dialect: Dialect,
    pub mode: Mode,
    pub username: &'a str,
}

impl<'a> FormHead<'a> {
    /// Begins the exchange with the client's number, in hexadecimal digits.
    pub(crate) fn init(&self, number: &'a str) -> FormFields<'a> {
        match self.dialect {
            Dialect::Json => vec![
                ("ACTION", "INIT"),
                ("USER", self.username),
                ("A", number),
                ("RESP_TYPE", "JSON"),
                ("LOGIN_TYPE", self.login_type()),
                ("SERVICE", "AM.LOGIN"),
            ],
            Dialect::Xml => vec![
                ("ACTION", "INIT"),
                ("APP_NAME", ""),
                ("MODE", "NORMAL"),
                ("FORCE_LOGIN", ""),
                ("USER", self.username),
                ("ACCT", ""),
                ("A", number.trim_start_matches('0')),
            ],
        }
    }

    /// Proves the password: from here on the login counts.
    pub(crate) fn prove(&self, m1: &'a str, key: &'a str) -> FormFields<'a> {
        self.step("COMPLETEAUTH", vec![("M1", m1), ("EKX", key)])
    }

    /// Chooses a second factor: IBKR then sends a text message or a notification.
    pub(crate) fn choose(&self, m1: &'a str, factor: &'a str) -> FormFields<'a> {
        self.step("COMPLETEAUTH_1", vec![("M1", m1), ("SF", factor)])
    }

    /// Gives a code.
    pub(crate) fn respond(&self, code: &'a str, factor: &'a str) -> FormFields<'a> {
        self.step("COMPLETETWOFACT", vec![("RESPONSE", code), ("SF", factor)])
    }

    /// Asks whether a notification was approved, for the `counter`th time.
    pub(crate) fn poll(&self, counter: &'a str, factor: &'a str) -> FormFields<'a> {
        let fields = vec![("PUSH", "true"), ("counter", counter), ("SF", factor)];
        self.step("COMPLETETWOFACT", fields)
    }

    /// Ends the login at the Dispatcher, with the last code.
    pub(crate) fn dispatch(&self, m1: &'a str, m2: &'a str, code: &'a str) -> FormFields<'a> {
        match self.dialect {
            Dialect::Json => vec![("loginType", self.login_type()), ("forwardTo", "22")],
            Dialect::Xml => vec![
                ("user_name", self.username),
                // The password itself never leaves this process.
                ("password", "xxxxxxxxxxxxxxxxxxxxxxxx"),
                ("chlginput", code),
                ("loginType", "0"),
                ("forwardTo", "22"),
                ("M1", m1),
                ("M2", m2),
            ],
        }
    }

    fn step(&self, action: &'static str, more: FormFields<'a>) -> FormFields<'a> {
        let mut form = vec![("ACTION", action), ("USER", self.username)];
        form.extend(match self.dialect {
            Dialect::Json => [("RESP_TYPE", "JSON"), ("LOGIN_TYPE", self.login_type())],
            Dialect::Xml => [("APP_NAME", ""), ("ACCT", "")],
        });
        form.push(("VERSION", "1"));
        form.extend(more);
        form
    }

    fn login_type(&self) -> &'static str {
        match self.mode {
            Mode::Live => "1",
            Mode::Paper => "2",
        }
    }
}
