//! The exchange against numbers computed elsewhere; what computed them reproduces the constants in the tests of
//! michaeljherrmann/ib-gateway-service.

use super::*;
use crate::direct::hex::bytes;
use crypto_bigint::U256;

const FIRST: &str = "0adeb5ba54d8ba7c7ebf8bec4e21f7eb17ab650445e73adfb8b69ce8a453580f";
const B: &str = "4f389b9bcc03fd4feff3bdfc00455c5127e1be17abb85b8c47adaacb7992e2446fd93c181cff041763eb1e90f79853847429f4173ed00d03c7f13b27f18a2856";

fn client(more: u64) -> SrpClient {
    let secret = U256::from_be_hex(FIRST).wrapping_add(&U256::from(more));
    let mut bytes = Zeroizing::new([0; 32]);
    bytes.copy_from_slice(secret.to_be_bytes().as_ref());
    SrpClient::new(SrpTerms::USUAL, bytes)
}

fn server(number: &str) -> SrpServer {
    SrpServer {
        salt: bytes("0a1b2c3d").expect("digits"),
        number: bytes(number).expect("digits"),
    }
}

fn proof(more: u64) -> SrpProof {
    let proof = client(more).prove("testuser01", "Correct-Horse1", &server(B));
    proof.expect("the server's number can be used")
}

#[track_caller]
fn is(proof: &SrpProof, key: &str, m1: &str, m2: &str, cookie: &str) {
    assert_eq!(proof.key().as_str(), key.trim_start_matches('0'));
    assert_eq!(proof.m1(), m1);
    assert_eq!(proof.m2(), m2);
    assert_eq!(proof.cookie().as_str(), cookie);
    assert!(proof.is_answered_by(m2));
}

#[test]
fn gives_the_first_vector_whole() {
    assert_eq!(
        hex::digits(client(0).public()),
        "b04c4b0a40e30072d3a9102567f653231bf69e563526d836c8765fdcf9ce0068e882b72ba222a74836007138e2000253f5d35d6a4519d9107b2906343b9db64a"
    );
    assert_eq!(
        hex::digits(&client(0).scrambler(&bytes(B).expect("digits"))),
        "a935bb057951ac9f0854f3434f78e5cf9a67ab34"
    );
    assert_eq!(
        hex::digits(&client(0).group_hash()),
        "370fc110284b787d9f22b68d17f578b1c00b0135"
    );
    is(
        &proof(0),
        "944e16349f75605bdd16c62e6d61310a203b0acb",
        "e100f7310db17d5152795d5b1fc0e639285fb83a",
        "c7cbc2ebae4690ae9e77ba2034cabc4d68102027",
        "69a4416cee58ccc9949429aec97e77a19ddd1f23",
    );
    assert!(!proof(0).has_doubtful_zeros());
}

#[test]
fn hashes_its_own_number_without_the_leading_zero() {
    assert_eq!(client(180).public().len(), 63);
    is(
        &proof(180),
        "368fc03336b0201b2703e960049443e11aef4021",
        "4fa91c5ff07609eecfbfb588c32f12720d47921d",
        "a189bcfd39807ab1fc46dfe615d4df79579d0ae7",
        "e4d175c3c20eda3c1af927dbd1a97bfb93788ad2",
    );
}

#[test]
fn hashes_the_secret_without_its_leading_zero() {
    is(
        &proof(110),
        "ab1796c88825dcd0afe5be41d4801a81e9298902",
        "8cc3e3d202e6b372e67ddaf1572ebe22cd13ed95",
        "667842d74b42a68639745e45566581f0a55fcde6",
        "b4162ec59ba7a664f089bafb53d8258033724682",
    );
    // One zero byte is dropped by every client that is known.
    assert!(!proof(110).has_doubtful_zeros());
}

