//! The words for a certificate that is not accepted.

use rustls::CertificateError;

/// Why a certificate is not accepted, as a sentence goes on behind it.
pub(super) fn words(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::BadEncoding => "is damaged",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired (is the clock of this machine right?)"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet (is the clock of this machine right?)"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name than the host's"
        }
        CertificateError::UnknownIssuer => {
            "is neither known here nor issued by an authority that is"
        }
        CertificateError::BadSignature
        | CertificateError::ApplicationVerificationFailure
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed by another key than its issuer's"
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            "is signed in a way that is not supported"
        }
        CertificateError::Revoked => "is revoked",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not for a server"
        }
        // rustls has no variant for these: it passes on what webpki calls them.
        CertificateError::Other(other) => match other.to_string().as_str() {
            "CaUsedAsEndEntity" => {
                "is that of an authority, which is accepted only where --cacert has the very same one (give that file, or issue one with CA:FALSE)"
            }
            "UnsupportedCertVersion" => {
                "is of X.509 version 1 (a server needs one of version 3; openssl req -x509 makes one)"
            }
            _ => BREAKS_A_RULE,
        },
        _ => BREAKS_A_RULE,
    }
}

const BREAKS_A_RULE: &str = "breaks a rule of X.509 (have it issued again)";
