//! The exchange against numbers computed elsewhere; they reproduce the constants in the tests of
//! michaeljherrmann/ib-gateway-service.

use super::*;

const SECRET: &str = "9a7f5fe10354ad4500a4bd761ab9a8253931856218bf9200a09730de8040ee98";
const FIRST: &str = "0adeb5ba54d8ba7c7ebf8bec4e21f7eb17ab650445e73adfb8b69ce8a453580f";

fn usual() -> ServerTerms {
    ServerTerms {
        group: ServerGroup::Ibkr,
        hash: ServerHash::Sha1,
        proto: "6".to_owned(),
    }
}

fn power(base: &U2048, exponent: &U2048) -> U2048 {
    usual().power(base, exponent)
}

fn exchange(more: u64) -> (String, ServerExchange) {
    let client_secret = number(&hex::decode(FIRST).unwrap())
        .unwrap()
        .wrapping_add(&U2048::from(more));
    let client = power(&U2048::from(GENERATOR), &client_secret);
    let client = hex::encode(&usual().padded(&bytes(&client)));
    let secret = hex::decode(SECRET).unwrap().try_into().unwrap();
    let salt = hex::decode("0a1b2c3d").unwrap();
    let exchange = begin(&salt, &client, secret).unwrap();
    (client, exchange)
}

fn begin(salt: &[u8], client: &str, secret: [u8; 32]) -> Option<ServerExchange> {
    ServerExchange::begin(
        usual(),
        "testuser01",
        "Correct-Horse1",
        salt,
        client,
        secret,
    )
}

fn accepts(more: u64, m1: &str) -> Shared {
    exchange(more).1.check(m1).expect("the proof is right")
}

#[test]
fn answers_the_first_vector_with_its_own_numbers() {
    let (client, exchange) = exchange(0);
    assert_eq!(
        client,
        "b04c4b0a40e30072d3a9102567f653231bf69e563526d836c8765fdcf9ce0068e882b72ba222a74836007138e2000253f5d35d6a4519d9107b2906343b9db64a"
    );
    assert_eq!(
        hex::encode(&usual().padded(&bytes(&exchange.verifier))),
        "014d7bc4ae4c933451c89fb2b09ecfadf148c057e6d45ef53ba4352c20641d4fd952853f0e4b35225dcf14ace54b411f057e5fc03a045a38a540d79c4a99a5fe"
    );
    assert_eq!(
        exchange.server_number(),
        "4f389b9bcc03fd4feff3bdfc00455c5127e1be17abb85b8c47adaacb7992e2446fd93c181cff041763eb1e90f79853847429f4173ed00d03c7f13b27f18a2856"
    );
    let u = number(&sha1(&[&bytes(&exchange.client), &bytes(&exchange.server)])).unwrap();
    let modulus = NonZero::new(usual().modulus()).unwrap();
    let base = exchange
        .client
        .mul_mod_vartime(&power(&exchange.verifier, &u), &modulus);
    assert_eq!(
        hex::encode(&bytes(&power(&base, &exchange.secret))),
        "838e5c608a1f9f093a0f8968b26061f6a8f54176bd9698db1b609e37e04f1108bdf3513422ceb939dfef9ad9228e484c1791fbf6619cce39687d74c58ee47a07"
    );
    assert_eq!(
        hex::encode(&usual().group_hash()),
        "370fc110284b787d9f22b68d17f578b1c00b0135"
    );
    let shared = accepts(0, "e100f7310db17d5152795d5b1fc0e639285fb83a");
    assert_eq!(shared.key, "944e16349f75605bdd16c62e6d61310a203b0acb");
    assert_eq!(shared.m2, "c7cbc2ebae4690ae9e77ba2034cabc4d68102027");
    assert_eq!(shared.cookie, "69a4416cee58ccc9949429aec97e77a19ddd1f23");
}

#[test]
fn hashes_a_client_number_without_its_leading_zero() {
    let shared = accepts(180, "4fa91c5ff07609eecfbfb588c32f12720d47921d");
    assert_eq!(shared.key, "368fc03336b0201b2703e960049443e11aef4021");
    assert_eq!(shared.m2, "a189bcfd39807ab1fc46dfe615d4df79579d0ae7");
    assert_eq!(shared.cookie, "e4d175c3c20eda3c1af927dbd1a97bfb93788ad2");
}

#[test]
fn hashes_a_shared_number_without_its_leading_zero() {
    let shared = accepts(110, "8cc3e3d202e6b372e67ddaf1572ebe22cd13ed95");
    assert_eq!(shared.key, "ab1796c88825dcd0afe5be41d4801a81e9298902");
    assert_eq!(shared.m2, "667842d74b42a68639745e45566581f0a55fcde6");
    assert_eq!(shared.cookie, "b4162ec59ba7a664f089bafb53d8258033724682");
}

#[test]
fn hashes_a_key_without_its_leading_zero() {
    let shared = accepts(99, "b7ef9ea8ae3b499e62d1b2680a24db29d9a1cf16");
    assert_eq!(shared.key, "0011aa2a15daa3aa58d68b3e6e034b0a36b8b391");
    assert_eq!(shared.m2, "0c60a45cb0b97b4cb419d56f7eb4133071944aa4");
    assert_eq!(shared.cookie, "0294f9f665c07eb8220a904bd51553548f4408e8");
}

#[test]
fn takes_a_proof_only_with_the_zeros_before_it() {
    let shared = accepts(65, "00f025d37bae765bad2f3a2e5f82606f46a97ac6");
    assert_eq!(shared.m2, "fc33a9725962b6e32a16d95893358345958f2293");
    for short in [
        "0f025d37bae765bad2f3a2e5f82606f46a97ac6",
        "f025d37bae765bad2f3a2e5f82606f46a97ac6",
    ] {
        assert!(exchange(65).1.check(short).is_none(), "{short}");
    }
}

#[test]
fn refuses_a_wrong_proof_and_a_client_number_that_is_nothing() {
    assert!(
        exchange(0)
            .1
            .check("e100f7310db17d5152795d5b1fc0e639285fb83b")
            .is_none()
    );
    for nothing in ["00", ServerGroup::Ibkr.modulus(), "no number"] {
        assert!(begin(b"salt", nothing, [7; 32]).is_none());
    }
}
