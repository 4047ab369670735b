//! One client for one server: no redirects, no more than 1 MiB, never past the deadline.

use crate::address::UrlAddress;
use crate::certificate;
use crate::failure::Failure;
use anyhow::Context;
use ib_cli::{CAP, Exit, OrExit, Result, Secret};
use ib_proc::Deadline;
use reqwest::blocking::{Client as Http, ClientBuilder, RequestBuilder};
use reqwest::cookie::Jar;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER,
};
use reqwest::redirect::Policy;
use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tower::util::MapResponseLayer;

/// How long a connection may take. It tells a server that does not speak TLS from one that does not answer.
///
/// The Gateway's first handshake lags its listener by up to 0.6 s (seen with build a27ed42 on a loaded machine).
const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection of a login is kept for its next step.
///
/// A handshake for each step would cost more than all the rest. Kept for longer, the Gateway may close it just as it is
/// used again, and then it is not known whether that step was taken.
const KEPT: Duration = Duration::from_secs(5);

/// One blocking client for one server.
pub(crate) struct Client {
    http: Http,
    /// Whether there was a connection, with TLS on it, for the latest request.
    connected: Arc<AtomicBool>,
    keeps_connections: bool,
    pub(crate) address: UrlAddress,
    bearer: Option<Bearer>,
}

/// What a request says of who sends it: `Authorization: Bearer …`.
pub(crate) struct Bearer(HeaderValue);

