//! The names that other projects give to the files of a login.

use crate::part::LoginPart;
use ib_cli::Mode;

/// A name that a file may have, in lower case, and the one mode that it is for, if it is for one.
pub(crate) struct FileName {
    pub(crate) text: &'static str,
    pub(crate) of: Option<Mode>,
}

const fn of_either(text: &'static str) -> FileName {
    FileName { text, of: None }
}

const fn of(mode: Mode, text: &'static str) -> FileName {
    FileName {
        text,
        of: Some(mode),
    }
}

/// Ours first, then `ib_*` as the Docker secrets of chris-ch/docker-interactivebroker-gateway and the variables of
/// manhinhang/ib-gateway-docker, `IBEAM_*` as Voyz/ibeam, `TWS_*` as gnzsnz/ib-gateway-docker, whose `_PAPER` pair
/// goes before the other in paper mode, `TWS*` and the two pairs as codingcyclist/ib-gateway-docker.
const USERNAME: &[FileName] = &[
    of_either("username"),
    of_either("ib_username"),
    of_either("ib_account"),
    of_either("ibeam_account"),
    of_either("tws_userid"),
    of_either("twsuserid"),
    of(Mode::Paper, "tws_userid_paper"),
    of(Mode::Paper, "ib_paper_username"),
    of(Mode::Live, "ib_live_username"),
];

const PASSWORD: &[FileName] = &[
    of_either("password"),
    of_either("ib_password"),
    of_either("ibeam_password"),
    of_either("tws_password"),
    of_either("twspassword"),
    of(Mode::Paper, "tws_password_paper"),
    of(Mode::Paper, "ib_paper_password"),
    of(Mode::Live, "ib_live_password"),
];

const TOTP_SEED: &[FileName] = &[of_either("totp_seed"), of_either("ibeam_pyotp_secret")];

const MODE: &[FileName] = &[
    of_either("mode"),
    of_either("trading_mode"),
    of_either("ib_trading_mode"),
];

const SECOND_FACTOR: &[FileName] = &[of_either("second_factor"), of_either("twofa_device")];

const JTS_SECOND_FACTOR: &[FileName] = &[of_either("jts_second_factor"), of_either("ib_token_2fa")];

/// IBeam's key, with which the password is encrypted when it is there.
pub(crate) const IBEAM_KEY: &[FileName] = &[of_either("ibeam_key")];

/// The names of a part's files, without ending and version.
pub(crate) fn of_part(part: LoginPart) -> &'static [FileName] {
    match part {
        LoginPart::Username => USERNAME,
        LoginPart::Password => PASSWORD,
        LoginPart::TotpSeed => TOTP_SEED,
        LoginPart::Mode => MODE,
        LoginPart::SecondFactor => SECOND_FACTOR,
        LoginPart::JtsSecondFactor => JTS_SECOND_FACTOR,
    }
}

/// The variables of the IB Gateway images that say where a part's file is: gnzsnz/ib-gateway-docker has
/// `TWS_PASSWORD_FILE` and `TWS_PASSWORD_PAPER_FILE`, and the username's by analogy.
pub(crate) fn variables(part: LoginPart) -> &'static [(&'static str, Option<Mode>)] {
    match part {
        LoginPart::Username => &[
            ("TWS_USERID_FILE", None),
            ("TWS_USERID_PAPER_FILE", Some(Mode::Paper)),
        ],
        LoginPart::Password => &[
            ("TWS_PASSWORD_FILE", None),
            ("TWS_PASSWORD_PAPER_FILE", Some(Mode::Paper)),
        ],
        _ => &[],
    }
}
