//! Why the Gateway would not open a keystore.

/// Why a keystore cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeystoreFault {
    Empty,
    Pem,
    Jceks,
    Foreign,
    /// Cut short, or changed.
    Damaged,
    NoPassword,
    WrongPassword,
    WrongKeyPassword,
    /// For PKCS#12, Java makes a key of ASCII letters only (com/sun/crypto/provider/PBEKey.java).
    NotAscii,
    NoKey,
    /// From PKCS#12, Java takes only an encrypted key.
    PlainKey,
}

impl KeystoreFault {
    /// The fault in words, with what to do.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Empty => "it is empty (put a keystore there)",
            Self::Pem => {
                "it is PEM, and the Gateway wants a keystore of Java's (give it by --tls-cert and --tls-key, or make one: openssl pkcs12 -export)"
            }
            Self::Jceks => {
                "it is of type JCEKS, which the Gateway does not open (keytool -importkeystore with -deststoretype PKCS12 makes one that it does)"
            }
            Self::Foreign => {
                "it is neither JKS nor PKCS#12, and the Gateway opens nothing else (keytool -importkeystore with -deststoretype PKCS12 makes one)"
            }
            Self::Damaged => "it is damaged, or not whole (copy it again)",
            Self::NoPassword => "sslPwd is empty (write its password in quotes)",
            Self::WrongPassword => {
                "sslPwd is not its password, or it is damaged (write the password in quotes)"
            }
            Self::WrongKeyPassword => {
                "a key in it has another password than the keystore (keytool -keypasswd gives it that of the keystore)"
            }
            Self::NotAscii => {
                "sslPwd has a letter that is not ASCII, and Java opens no PKCS#12 with it (give the keystore another password)"
            }
            Self::NoKey => {
                "it has no private key, without which the Gateway shows no certificate (put key and certificate in)"
            }
            Self::PlainKey => {
                "its key is not encrypted, and Java leaves it out (make it again with openssl pkcs12 -export)"
            }
        }
    }
}
