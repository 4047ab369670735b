//! OpenPGP: keys, open a secret, seal a payload.
//!
//! Everything is made to be exchanged with GnuPG 2.2: what it encrypts is opened, what is sealed it decrypts.

mod key;
mod open;
mod seal;

pub use key::{Key, Recipient};
pub use open::{Openers, open};
pub use seal::seal;
