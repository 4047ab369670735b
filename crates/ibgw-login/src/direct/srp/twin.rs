//! The exchange against a second implementation of it, the stand-in's: written from the server's side, with other
//! widths and other arithmetic.

use super::*;
use crate::direct::terms::SrpHash;
use ib_standin::srp as other;
use proptest::prelude::*;

fn terms() -> impl Strategy<Value = (SrpTerms, other::ServerTerms)> {
    let groups = prop::sample::select(vec![
        (SrpGroup::Ibkr, other::ServerGroup::Ibkr),
        (SrpGroup::Ibkr, other::ServerGroup::Ibkr),
        (SrpGroup::Rfc5054Of1024, other::ServerGroup::Rfc5054Of1024),
        (SrpGroup::Rfc5054Of2048, other::ServerGroup::Rfc5054Of2048),
    ]);
    let hashes = prop::sample::select(vec![
        (SrpHash::Sha1, other::ServerHash::Sha1),
        (SrpHash::Sha256, other::ServerHash::Sha256),
    ]);
    let protocols = prop::sample::select(vec![(Protocol::Six, "6"), (Protocol::SixA, "6a")]);
    (groups, hashes, protocols).prop_map(|(group, hash, protocol)| {
        let ours = SrpTerms {
            group: group.0,
            hash: hash.0,
            protocol: protocol.0,
        };
        let theirs = other::ServerTerms {
            group: group.1,
            hash: hash.1,
            proto: protocol.1.to_owned(),
        };
        (ours, theirs)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_sides_come_to_the_same(
        (ours, theirs) in terms(),
        username in "[a-z0-9]{1,12}",
        password in "\\PC{1,24}",
        other_password in "\\PC{1,24}",
        salt in prop::collection::vec(any::<u8>(), 1..8),
        client_secret in any::<[u8; 32]>(),
        server_secret in any::<[u8; 32]>(),
    ) {
        let client = SrpClient::new(ours, Zeroizing::new(client_secret));
        let number = hex::digits(client.public());
        let server = other::ServerExchange::begin(theirs, &username, &password, &salt, &number, server_secret);
        let server = server.expect("the client's number can be used");
        let said = SrpServer { salt, number: hex::bytes(&server.server_number()).expect("digits") };
        let proof = client.prove(&username, &password, &said).expect("the server's number can be used");

        let shared = server.check(&proof.m1()).expect("the proof is right");
        prop_assert!(proof.is_answered_by(&shared.m2));
        let cookie = proof.cookie();
        let key = proof.key();
        prop_assert_eq!(cookie.as_str(), &shared.cookie);
        prop_assert_eq!(key.as_str(), shared.key.trim_start_matches('0'));

        prop_assume!(other_password != password);
        let wrong = client.prove(&username, &other_password, &said).expect("the server's number can be used");
        prop_assert!(server.check(&wrong.m1()).is_none());
        prop_assert!(!wrong.is_answered_by(&shared.m2));
    }
}
