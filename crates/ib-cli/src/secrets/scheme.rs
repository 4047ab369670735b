//! The word before the colon of a reference: which kind of place a secret is in.

/// A kind of place that a secret can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// A file.
    File,
    /// A descriptor that the caller opened.
    Descriptor,
    /// A variable of the environment.
    Environment,
    /// A systemd credential.
    Credential,
    /// What a program prints.
    Command,
    /// An OpenPGP file.
    Pgp,
    /// A secret of Google's Secret Manager.
    Gcp,
    /// An item of the desktop's keyring.
    Keyring,
}

impl Scheme {
    /// All of them, in the order in which errors list them.
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Descriptor,
        Self::Environment,
        Self::Credential,
        Self::Command,
        Self::Pgp,
        Self::Gcp,
        Self::Keyring,
    ];

    /// The word itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Descriptor => "fd",
            Self::Environment => "env",
            Self::Credential => "cred",
            Self::Command => "cmd",
            Self::Pgp => "pgp",
            Self::Gcp => "gcp",
            Self::Keyring => "keyring",
        }
    }

    /// The scheme that a text begins with, and what stands after its colon; `None` when it begins with none.
    #[must_use]
    pub fn split(text: &str) -> Option<(Self, &str)> {
        let (name, rest) = text.split_once(':')?;
        Some((name.parse().ok()?, rest))
    }
}

impl std::str::FromStr for Scheme {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.name() == name);
        // The word is not repeated: it may be the beginning of a secret.
        found.ok_or_else(|| {
            format!(
                "unknown scheme; one of {}",
                Self::ALL.map(Self::name).join(", ")
            )
        })
    }
}
