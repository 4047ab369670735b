//! Google's metadata server and Secret Manager, both played by one port of 127.0.0.1.
//!
//! What they answer is what cloud.google.com/compute/docs/metadata and
//! cloud.google.com/secret-manager/docs/reference/rest say; errors are worded as google.aip.dev/193 has them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The token of the machine's service account.
pub(crate) const TOKEN: &str = "ya29.Marker-77aa-of-the-machine";

const TOKEN_PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// An answer.
#[derive(Clone)]
pub(crate) enum Says {
    /// A status, further headers, and a body.
    This(u16, &'static str, String),
    /// Nothing, for as long as the caller waits.
    Nothing,
    /// A byte each 50 ms, and never the end.
    Drips,
}

/// Both hosts.
pub(crate) struct Google {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Says {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::This(status, "", body.to_string())
    }

    /// A no, with its reason.
    pub(crate) fn no(code: u16, status: &str, message: &str) -> Self {
        let error = json!({"code": code, "message": message, "status": status});
        Self::json(code, &json!({"error": error}))
    }

    pub(crate) fn token() -> Self {
        let token = json!({"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"});
        Self::json(200, &token)
    }

    /// Version 7 of a secret.
    pub(crate) fn secret(secret: &str) -> Self {
        Self::json(200, &version(secret, crc32c(secret.as_bytes())))
    }
}

/// Version 7 of `projects/p/secrets/ibkr`, with this checksum.
pub(crate) fn version(secret: &str, checksum: u32) -> Value {
    json!({
        "name": "projects/123456789/secrets/ibkr/versions/7",
        "payload": {"data": STANDARD.encode(secret), "dataCrc32c": checksum.to_string()},
    })
}

/// CRC32C bit by bit, as RFC 3720 12.1 defines it.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| (sum >> 1) ^ (if sum & 1 == 1 { 0x82f6_3b78 } else { 0 });
    let sum = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), step);
    !bytes.iter().fold(!0, sum)
}

impl Google {
    /// A machine whose service account may read `secret`.
    pub(crate) fn with(secret: &str) -> Self {
        Self::answering(Says::token(), Says::secret(secret))
    }

    pub(crate) fn answering(token: Says, secret: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let (token, secret, record) = (token.clone(), secret.clone(), Arc::clone(&record));
                thread::spawn(move || serve(caller, &token, &secret, &record));
            }
        });
        Self { address, asked }
    }

    /// `HOST:PORT`, for `GCE_METADATA_HOST`.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The paths that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

fn serve(mut caller: TcpStream, token: &Says, secret: &Says, record: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(caller.try_clone().expect("a socket can be cloned"));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 {
            return;
        }
        if line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let path = lines[0].split(' ').nth(1).unwrap_or_default().to_owned();
    record
        .lock()
        .expect("no thread panicked")
        .push(path.clone());
    let has = |header: &str| lines.iter().any(|line| line.eq_ignore_ascii_case(header));
    let says = match path.as_str() {
        TOKEN_PATH if has("metadata-flavor: google") => token.clone(),
        TOKEN_PATH => Says::This(403, "", "Missing Metadata-Flavor:Google header.".to_owned()),
        _ if has(&format!("authorization: bearer {TOKEN}")) => secret.clone(),
        _ => Says::no(401, "UNAUTHENTICATED", "no token"),
    };
    match says {
        Says::This(status, headers, body) => {
            let length = body.len();
            let _ = write!(
                caller,
                "HTTP/1.1 {status} So\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
            );
        }
        Says::Nothing => while caller.peek(&mut [0]).is_ok_and(|count| count > 0) {},
        Says::Drips => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
            let mut gone = caller.write_all(head.as_bytes()).is_err();
            while !gone {
                // A drip is what it plays.
                thread::sleep(Duration::from_millis(50));
                gone = caller.write_all(b" ").is_err();
            }
        }
    }
}