#[test]
fn hashes_the_key_without_its_leading_zero_and_would_rather_have_another() {
    is(
        &proof(99),
        "0011aa2a15daa3aa58d68b3e6e034b0a36b8b391",
        "b7ef9ea8ae3b499e62d1b2680a24db29d9a1cf16",
        "0c60a45cb0b97b4cb419d56f7eb4133071944aa4",
        "0294f9f665c07eb8220a904bd51553548f4408e8",
    );
    assert!(proof(99).has_doubtful_zeros());
}

#[test]
fn sends_the_proof_with_the_zeros_before_it_and_hashes_it_without() {
    is(
        &proof(16),
        "3a62596c11c67268fda8b0019b4491d600666567",
        "0e0bf794e03ca54896974d28c47dd945fb0d9c13",
        "47beeb026a41885d4e9afad143ee4d6ede3512f5",
        "5c680cdade27d966e42cb11f400c8319b21d4c3f",
    );
    is(
        &proof(65),
        "cbc9e7174d8c0088d47eaebf6fef461c61a583e9",
        "00f025d37bae765bad2f3a2e5f82606f46a97ac6",
        "fc33a9725962b6e32a16d95893358345958f2293",
        "7a491c437639f3640d57290746fc7efabd69608a",
    );
}

#[test]
fn would_rather_have_another_exchange_where_either_number_is_short() {
    let prove = |client: &SrpClient, b: &str| {
        let proof = client.prove("testuser01", "Correct-Horse1", &server(b));
        proof
            .expect("the server's number can be used")
            .has_doubtful_zeros()
    };
    let short = format!("00{}", &B[2..]);
    assert!(!prove(&client(0), B));
    assert!(prove(&client(0), &short));
    // The client's own number is hashed alike by all, but under 6a.
    assert!(!prove(&client(180), B));
    let under_6a = |more: u64| {
        let mut client = client(more);
        client.terms.protocol = Protocol::SixA;
        client
    };
    assert!(!prove(&under_6a(0), B));
    assert!(prove(&under_6a(180), B));
    assert!(prove(&under_6a(0), &B[2..]));
}

#[test]
fn hashes_the_username_without_the_leading_zero_of_its_hash() {
    // SHA-1 of user039 is 00e1ffea…, which one username in 256 has.
    let hash = SrpTerms::USUAL.hash.of(&[b"user039"]);
    assert_eq!(hash.first(), Some(&0));
    let client = client(0);
    let server = server(B);
    let proof = client.prove("user039", "Correct-Horse1", &server);
    let proof = proof.expect("the server's number can be used");
    let whole = SrpTerms::USUAL.hash.of(&[
        &client.group_hash(),
        &hash[1..],
        &server.salt,
        client.public(),
        &server.number,
        &proof.key,
    ]);
    assert_eq!(proof.m1(), hex::digits(&whole));
}

#[test]
fn takes_no_server_number_that_is_nothing_in_the_group_or_too_long_for_it() {
    let modulus = SrpGroup::Ibkr.modulus();
    for number in ["00", modulus, &format!("1{modulus}")] {
        let proof = client(0).prove("testuser01", "Correct-Horse1", &server(number));
        assert!(proof.is_none(), "{number}");
    }
}

#[test]
fn an_answer_is_compared_as_a_number_and_nothing_else_is_one() {
    let proof = proof(99);
    for right in [
        "c60a45cb0b97b4cb419d56f7eb4133071944aa4",
        "000C60A45CB0B97B4CB419D56F7EB4133071944AA4",
    ] {
        assert!(proof.is_answered_by(right), "{right}");
    }
    for wrong in [
        "",
        "0",
        "true",
        "0c60a45cb0b97b4cb419d56f7eb4133071944aa5",
        "0c60a45cb0b97b4cb419d56f7eb4133071944aa400",
        &"f".repeat(1000),
        &"0".repeat(10_000),
    ] {
        assert!(!proof.is_answered_by(wrong), "{wrong}");
    }
}
