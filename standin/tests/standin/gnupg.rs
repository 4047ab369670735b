//! Two homes of the real gpg: a firm's and IBKR's.

use ib_testkit::gnupg::{Gnupg, Kind};

/// The firm, with its own secret key, a stranger's, and IBKR's public one; IBKR with its secret
/// key and the firm's public one.
pub(crate) struct Parties {
    pub firm: Gnupg,
    pub ibkr: Gnupg,
}

impl Parties {
    pub(crate) fn new() -> Self {
        let parties = Self {
            firm: Gnupg::new(),
            ibkr: Gnupg::new(),
        };
        let Self { firm, ibkr } = &parties;
        firm.make_key(Kind::Curve, "firm", false);
        firm.make_key(Kind::Curve, "stranger", false);
        ibkr.make_key(Kind::Curve, "ibkr", false);
        firm.run(&["--import"], &ibkr.public_key("ibkr"));
        ibkr.run(&["--import"], &firm.public_key("firm"));
        parties
    }

    /// A plaintext after gpg has run with these flags in the firm's home.
    pub(crate) fn sealed(&self, flags: &[&str], plaintext: &str) -> Vec<u8> {
        self.firm.run(flags, plaintext.as_bytes())
    }

    /// A message, made as the DAM SSO guide makes it.
    pub(crate) fn message(&self, plaintext: &str) -> Vec<u8> {
        self.sealed(
            &["-u", "firm", "-r", "ibkr", "--sign", "--encrypt"],
            plaintext,
        )
    }
}
