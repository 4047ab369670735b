//! Networks whose addresses no server on the internet sees (IANA's special-purpose address registries, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks: the first address, how many of its bits count, and what such an address is.
const V4: [([u8; 4], u32, &str); 16] = [
    ([0, 0, 0, 0], 8, "an unspecified address (RFC 791)"),
    ([10, 0, 0, 0], 8, "a private address (RFC 1918)"),
    (
        [100, 64, 0, 0],
        10,
        "a shared address of a carrier (RFC 6598)",
    ),
    ([127, 0, 0, 0], 8, "a loopback address (RFC 1122)"),
    ([169, 254, 0, 0], 16, "a link-local address (RFC 3927)"),
    ([172, 16, 0, 0], 12, "a private address (RFC 1918)"),
    ([192, 0, 0, 0], 24, "an address for protocols (RFC 6890)"),
    ([192, 0, 2, 0], 24, "a documentation address (RFC 5737)"),
    ([192, 88, 99, 0], 24, "a relay's address (RFC 7526)"),
    ([192, 168, 0, 0], 16, "a private address (RFC 1918)"),
    ([198, 18, 0, 0], 15, "a benchmarking address (RFC 2544)"),
    ([198, 51, 100, 0], 24, "a documentation address (RFC 5737)"),
    ([203, 0, 113, 0], 24, "a documentation address (RFC 5737)"),
    ([224, 0, 0, 0], 4, "a multicast address (RFC 1112)"),
    ([255, 255, 255, 255], 32, "the broadcast address (RFC 919)"),
    ([240, 0, 0, 0], 4, "a reserved address (RFC 1112)"),
];

/// IPv6 networks: the first segments, how many of their bits count, and what such an address is.
const V6: [([u16; 4], u32, &str); 10] = [
    (
        [0x2001, 0xdb8, 0, 0],
        32,
        "a documentation address (RFC 3849)",
    ),
    ([0x3fff, 0, 0, 0], 20, "a documentation address (RFC 9637)"),
    ([0x2001, 0x2, 0, 0], 48, "a benchmarking address (RFC 5180)"),
    ([0x2001, 0, 0, 0], 32, "a Teredo address (RFC 4380)"),
    ([0x2001, 0, 0, 0], 23, "an address for protocols (RFC 2928)"),
    ([0x2002, 0, 0, 0], 16, "a 6to4 address (RFC 3056)"),
    ([0xfc00, 0, 0, 0], 7, "a unique local address (RFC 4193)"),
    ([0xfe80, 0, 0, 0], 10, "a link-local address (RFC 4291)"),
    ([0xff00, 0, 0, 0], 8, "a multicast address (RFC 4291)"),
    (
        [0x100, 0, 0, 0],
        64,
        "an address that leads nowhere (RFC 6666)",
    ),
];

/// What kind of address this is if no server on the internet sees it; `None` for a public one.
pub(crate) fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => not_public_v4(address),
        IpAddr::V6(address) => not_public_v6(address),
    }
}

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let is_in = |network: [u8; 4], bits: u32| {
        (address.to_bits() ^ Ipv4Addr::from(network).to_bits()) >> (32 - bits) == 0
    };
    let mut found = V4
        .iter()
        .filter(|(network, bits, _)| is_in(*network, *bits));
    found.next().map(|(_, _, name)| *name)
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("the unspecified address (RFC 4291)");
    }
    if address.is_loopback() {
        return Some("the loopback address (RFC 4291)");
    }
    let is_in = |[a, b, c, d]: [u16; 4], bits: u32| {
        let network = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0);
        (address.to_bits() ^ network.to_bits()) >> (128 - bits) == 0
    };
    let mut found = V6
        .iter()
        .filter(|(network, bits, _)| is_in(*network, *bits));
    match found.next() {
        Some((_, _, name)) => Some(name),
        // Every address that IANA gives to networks begins with the bits 001 (RFC 4291 2.4, IANA).
        None if address.segments()[0] & 0xe000 != 0x2000 => {
            Some("an address that is not given out (RFC 4291)")
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_first_and_the_last_address_of_every_network() {
        for (first, last, name) in [
            ("0.0.0.0", "0.255.255.255", "unspecified"),
            ("10.0.0.0", "10.255.255.255", "private"),
            ("100.64.0.0", "100.127.255.255", "shared"),
            ("127.0.0.0", "127.255.255.255", "loopback"),
            ("169.254.0.0", "169.254.255.255", "link-local"),
            ("172.16.0.0", "172.31.255.255", "private"),
            ("192.0.0.0", "192.0.0.255", "protocols"),
            ("192.0.2.0", "192.0.2.255", "documentation"),
            ("192.88.99.0", "192.88.99.255", "relay"),
            ("192.168.0.0", "192.168.255.255", "private"),
            ("198.18.0.0", "198.19.255.255", "benchmarking"),
            ("198.51.100.0", "198.51.100.255", "documentation"),
            ("203.0.113.0", "203.0.113.255", "documentation"),
            ("224.0.0.0", "239.255.255.255", "multicast"),
            ("240.0.0.0", "255.255.255.254", "reserved"),
            ("255.255.255.255", "255.255.255.255", "broadcast"),
            ("::", "::", "unspecified"),
            ("::1", "::1", "loopback"),
            (
                "::2",
                "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "not given out",
            ),
            ("64:ff9b::1.2.3.4", "64:ff9b::1.2.3.4", "not given out"),
            ("100::", "100::ffff:ffff:ffff:ffff", "nowhere"),
            ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
            (
                "2001:2::",
                "2001:2:0:ffff:ffff:ffff:ffff:ffff",
                "benchmarking",
            ),
            (
                "2001:3::",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                "protocols",
            ),
            (
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "documentation",
            ),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"),
            (
                "3fff::",
                "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                "documentation",
            ),
            (
                "4000::",
                "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "not given out",
            ),
            (
                "fc00::",
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "unique local",
            ),
            (
                "fe80::",
                "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "link-local",
            ),
            (
                "fec0::",
                "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "not given out",
            ),
            (
                "ff00::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "multicast",
            ),
        ] {
            for address in [first, last] {
                let found = not_public(address.parse().expect("an address"));
                assert!(
                    found.is_some_and(|found| found.contains(name)),
                    "{address}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn takes_what_lies_between_them_for_public() {
        for address in [
            "1.0.0.0",
            "1.2.3.4",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:4860:4860::8888",
            "2003::",
            "2a00:1450::1",
            "3fff:1000::",
        ] {
            assert_eq!(
                not_public(address.parse().expect("an address")),
                None,
                "{address}"
            );
        }
    }
}
