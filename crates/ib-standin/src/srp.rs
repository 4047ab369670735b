//! The server's half of the login's SRP-6 exchange: protocol `6`, SHA-1, the 512-bit group.
//!
//! Numbers and order are those of the page's script; michaeljherrmann/ib-gateway-service
//! (`server/auth`) and deepentropy/ibx publish the same constants.

use crate::hex;
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, U512, Uint};
use sha1::{Digest, Sha1};

/// The group's modulus, as `N` is sent.
pub const MODULUS: &str = "d4c7f8a2b32c11b8fba9581ec4ba4f1b04215642ef7355e37c0fc0443ef756ea2c6b8eeb755a1c723027663caa265ef785b8ff6a9b35227a52d86633dbdfca43";
/// The group's generator, as `g` is sent.
pub const GENERATOR: u8 = 2;
const MULTIPLIER: u64 = 3;

/// One exchange between INIT and COMPLETEAUTH.
pub struct Exchange {
    user: String,
    salt: Vec<u8>,
    client: U512,
    secret: U512,
    verifier: U512,
    server: U512,
}

/// What a right proof earns: the answer and the two values both sides now share.
#[derive(Clone)]
pub struct Shared {
    /// The server's own proof, 40 hexadecimal digits.
    pub m2: String,
    /// The session key K, 40 hexadecimal digits.
    pub key: String,
    /// The session cookie's value, 40 hexadecimal digits.
    pub cookie: String,
}

impl Exchange {
    /// Starts an exchange; `None` when the client's `A` is not a number or is nothing modulo N.
    pub fn begin(
        user: &str,
        password: &str,
        salt: &[u8],
        client: &str,
        secret: [u8; 32],
    ) -> Option<Self> {
        let client = number(&hex::decode(client)?)?;
        let modulus = modulus();
        if client.rem_vartime(&modulus) == U512::ZERO {
            return None;
        }
        let inner = sha1(&[user.as_bytes(), b":", password.as_bytes()]);
        let verifier = power(&U512::from(GENERATOR), &number(&sha1(&[salt, &inner]))?);
        let secret = number(&secret)?;
        let server = verifier
            .mul_mod_vartime(&U512::from(MULTIPLIER), &modulus)
            .add_mod(&power(&U512::from(GENERATOR), &secret), &modulus);
        let (user, salt) = (user.to_owned(), salt.to_owned());
        Some(Self {
            user,
            salt,
            client,
            secret,
            verifier,
            server,
        })
    }

    /// The server's public number as `B` is sent: 128 digits.
    pub fn server_number(&self) -> String {
        hex::encode(self.server.to_be_bytes().as_ref())
    }

    /// Checks the client's proof; `None` when it is wrong.
    pub fn check(&self, m1: &str) -> Option<Shared> {
        let (client, server) = (bytes(&self.client), bytes(&self.server));
        let u = number(&sha1(&[&client, &server]))?;
        let base = self
            .client
            .mul_mod_vartime(&power(&self.verifier, &u), &modulus());
        let key = sha1(&[&bytes(&power(&base, &self.secret))]);
        let user = sha1(&[self.user.as_bytes()]);
        // One username in 256 has a hash that begins with a zero byte: older scripts hash 20
        // bytes of it, today's 19, and the server is content with both.
        let right = [&user[..], stripped(&user)]
            .into_iter()
            .map(|user| {
                sha1(&[
                    &group_hash(),
                    user,
                    &self.salt,
                    &client,
                    &server,
                    stripped(&key),
                ])
            })
            .find(|proof| hex::same_number(&hex::encode(proof), m1))?;
        Some(Shared {
            m2: hex::encode(&sha1(&[&client, stripped(&right), stripped(&key)])),
            cookie: hex::encode(&sha1(&[&server, stripped(&key)])),
            key: hex::encode(&key),
        })
    }
}

fn modulus() -> NonZero<U512> {
    NonZero::<U512>::new_unwrap(U512::from_be_hex(MODULUS))
}

