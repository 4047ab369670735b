//! The client that a token is for: a username and the address of its device.

use crate::address;
use crate::flag_group::CLIENT;
use ib_cli::{Error, Exit, OrExit, Result, is_in_quotes, warn};
use serde::Serialize;
use std::net::IpAddr;

/// The flags that name the client.
#[derive(clap::Args)]
pub(crate) struct ClientArgs {
    /// Get a token for this username
    ///
    /// It is a live username below yours, or its paper username. It is sent as you write it. IBKR's are in lower case.
    #[arg(long, value_name = "USERNAME", value_parser = username, help_heading = CLIENT)]
    username: String,
    /// Get a token that is good from this address alone
    ///
    /// It is the one IPv4 or IPv6 address that the internet sees the device come from. Write no leading zeros, port,
    /// brackets, zone, list or blank, and no IPv4 address in the form of an IPv6 one. An IPv6 address is sent in the form
    /// of RFC 5952.
    #[arg(long, value_name = "ADDRESS", value_parser = address::parse, help_heading = CLIENT)]
    ip: IpAddr,
    /// Take an address that no server on the internet sees
    ///
    /// Such an address is private, shared, loopback, link-local, documentation, benchmarking, multicast or the like.
    /// Without this flag the tool refuses it, because no token could be good from it.
    #[arg(long, help_heading = CLIENT)]
    allow_nonpublic_ip: bool,
    /// Refuse IPv6 addresses, which IBKR's guide does not mention
    #[arg(long, help_heading = CLIENT)]
    ipv4_only: bool,
}

/// The client that a token is for.
pub(crate) struct TokenClient {
    pub(crate) username: String,
    pub(crate) ip: IpAddr,
}

/// The text that is signed: three keys in this order, as in IBKR's "DAM SSO Authentication Guide v3".
#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Plaintext<'a> {
    credential: &'a str,
    ip: IpAddr,
    context: &'static str,
}

impl TokenClient {
    /// The client that the flags name.
    ///
    /// # Errors
    /// `Usage` for an address that no token can be good from.
    pub(crate) fn new(args: &ClientArgs) -> Result<Self> {
        address::check(args.ip, args.allow_nonpublic_ip, args.ipv4_only)
            .map_err(|why| Error::new(Exit::Usage, format!("--ip {}: {why}", args.ip)))?;
        warn_of(&args.username);
        Ok(Self {
            username: args.username.clone(),
            ip: args.ip,
        })
    }

    /// The text that is signed and sealed.
    ///
    /// # Errors
    /// None in practice: JSON can hold every text and every address.
    pub(crate) fn plaintext(&self) -> Result<Vec<u8>> {
        let plaintext = Plaintext {
            credential: &self.username,
            ip: self.ip,
            context: "CP_API",
        };
        serde_json::to_vec(&plaintext).or_exit(Exit::Unexpected)
    }
}

fn username(text: &str) -> std::result::Result<String, String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.contains(char::is_control) {
        return Err("it has a control character in it, such as a line end".to_owned());
    }
    Ok(text.to_owned())
}

/// Warns of what no username of IBKR has. The tool sends it unchanged.
fn warn_of(username: &str) {
    if username.contains(char::is_uppercase) {
        warn(
            "username_not_lower_case",
            "IBKR's usernames are in lower case, and this one is not",
        );
    }
    if username.contains(char::is_whitespace) {
        warn("username_with_blanks", "the username has a blank in it");
    }
    if is_in_quotes(username) {
        warn("username_in_quotes", "the username has quotes around it");
    }
    if !username.is_ascii() {
        warn(
            "username_not_ascii",
            "the username has letters that are not ASCII",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn plaintext(username: &str, ip: &str) -> String {
        let client = TokenClient {
            username: username.to_owned(),
            ip: ip.parse().expect("an address"),
        };
        String::from_utf8(client.plaintext().expect("JSON")).expect("JSON is UTF-8")
    }

    #[test]
    fn is_the_guides_example_byte_for_byte() {
        let expected = r#"{"CREDENTIAL":"abcde1234","IP":"1.2.3.4","CONTEXT":"CP_API"}"#;
        assert_eq!(plaintext("abcde1234", "1.2.3.4"), expected);
    }

    #[test]
    fn writes_addresses_as_rfc_5952_has_them() {
        for (ip, written) in [
            (
                "2A00:1450:4001:0831:0000:0000:0000:200E",
                "2a00:1450:4001:831::200e",
            ),
            ("2a00:0:0:1:0:0:0:1", "2a00:0:0:1::1"),
            ("2a00:db8:0:1:1:1:1:1", "2a00:db8:0:1:1:1:1:1"),
        ] {
            let expected = format!(r#""IP":"{written}""#);
            let plaintext = plaintext("a", ip);
            assert!(plaintext.contains(&expected), "{plaintext}");
        }
    }

    /// Each letter that a username may hold, with JSON's own signs before and after it.
    #[test]
    fn survives_a_json_parser_whatever_the_username() {
        let letters = (0..=0x2FFF_u32)
            .chain(0xFE00..=0x1_00FF)
            .filter_map(char::from_u32);
        for letter in letters {
            for text in [
                format!("{letter}"),
                format!("a\"{letter}\\{letter}\",\"IP\":\"9.9.9.9"),
            ] {
                let Ok(name) = username(&text) else {
                    assert!(letter.is_control(), "{text:?}");
                    continue;
                };
                let read: Value = serde_json::from_str(&plaintext(&name, "1.2.3.4")).expect("JSON");
                let expected = json!({"CREDENTIAL": text, "IP": "1.2.3.4", "CONTEXT": "CP_API"});
                assert_eq!(read, expected, "{text:?}");
            }
        }
        assert!(username("").is_err());
    }
}
