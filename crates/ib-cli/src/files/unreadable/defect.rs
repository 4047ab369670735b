//! The defects for which something cannot be read, as sentences with a hint.

use std::borrow::Cow;
use std::fmt;

/// Why something cannot be read. No variant holds a part of what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A byte that no UTF-8 has.
    NotUtf8,
    /// Windows writes one in front of UTF-8.
    ByteOrderMark,
    /// PowerShell writes it by default.
    Utf16,
    /// A zero byte inside.
    Nul,
    /// A line end in what is one line.
    LineEnd,
    /// A carriage return in what is one line.
    CarriageReturn,
    /// A blank at the beginning or the end, where none belongs.
    BlankAtAnEnd,
    /// Something that breaks the grammar of JSON.
    NotJson,
    /// JSON whose end is missing.
    JsonCutShort,
    /// JSON whose value has another type, or whose key is missing, unknown or doubled.
    JsonOfAnotherKind,
    /// A record of another schema.
    AnotherSchema,
    /// Something that breaks the grammar of YAML.
    NotYaml,
    /// DER where PEM belongs.
    Der,
    /// A text without a single PEM section.
    NoPem,
    /// One line that holds more than one line of PEM.
    PemLineEnds { characters: usize },
    /// A backslash and an n for each line end, as JSON and some variables have them.
    PemEscapedLineEnds,
    /// Something stands before the hyphens of a BEGIN line.
    PemIndented,
    /// A section that does not end.
    PemUnended,
    /// A section with letters that base64 does not have, or with letters missing.
    PemNotBase64,
    /// PEM without a section of a certificate.
    NoCertificate,
    /// PEM with a certificate and a section that cannot be read.
    BesideCertificate,
    /// PEM without a section of a key, or with an encrypted one.
    NoPlainKey,
    /// Sound in form, but not a certificate or key of the kind wanted.
    NotX509,
    /// A certificate without extensions, as OpenSSL 3.0 makes it from a request.
    X509Version1,
    /// Sound in form, damaged in content.
    Damaged,
}

impl Defect {
    /// What is wrong, as the rest of a sentence behind its subject.
    pub(super) fn predicate(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::PemLineEnds { characters } => {
                return Cow::Owned(format!(
                    "cannot be read, since line ends are missing: one PEM line is {characters} characters long"
                ));
            }
            Self::NotUtf8 => "is not UTF-8",
            Self::ByteOrderMark => "begins with a byte order mark",
            Self::Utf16 => "is UTF-16",
            Self::Nul => "has a NUL inside",
            Self::LineEnd => "has a line end inside",
            Self::CarriageReturn => "has a carriage return inside",
            Self::BlankAtAnEnd => "begins or ends with a blank",
            Self::NotJson => "is not JSON",
            Self::JsonCutShort => "is JSON that is cut short",
            Self::JsonOfAnotherKind => "is JSON with a wrong kind of value",
            Self::AnotherSchema => "has the wrong schema",
            Self::NotYaml => "is not YAML",
            Self::Der => "is DER, not PEM",
            Self::NoPem => "has no BEGIN line, so it is not PEM",
            Self::PemEscapedLineEnds => "cannot be read, since it has \\n where PEM has line ends",
            Self::PemIndented => {
                "cannot be read, since something stands before the hyphens of BEGIN"
            }
            Self::PemUnended => "is cut short: a PEM section does not end",
            Self::PemNotBase64 => "is damaged: what stands between BEGIN and END is not base64",
            Self::NoCertificate => "has no certificate in it",
            Self::BesideCertificate => "has a section that cannot be read",
            Self::NoPlainKey => "has no private key in PEM that is not encrypted",
            Self::NotX509 => "is not a certificate, or a damaged one",
            Self::X509Version1 => {
                "is a certificate of X.509 version 1, which this tool cannot check"
            }
            Self::Damaged => "is damaged",
        })
    }

    /// What to do; `None` where the defect itself makes that plain.
    pub(super) fn hint(self) -> Option<&'static str> {
        match self {
            Self::ByteOrderMark => Some("save it as UTF-8 without one"),
            Self::Utf16 => Some("save it as UTF-8"),
            Self::Nul => Some("write the value alone, as text"),
            Self::LineEnd | Self::CarriageReturn => Some("write the value alone, on one line"),
            Self::BlankAtAnEnd => Some("remove the blank"),
            Self::Der => Some("openssl x509 or openssl pkey with -inform DER makes PEM of it"),
            Self::NoPem => Some("give a file with -----BEGIN …----- in it"),
            Self::PemLineEnds { .. } | Self::PemEscapedLineEnds => {
                Some("copy the file again as it was issued, with its line ends")
            }
            Self::PemIndented => Some("begin the line with -----BEGIN"),
            Self::PemUnended | Self::PemNotBase64 | Self::NotX509 | Self::Damaged => {
                Some("copy the file again")
            }
            Self::NoCertificate => Some("give a file with -----BEGIN CERTIFICATE----- in it"),
            Self::BesideCertificate => {
                Some("give a file that has the certificates alone, without a key")
            }
            Self::NoPlainKey => Some("openssl pkey -in KEY -out PLAIN makes one"),
            Self::X509Version1 => Some("make one of version 3; openssl req -x509 does"),
            Self::NotUtf8
            | Self::NotJson
            | Self::JsonCutShort
            | Self::JsonOfAnotherKind
            | Self::AnotherSchema
            | Self::NotYaml => None,
        }
    }
}

impl fmt::Display for Defect {
    /// The rest of a sentence: `is UTF-16 (save it as UTF-8)`.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint() {
            Some(hint) => write!(to, "{} ({hint})", self.predicate()),
            None => to.write_str(&self.predicate()),
        }
    }
}