fn group_hash() -> Vec<u8> {
    let (modulus, generator) = (sha1(&[&bytes(&modulus())]), sha1(&[&[GENERATOR]]));
    modulus
        .iter()
        .zip(generator)
        .map(|(left, right)| left ^ right)
        .collect()
}

fn power(base: &U512, exponent: &U512) -> U512 {
    match Option::<Odd<U512>>::from(Odd::new(U512::from_be_hex(MODULUS))) {
        Some(modulus) => raise(base, exponent, modulus),
        None => U512::ZERO,
    }
}

/// Raises `base` to `exponent` modulo an odd number.
pub fn raise<const LIMBS: usize>(
    base: &Uint<LIMBS>,
    exponent: &Uint<LIMBS>,
    modulus: Odd<Uint<LIMBS>>,
) -> Uint<LIMBS> {
    let parameters = FixedMontyParams::new_vartime(modulus);
    FixedMontyForm::new(base, &parameters)
        .pow_vartime(exponent)
        .retrieve()
}

fn number(bytes: &[u8]) -> Option<U512> {
    let bytes = stripped(bytes);
    let mut padded = [0; 64];
    padded
        .get_mut(64_usize.checked_sub(bytes.len())?..)?
        .copy_from_slice(bytes);
    Some(U512::from_be_slice(&padded))
}

fn bytes(number: &U512) -> Vec<u8> {
    stripped(number.to_be_bytes().as_ref()).to_vec()
}

fn stripped(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// SHA-1 over parts written one after the other.
pub fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut hash = Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "9a7f5fe10354ad4500a4bd761ab9a8253931856218bf9200a09730de8040ee98";
    const FIRST: &str = "0adeb5ba54d8ba7c7ebf8bec4e21f7eb17ab650445e73adfb8b69ce8a453580f";

    fn exchange(more: u64) -> (String, Exchange) {
        let client_secret = number(&hex::decode(FIRST).unwrap())
            .unwrap()
            .wrapping_add(&U512::from(more));
        let client = power(&U512::from(GENERATOR), &client_secret);
        let client = hex::encode(client.to_be_bytes().as_ref());
        let secret = hex::decode(SECRET).unwrap().try_into().unwrap();
        let salt = hex::decode("0a1b2c3d").unwrap();
        let exchange =
            Exchange::begin("testuser01", "Correct-Horse1", &salt, &client, secret).unwrap();
        (client, exchange)
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
            hex::encode(exchange.verifier.to_be_bytes().as_ref()),
            "014d7bc4ae4c933451c89fb2b09ecfadf148c057e6d45ef53ba4352c20641d4fd952853f0e4b35225dcf14ace54b411f057e5fc03a045a38a540d79c4a99a5fe"
        );
        assert_eq!(
            exchange.server_number(),
            "4f389b9bcc03fd4feff3bdfc00455c5127e1be17abb85b8c47adaacb7992e2446fd93c181cff041763eb1e90f79853847429f4173ed00d03c7f13b27f18a2856"
        );
        let u = number(&sha1(&[&bytes(&exchange.client), &bytes(&exchange.server)])).unwrap();
        let base = exchange
            .client
            .mul_mod_vartime(&power(&exchange.verifier, &u), &modulus());
        assert_eq!(
            hex::encode(&bytes(&power(&base, &exchange.secret))),
            "838e5c608a1f9f093a0f8968b26061f6a8f54176bd9698db1b609e37e04f1108bdf3513422ceb939dfef9ad9228e484c1791fbf6619cce39687d74c58ee47a07"
        );
        assert_eq!(
            hex::encode(&group_hash()),
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
    fn refuses_a_wrong_proof_and_a_client_number_that_is_nothing() {
        assert!(
            exchange(0)
                .1
                .check("e100f7310db17d5152795d5b1fc0e639285fb83b")
                .is_none()
        );
        for nothing in ["00", MODULUS, "no number"] {
            assert!(
                Exchange::begin("testuser01", "Correct-Horse1", b"salt", nothing, [7; 32])
                    .is_none()
            );
        }
    }
}
