//! OpenPGP: keys, open a secret, seal a payload.
