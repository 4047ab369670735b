//! Which addresses a token can be good from.
//!
//! IBKR compares the address in the token with the address that a request comes from. It is one address, the one that
//! the internet sees (ibkrguides.com, DAM, "/sso/create": "the actual customer's computer").

use crate::networks;
use std::net::IpAddr;

/// Reads one address and nothing around it.
pub(crate) fn parse(text: &str) -> Result<IpAddr, String> {
    // std refuses 01.2.3.4, which some programs read as octal, and ports, brackets, zones and blanks.
    let address = text.parse().map_err(|_| {
        "write one IPv4 or IPv6 address and nothing else, such as 1.2.3.4".to_owned()
    })?;
    match address {
        IpAddr::V6(mapped) if mapped.to_ipv4_mapped().is_some() => {
            Err("it is an IPv4 address in the form of an IPv6 one (write it as IPv4)".to_owned())
        }
        _ => Ok(address),
    }
}

/// Says why no token can be good from an address.
pub(crate) fn check(address: IpAddr, allow_nonpublic: bool, ipv4_only: bool) -> Result<(), String> {
    if ipv4_only && address.is_ipv6() {
        return Err("it is an IPv6 address, which --ipv4-only refuses".to_owned());
    }
    match networks::not_public(address) {
        Some(network) if !allow_nonpublic => Err(format!(
            "{network}: IBKR never sees it (give the device's public address; --allow-nonpublic-ip takes this one)"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_address_and_nothing_around_it() {
        for text in [
            "1.2.3.4",
            "9.255.255.255",
            "2001:4860:4860::8888",
            "2A00::1",
        ] {
            let address = parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(check(address, false, false), Ok(()), "{text}");
        }
        for text in [
            "",
            "01.2.3.4",
            "1.2.3.04",
            "0x1.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "16909060",
            "1.2.3.4:80",
            "1.2.3.4, 5.6.7.8",
            "1.2.3.4,5.6.7.8",
            "1.2.3.4 5.6.7.8",
            "1.2.3.4/32",
            " 1.2.3.4",
            "1.2.3.4 ",
            "1.2.3.4\n",
            "::ffff:1.2.3.4",
            "::FFFF:102:304",
            "fe80::1%eth0",
            "[2001:db8::1]",
            "2001:db8::1::2",
            "localhost",
            "\u{661}.2.3.4",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn refuses_ipv6_when_told_to() {
        let four = parse("1.2.3.4").expect("IPv4");
        assert_eq!(check(four, false, true), Ok(()));
        let six = parse("2001:4860:4860::8888").expect("IPv6");
        let refused = check(six, true, true);
        assert!(refused.is_err_and(|why| why.contains("--ipv4-only")));
    }

    #[test]
    fn refuses_what_the_internet_never_sees_unless_told_otherwise() {
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "203.0.113.7",
            "::1",
            "fd00::1",
            "2001:db8::1",
        ] {
            let address = parse(text).expect("an address");
            let refused = check(address, false, false);
            assert!(
                refused.is_err_and(|why| why.contains("--allow-nonpublic-ip")),
                "{text}"
            );
            assert_eq!(check(address, true, false), Ok(()), "{text}");
        }
    }
}
