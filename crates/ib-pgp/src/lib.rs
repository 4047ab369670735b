//! OpenPGP: read keys, open a secret, seal a payload.
//!
//! The crate exchanges messages with GnuPG 2.2: it opens what gpg encrypts, and gpg decrypts what it seals.

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