impl Bearer {
    /// The header of a token; `None` when it holds anything but visible ASCII, which would end the header early or be
    /// no token at all (RFC 6750 2.1).
    pub(crate) fn of(token: &Secret) -> Option<Self> {
        let text = token
            .text("the token")
            .ok()
            .filter(|text| !text.is_empty())?;
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {text}")).ok()?;
        // Never in a log of the libraries below, nor in HTTP/2's shared table.
        value.set_sensitive(true);
        Some(Self(value))
    }
}

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) enum Request<'a> {
    Get(&'a str),
    /// A GET of the metadata server of Google's machines, which answers only a request that names it in a header.
    GetMetadata(&'a str),
    /// A POST without a body.
    Post(&'a str),
    /// A POST with a body of JSON, which asks for JSON.
    PostJson(&'a str, &'a str),
    /// A POST with the fields of a form.
    PostForm(&'a str, &'a str),
}

/// What came back, whole.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) retry_after: Option<String>,
    /// The server's clock, as it says.
    pub(crate) date: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(address: UrlAddress, cacert: Option<&Path>) -> Result<Self> {
        Self::built(address, cacert, |builder| {
            // A connection kept open may be closed by the Gateway just as it is used again: no answer we could name.
            builder.pool_max_idle_per_host(0)
        })
    }

    /// The same, with the cookies that its server sets on every later request, in memory alone.
    pub(crate) fn with_cookies(address: UrlAddress, cacert: Option<&Path>) -> Result<Self> {
        Self::built(address, cacert, |builder| {
            builder.cookie_store(true).pool_max_idle_per_host(0)
        })
    }

    /// A client for requests that follow each other at once and share a jar of cookies.
    pub(crate) fn with_jar(
        address: UrlAddress,
        cacert: Option<&Path>,
        cookies: Arc<Jar>,
    ) -> Result<Self> {
        let client = Self::built(address, cacert, |builder| {
            builder.cookie_provider(cookies).pool_idle_timeout(KEPT)
        })?;
        Ok(Self {
            keeps_connections: true,
            ..client
        })
    }

    /// A client that goes through no proxy, wherever its server is.
    pub(crate) fn direct(address: UrlAddress) -> Result<Self> {
        Self::built(address, None, |builder| {
            builder.no_proxy().pool_max_idle_per_host(0)
        })
    }

    fn built(
        address: UrlAddress,
        cacert: Option<&Path>,
        connections: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self> {
        certificate::provider();
        let connected = Arc::new(AtomicBool::new(false));
        let connects = Arc::clone(&connected);
        let mut builder = Http::builder()
            .user_agent(concat!("ib-tools/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            // The error of a timeout does not say whether there was a connection.
            .connector_layer(MapResponseLayer::new(move |connection| {
                connects.store(true, Ordering::SeqCst);
                connection
            }))
            // Every request has the deadline of its run.
            .timeout(None);
        if address.is_loopback() {
            // The Gateway listens on IPv4 alone, and localhost may be ::1 first.
            let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            builder = builder.no_proxy().resolve("localhost", here);
        }
        builder = match cacert {
            Some(file) => builder.tls_backend_preconfigured(certificate::only_from(file)?),
            None => builder.tls_danger_accept_invalid_certs(address.is_loopback()),
        };
        let http = connections(builder)
            .build()
            .with_context(|| format!("preparing to talk to {}", address.url))
            .or_exit(Exit::Config)?;
        Ok(Self {
            http,
            connected,
            keeps_connections: false,
            address,
            bearer: None,
        })
    }

    /// The same client, with a token on every request.
    pub(crate) fn with_bearer(self, bearer: Bearer) -> Self {
        let bearer = Some(bearer);
        Self { bearer, ..self }
    }

    /// Sends one request and reads the whole answer.
    pub(crate) fn ask(
        &self,
        request: Request,
        deadline: Deadline,
    ) -> std::result::Result<Answered, Failure> {
        let answered = self.exchange(request, deadline);
        let outcome = match &answered {
            Ok(answer) => answer.status.to_string(),
            Err(failure) => failure.cause().to_owned(),
        };
        ib_cli::log(
            "info",
            "request",
            &format!("{}: {outcome}", self.asking(request)),
        );
        answered
    }

    /// What is asked of whom, for the beginning of a sentence.
    pub(crate) fn asking(&self, request: Request) -> String {
        // What stands behind a semicolon may be the session (Servlet 3.0, 7.1.3).
        let path = request.path().split(';').next().unwrap_or_default();
        format!("asking {}{path}", self.address.url)
    }

    fn exchange(
        &self,
        request: Request,
        deadline: Deadline,
    ) -> std::result::Result<Answered, Failure> {
        if deadline.has_passed() {
            return Err(Failure::TimedOut { connected: false });
        }
        // A connection that is used again is not made again: that one stands is all that is known then.
        if !self.keeps_connections {
            self.connected.store(false, Ordering::SeqCst);
        }
        let answer = self
            .prepare(request)
            .timeout(deadline.remaining())
            .send()
            .map_err(|error| Failure::of(&error, self.connected.load(Ordering::SeqCst)))?;
        let header = |name: HeaderName| {
            let value = answer.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        Ok(Answered {
            status: answer.status().as_u16(),
            location: header(LOCATION),
            retry_after: header(RETRY_AFTER),
            date: header(DATE),
            // The last: it takes the answer.
            body: read(answer, deadline)?,
        })
    }

    fn prepare(&self, request: Request) -> RequestBuilder {
        let url = format!("{}{}", self.address.url, request.path());
        let request = match request {
            Request::Get(_) => self.http.get(url),
            Request::GetMetadata(_) => self.http.get(url).header("Metadata-Flavor", "Google"),
            // IBKR answers a POST without a length with 411, and reqwest sends none by default (seanmonstar/reqwest#838).
            Request::Post(_) => self.http.post(url).header(CONTENT_LENGTH, 0),
            Request::PostJson(_, body) => self
                .http
                .post(url)
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_owned()),
            Request::PostForm(_, body) => self
                .http
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.to_owned()),
        };
        match &self.bearer {
            Some(bearer) => request.header(AUTHORIZATION, bearer.0.clone()),
            None => request,
        }
    }
}

impl Request<'_> {
    fn path(&self) -> &str {
        match self {
            Self::Get(path)
            | Self::GetMetadata(path)
            | Self::Post(path)
            | Self::PostJson(path, _)
            | Self::PostForm(path, _) => path,
        }
    }
}

fn read(mut answer: impl Read, deadline: Deadline) -> std::result::Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    // The body may be a token, and a buffer on the stack would not be wiped.
    let mut chunk = vec![0; 8192];
    loop {
        // Each read has a limit of its own, and a drip keeps every one of them.
        if deadline.has_passed() {
            return Err(Failure::TimedOut { connected: true });
        }
        match answer.read(&mut chunk) {
            Ok(0) => return Ok(body),
            Ok(count) if body.len() + count > CAP => {
                return Err(Failure::Garbled(
                    "the answer is larger than 1 MiB".to_owned(),
                ));
            }
            Ok(count) => body.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if deadline.has_passed() => {
                return Err(Failure::TimedOut { connected: true });
            }
            Err(_) => return Err(Failure::Cut("the answer was cut short".to_owned())),
        }
    }
}
