//! OpenPGP: keys, open a secret, seal a payload.
//!
//! Everything is made to be exchanged with GnuPG 2.2: what it encrypts is opened, what is sealed it decrypts.

mod certificate;
mod fault;
mod fingerprint;
mod inspect;
mod key;
mod open;
mod payload;
mod policy;
mod recipient;
mod rsa;
mod seal;
mod signature;
mod signing_key;

pub use fingerprint::Fingerprint;
pub use key::{Key, Recipient};
pub use open::{Openers, open};
pub use payload::{Payload, seal_payload};
pub use policy::Sha1;
pub use recipient::PinnedRecipient;
pub use seal::seal;
pub use signing_key::SigningKey;
