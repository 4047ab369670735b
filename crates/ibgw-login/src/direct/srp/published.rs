//! The exchange against numbers that neither side of it computed.

use super::*;
use crate::direct::hex::{bytes, digits};
use crate::direct::terms::SrpHash;

fn secret(text: &str) -> Zeroizing<[u8; 32]> {
    let bytes = bytes(text).expect("digits");
    Zeroizing::new(bytes.try_into().expect("32 bytes"))
}

/// RFC 5054, appendix B. What it says of M1 and M2 is TLS's own, and not IBKR's.
#[test]
fn gives_the_vector_of_rfc_5054() {
    let terms = SrpTerms {
        group: SrpGroup::Rfc5054Of1024,
        hash: SrpHash::Sha1,
        protocol: Protocol::SixA,
    };
    let client = SrpClient::new(
        terms,
        secret("60975527035cf2ad1989806f0407210bc81edc04e2762a56afd529ddda2d4393"),
    );
    let server = bytes(
        "bd0c61512c692c0cb6d041fa01bb152d4916a1e77af46ae105393011baf38964dc46a0670dd125b95a981652236f99d9b681cbf87837ec996c6da04453728610d0c6ddb58b318885d7d82c7f8deb75ce7bd4fbaa37089e6f9c6059f388838e7a00030b331eb76840910440b1b27aaeaeeb4012b7d7665238a8e3fb004b117b58",
    );
    let server = server.expect("digits");
    assert_eq!(
        digits(client.public()),
        "61d5e490f6f1b79547b0704c436f523dd0e560f0c64115bb72557ec44352e8903211c04692272d8b2d1a5358a2cf1b6e0bfcf99f921530ec8e39356179eae45e42ba92aeaced825171e1e8b9af6d9c03e1327f44be087ef06530e69f66615261eef54073ca11cf5858f0edfdfe15efeab349ef5d76988a3672fac47b0769447b"
    );
    assert_eq!(
        digits(&client.multiplier()),
        "7556aa045aef2cdd07abaf0f665c3e818913186f"
    );
    let scrambler = client.scrambler(&server);
    assert_eq!(
        digits(&scrambler),
        "ce38b9593487da98554ed47d70a7ae5f462ef019"
    );
    let salt = bytes("beb25379d1a8581eb5a727673a2441ee").expect("digits");
    let password = terms
        .hash
        .of(&[&salt, &terms.hash.of(&[b"alice:password123"])]);
    assert_eq!(
        digits(&password),
        "94b7555aabe9127cc58ccf4993db6cf84d16c124"
    );
    let parts = SrpNumbers {
        server: &server,
        multiplier: &client.multiplier(),
        password: &password,
        secret: &*client.secret,
        scrambler: &scrambler,
    };
    let shared = shared_secret(terms.group, &parts).expect("the server's number can be used");
    assert_eq!(
        digits(&shared),
        "b0dc82babcf30674ae450c0287745e7990a3381f63b387aaf271a10d233861e359b48220f7c4693c9ae12b0a6f67809f0876e2d013800d6c41bb59b6d5979b5c00a172b4a2a5903a0bdcaf8a709585eb2afafa8f3499b200210dcc1f10eb33943cd67fc88a2f39a4be5bec4ec0a3212dc346d7e474b29ede8a469ffeca686e5a"
    );
}

/// The first of the other vectors with SHA-256, computed with Python 3's hashlib and pow.
#[test]
fn gives_a_vector_with_sha_256() {
    let terms = SrpTerms {
        hash: SrpHash::Sha256,
        ..SrpTerms::USUAL
    };
    let client = SrpClient::new(
        terms,
        secret("0adeb5ba54d8ba7c7ebf8bec4e21f7eb17ab650445e73adfb8b69ce8a453580f"),
    );
    let server = SrpServer {
        salt: bytes("0a1b2c3d").expect("digits"),
        number: bytes("4f389b9bcc03fd4feff3bdfc00455c5127e1be17abb85b8c47adaacb7992e2446fd93c181cff041763eb1e90f79853847429f4173ed00d03c7f13b27f18a2856")
            .expect("digits"),
    };
    let proof = client.prove("testuser01", "Correct-Horse1", &server);
    let proof = proof.expect("the server's number can be used");
    assert_eq!(
        proof.key().as_str(),
        "22973793b103f00f43b26283aa5f128d1ad4497cdd1f43c93f0b2f78d5d66bea"
    );
    assert_eq!(
        proof.m1(),
        "2b77e88181457f78493f824753fdead3db2e2ef04526d748efe1beab8ec4e18b"
    );
    assert_eq!(
        proof.m2(),
        "c35660dc902cf591eb77f169e4ad718f0305deffbea91771acedda6c4914c238"
    );
    assert_eq!(
        proof.cookie().as_str(),
        "c6479d9f962967b7c3c557080f156ee1167e5a3c98cc0336726945c0974a5399"
    );
}
