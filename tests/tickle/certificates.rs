//! Certificates that no server may show.

use crate::support::{TestPort, Tool, eventually};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// OpenSSL's own server, with a certificate that these lines of a shell make; it ends with what is returned.
fn showing(lines: &str) -> (TestPort, TempDir, Ending) {
    let (port, folder) = (
        TestPort::reserve(),
        TempDir::new().expect("a temporary folder"),
    );
    let script = format!(
        "{lines}
        exec openssl s_server -accept 127.0.0.1:{} -cert shown.pem -key key.pem -quiet",
        port.number
    );
    let server = Command::new("sh")
        .args(["-euc", &script])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let server = Ending(server.expect("sh runs"));
    let address = ("127.0.0.1", port.number);
    eventually("openssl listens", || TcpStream::connect(address).ok());
    (port, folder, server)
}

/// A program that ends with the test.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn says_in_its_own_words_why_a_certificate_is_not_accepted() {
    let make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -days 30 -subj";
    let other = format!("{make} /CN=other -out other.pem");
    for (lines, words) in [
        // What this command makes is an authority, unless a flag says otherwise.
        (format!("{make} /CN=localhost -out shown.pem"), "authority"),
        (
            format!(
                "{make} /CN=localhost -addext basicConstraints=critical,CA:FALSE -out shown.pem"
            ),
            "neither known here nor issued",
        ),
        (
            format!(
                "{make} /CN=x -out x.pem; openssl req -new -key key.pem -subj /CN=x |
                openssl x509 -req -signkey key.pem -days 30 -out shown.pem"
            ),
            "version 1",
        ),
    ] {
        let (port, folder, _server) =
            showing(&format!("{lines}\n{}", other.replace("key.pem", "o.pem")));
        let cacert = folder.path().join("other.pem");
        let url = format!("https://localhost:{}", port.number);
        let ran = Tool::new("ibgw-tickle")
            .args(["--url", &url, "--cacert"])
            .args([cacert]);
        let message = ran.run().exits(7).error()["message"].to_string();
        assert!(message.contains(words), "{message}");
        assert!(
            !message.contains("Error") && !message.contains("invalid peer"),
            "{message}"
        );
    }
}
