//! A client's half of the login, written from the protocol and not from the stand-in.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, U512, U1024, Uint};
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use std::time::{SystemTime, UNIX_EPOCH};

const N: &str = "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43";
const A_SECRET: &str = "0adeb5ba54d8ba7c7ebf8bec4e21f7eb17ab650445e73adfb8b69ce8a453580f";

/// What a client sends, and what it expects to be answered.
pub(crate) struct Proof {
    pub m1: String,
    pub m2: String,
    pub cookie: String,
    pub sealed_key: String,
}

fn padded<const LIMBS: usize>(hex: &str) -> Uint<LIMBS> {
    Uint::from_be_hex(&format!("{hex:0>width$}", width = LIMBS * 16))
}

fn power<const LIMBS: usize>(
    base: &Uint<LIMBS>,
    exponent: &Uint<LIMBS>,
    modulus: &str,
) -> Uint<LIMBS> {
    let modulus = Odd::new(padded(modulus)).expect("an odd modulus");
    FixedMontyForm::new(base, &FixedMontyParams::new(modulus))
        .pow(exponent)
        .retrieve()
}

fn minimal(number: impl AsRef<[u8]>) -> Vec<u8> {
    number
        .as_ref()
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect()
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    Sha1::digest(parts.concat()).to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The client's public number.
pub(crate) fn public_number() -> String {
    hex(power(&U512::from(2_u8), &padded(A_SECRET), N)
        .to_be_bytes()
        .as_ref())
}

/// Answers INIT's numbers.
pub(crate) fn answer(user: &str, password: &str, ini: &serde_json::Value) -> Proof {
    let text = |key: &str| {
        ini[key]
            .as_str()
            .unwrap_or_else(|| panic!("{key} is no text in {ini}"))
    };
    assert_eq!(
        (text("N"), text("g"), text("proto"), text("hash")),
        (N, "2", "6", "SHA1")
    );
    let modulus = NonZero::new(padded::<8>(N)).expect("a modulus");
    let salt: Vec<u8> = U512::from_be_hex(&format!("{:0>128}", text("s")))
        .to_be_bytes()
        .as_ref()[60..]
        .to_vec();
    let number = |bytes: &[u8]| padded::<8>(&hex(bytes));
    let x = number(&hash(&[
        &salt,
        &hash(&[format!("{user}:{password}").as_bytes()]),
    ]));
    let (client, server) = (padded::<8>(&public_number()), padded::<8>(text("B")));
    let (a_bytes, b_bytes) = (minimal(client.to_be_bytes()), minimal(server.to_be_bytes()));
    let u = number(&hash(&[&a_bytes, &b_bytes]));
    let verifier = power(&U512::from(2_u8), &x, N);
    let base = server.sub_mod(&verifier.mul_mod(&U512::from(3_u8), &modulus), &modulus);
    let exponent = u.wrapping_mul(&x).wrapping_add(&padded(A_SECRET));
    let key = minimal(hash(&[&minimal(power(&base, &exponent, N).to_be_bytes())]));
    let group: Vec<u8> =
        minimal(padded::<8>("370fc110284b787d9f22b68d17f578b1c00b0135").to_be_bytes());
    let m1 = hash(&[
        &group,
        &minimal(hash(&[user.as_bytes()])),
        &salt,
        &a_bytes,
        &b_bytes,
        &key,
    ]);
    Proof {
        m2: hex(&hash(&[&a_bytes, &minimal(&m1), &key])),
        cookie: hex(&hash(&[&b_bytes, &key])),
        sealed_key: seal(hex(&key).trim_start_matches('0'), text("rsapub")),
        m1: hex(&m1),
    }
}

fn seal(text: &str, modulus: &str) -> String {
    let filling = "5a".repeat(modulus.len() / 2 - text.len() - 3);
    let padded_text = format!("0002{filling}00{}", hex(text.as_bytes()));
    hex(power(&padded(&padded_text), &U1024::from(3_u8), modulus)
        .to_be_bytes()
        .as_ref())
}

/// The current code of the RFC's own seed.
pub(crate) fn code() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_secs();
    let mut mac =
        Hmac::<Sha1>::new_from_slice(b"12345678901234567890").expect("a key of any length");
    mac.update(&(now / 30).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}
