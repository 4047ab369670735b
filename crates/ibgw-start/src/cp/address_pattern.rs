//! The two forms of an address that the Gateway's filter understands.

use std::net::Ipv4Addr;
use std::str::FromStr;

/// The addresses that one entry of `ips.allow` or `ips.deny` means, as seen with build a27ed42.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AddressPattern {
    /// One address.
    Address(Ipv4Addr),
    /// All addresses that begin like this: the part before a star at the end.
    Beginning(String),
}

impl std::fmt::Display for AddressPattern {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(address) => write!(to, "{address}"),
            Self::Beginning(beginning) => write!(to, "{beginning}*"),
        }
    }
}

/// The form in a flag. What the Gateway would not understand is refused, and what would let in more than was meant.
impl FromStr for AddressPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |why: &str| Err(why.to_owned());
        let whole_numbers = |beginning: &str| {
            let numbers: Vec<&str> = beginning.split('.').collect();
            let is_number = |number: &&str| {
                let value = number.parse::<u8>();
                value.is_ok_and(|value| value.to_string() == **number)
            };
            numbers.len() < 4 && numbers.iter().all(is_number)
        };
        if text == "*" {
            return refused(
                "with a bare star the Gateway answers 500 to every client (name the addresses)",
            );
        }
        if text.contains('/') {
            return refused(
                "the Gateway knows no networks, and would admit no client (10.0.0.0/8 is written 10.*)",
            );
        }
        if text.contains('-') {
            return refused(
                "the Gateway knows no ranges, and would admit no client (give each address)",
            );
        }
        if text.contains(':') {
            return refused("the Gateway listens on IPv4 alone (give an IPv4 address)");
        }
        if text.matches('*').count() > 1 {
            return refused(
                "the Gateway knows one star, and would admit no client (10.*.*.* is written 10.*)",
            );
        }
        let beginning = text.strip_suffix(".*");
        if let Some(beginning) = beginning.filter(|beginning| whole_numbers(beginning)) {
            return Ok(Self::Beginning(format!("{beginning}.")));
        }
        match text.parse() {
            Ok(Ipv4Addr::UNSPECIFIED) => refused(
                "no client has this address, so it would admit none (name the addresses; 10.* is all that begin so)",
            ),
            Ok(address) => Ok(Self::Address(address)),
            Err(_) => {
                refused("it is neither an IPv4 address nor the beginning of one, such as 10.0.*")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_from_a_flag_only_what_opens_no_wider() {
        for text in ["10.0.0.5", "10.*", "172.17.0.*"] {
            let pattern = text.parse::<AddressPattern>();
            assert_eq!(
                pattern.map(|pattern| pattern.to_string()).as_deref(),
                Ok(text)
            );
        }
        for text in [
            "*",
            "1*",
            "10.1*",
            "10..*",
            "010.*",
            "256.*",
            "1.2.3.4.*",
            "10.*.*",
            "10.0.0.0/8",
            "10.0.0.1-9",
            "::1",
            "localhost",
            "",
            ".*",
            "10.*.1",
        ] {
            assert!(text.parse::<AddressPattern>().is_err(), "{text}");
        }
    }
}
