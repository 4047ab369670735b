//! The login behind the Gateway: pages and forms that share cookies.

use crate::address::{GATEWAY, GatewayArgs, UrlAddress};
use crate::client::{Answered, Client, Request};
use crate::cookies::Cookies;
use crate::failure::Failure;
use crate::session::Session;
use crate::session_answer::{DENIED, is_access_denied};
use crate::time_headers::retry_after;
use form_urlencoded::Serializer;
use ib_cli::{Error, Exit, Result};
use ib_proc::Deadline;
use std::time::SystemTime;

/// How many redirects lead to the login page: one does (seen with build a27ed42).
const REDIRECTS: usize = 5;

/// The login behind one Gateway, for one login: one client, and the cookies of its page.
pub struct LoginHost {
    client: Client,
    cookies: Cookies,
}

impl LoginHost {
    /// The login of the Gateway that the flags name.
    ///
    /// # Errors
    /// `Usage` when the address cannot be used, `Config` when the file of certificates cannot.
    pub fn new(args: &GatewayArgs) -> Result<Self> {
        let address = UrlAddress::parse(&args.url, GATEWAY)?;
        let cookies = Cookies::of(&address.url)
            .ok_or_else(|| Error::new(Exit::Usage, "the Gateway's address is no URL"))?;
        let client = Client::with_jar(address, args.cacert.as_deref(), cookies.jar())?;
        Ok(Self { client, cookies })
    }

    /// Sets a cookie as the page's script does: for this host, whatever the path.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.set(name, value);
    }

    /// Opens the login page, for the cookies it sets; redirects are followed while they stay on this host.
    ///
    /// # Errors
    /// `Down`, `TimedOut`, `Unavailable`; `Config` for the Gateway's filter of addresses; `Unexpected` for anything else
    /// that is no page.
    pub fn open(&self, deadline: Deadline) -> Result<()> {
        let mut path = "/".to_owned();
        for _ in 0..=REDIRECTS {
            let request = Request::Get(&path);
            let answer = self.ask(request, deadline)?;
            let next = match answer.status {
                200 => return Ok(()),
                301..=303 | 307 | 308 => self.here(answer.location.as_deref()),
                _ => None,
            };
            let Some(next) = next else {
                return Err(self.unusable(request, &answer));
            };
            path = next;
        }
        let message = format!(
            "asking {}: redirects that lead to no login page",
            self.client.address.url
        );
        Err(Error::new(Exit::Unexpected, message))
    }

    /// Posts a form and gives the body of its answer.
    ///
    /// # Errors
    /// As [`LoginHost::open`]; a redirect is one of them.
    pub fn post(&self, path: &str, fields: &[(&str, &str)], deadline: Deadline) -> Result<Vec<u8>> {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::PostForm(path, &form);
        let answer = self.ask(request, deadline)?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(self.unusable(request, &answer)),
        }
    }

    fn ask(&self, request: Request, deadline: Deadline) -> Result<Answered> {
        self.client.ask(request, deadline).map_err(|failure| {
            let asking = self.client.asking(request);
            match failure {
                // The Gateway closes no connection because of IBKR: it waits for ever (seen with build a27ed42). So a
                // connection that ends means that the Gateway itself has ended.
                Failure::Cut(cause) => {
                    let message =
                        format!("{asking}: {cause} (did the Gateway end? start it: ibgw-start --gateway-dir DIR)");
                    Error::new(Exit::Down, message)
                }
                failure => Session::failed(&asking, &failure).as_error(),
            }
        })
    }

    /// The path on this host that a redirect leads to; `None` when it leads elsewhere.
    fn here(&self, location: Option<&str>) -> Option<String> {
        let location = location?;
        let path = location
            .strip_prefix(&self.client.address.url)
            .unwrap_or(location);
        (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
    }

    fn unusable(&self, request: Request, answer: &Answered) -> Error {
        let (exit, why) = match answer.status {
            _ if is_access_denied(answer) => (Exit::Config, DENIED.to_owned()),
            status @ (429 | 500..=599) => (Exit::Unavailable, format!("IBKR answers {status}")),
            403 => (
                Exit::Unexpected,
                "403: the request is refused, by IBKR or by its edge (Akamai)".to_owned(),
            ),
            status @ 300..=399 => (
                Exit::Unexpected,
                format!("{status}: a redirect that is not followed"),
            ),
            status => (Exit::Unexpected, format!("the unknown answer {status}")),
        };
        let wait = answer
            .retry_after
            .as_deref()
            .and_then(|header| retry_after(header, SystemTime::now()));
        Error::new(exit, format!("{}: {why}", self.client.asking(request))).after(wait)
    }
}
