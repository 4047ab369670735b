//! gpg's status lines (GnuPG's doc/DETAILS), in words of our own.

use serde::Serialize;

/// One thing that gpg reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GpgStatusWord {
    /// The message is decrypted.
    Decrypted,
    /// The message was not changed on its way.
    Intact,
    /// It is signed, and the signature holds.
    GoodSignature,
    /// The signature holds, but gpg's copy of the key has expired.
    ExpiredKey,
    /// The signature holds, but gpg's copy of the key is revoked.
    RevokedKey,
    /// The signature does not hold.
    BadSignature,
    /// The public key to verify with is not in the keyring.
    NoPublicKey,
    /// The secret key to decrypt with is not in the keyring.
    NoSecretKey,
    /// The secret key needs a passphrase, and gpg got none.
    PassphraseMissing,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The message cannot be decrypted.
    DecryptionFailed,
    /// The input is not a message.
    NoData,
}

/// What the status lines report.
#[derive(Default)]
pub(crate) struct GpgStatus {
    pub(crate) reported: Vec<GpgStatusWord>,
    /// The fingerprint of the key or subkey that signed.
    pub(crate) signed_by: Option<String>,
}

impl GpgStatus {
    /// Reads the output on the descriptor of `--status-fd`. Lines that are not status lines do not count.
    pub(crate) fn read(text: &str) -> Self {
        let mut status = Self::default();
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("[GNUPG:] "));
        for line in lines {
            let mut words = line.split(' ');
            let keyword = words.next().unwrap_or_default();
            if keyword == "VALIDSIG" {
                status.signed_by = words.next().map(str::to_owned);
            }
            let word = match keyword {
                "ERROR" => words.nth(1).and_then(of_error),
                _ => of_keyword(keyword),
            };
            if let Some(word) = word
                && !status.reported.contains(&word)
            {
                status.reported.push(word);
            }
        }
        status
    }
}

/// The word for an error number. Its lower half says what is wrong (libgpg-error, err-codes.h.in).
fn of_error(number: &str) -> Option<GpgStatusWord> {
    match number.parse::<u32>().ok()? & 0xffff {
        11 => Some(GpgStatusWord::WrongPassphrase),
        // No pinentry, canceled, no passphrase: gpg may not ask for one here.
        85 | 99 | 177 => Some(GpgStatusWord::PassphraseMissing),
        _ => None,
    }
}

fn of_keyword(keyword: &str) -> Option<GpgStatusWord> {
    Some(match keyword {
        "DECRYPTION_OKAY" => GpgStatusWord::Decrypted,
        "GOODMDC" => GpgStatusWord::Intact,
        "GOODSIG" => GpgStatusWord::GoodSignature,
        "EXPKEYSIG" => GpgStatusWord::ExpiredKey,
        "REVKEYSIG" => GpgStatusWord::RevokedKey,
        "BADSIG" => GpgStatusWord::BadSignature,
        "NO_PUBKEY" => GpgStatusWord::NoPublicKey,
        "NO_SECKEY" => GpgStatusWord::NoSecretKey,
        "MISSING_PASSPHRASE" => GpgStatusWord::PassphraseMissing,
        "BAD_PASSPHRASE" => GpgStatusWord::WrongPassphrase,
        "DECRYPTION_FAILED" => GpgStatusWord::DecryptionFailed,
        "NODATA" => GpgStatusWord::NoData,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_gpg_2_2_says_of_a_good_message() {
        let status = GpgStatus::read(
            "gpg: encrypted with 2048-bit RSA key\n\
             [GNUPG:] ENC_TO 840AE976 1 0\n\
             [GNUPG:] DECRYPTION_OKAY\n\
             [GNUPG:] GOODMDC\n\
             [GNUPG:] GOODSIG 0011223344556677 Bank <bank@example.com>\n\
             [GNUPG:] VALIDSIG 00112233445566778899AABBCCDDEEFF00112233 2026-11-22 1 0 4 0 1 10 00 AA\n\
             [GNUPG:] GOODMDC\n",
        );
        let expected = [
            GpgStatusWord::Decrypted,
            GpgStatusWord::Intact,
            GpgStatusWord::GoodSignature,
        ];
        assert_eq!(status.reported, expected);
        let fingerprint = "00112233445566778899AABBCCDDEEFF00112233";
        assert_eq!(status.signed_by.as_deref(), Some(fingerprint));
    }

    #[test]
    fn reads_what_gpg_2_2_says_of_a_locked_key() {
        for (line, word) in [
            (
                "[GNUPG:] ERROR pkdecrypt_failed 67108949",
                GpgStatusWord::PassphraseMissing,
            ),
            (
                "[GNUPG:] ERROR pkdecrypt_failed 67108875",
                GpgStatusWord::WrongPassphrase,
            ),
        ] {
            assert_eq!(GpgStatus::read(line).reported, [word], "{line}");
        }
    }

    #[test]
    fn believes_nothing_but_status_lines() {
        let status =
            GpgStatus::read("DECRYPTION_OKAY\n [GNUPG:] GOODSIG 00\ngpg: [GNUPG:] GOODMDC\n");
        assert_eq!((status.reported, status.signed_by), (Vec::new(), None));
    }
}
