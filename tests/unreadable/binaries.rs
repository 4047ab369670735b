//! Each reader of each tool through its binary, with `-v`: the streams, the logs and all that is kept are looked at.

use super::planted::Planted;
use super::reader::Reader;
use super::readers::{PASSWORD, SEED, bundle, conf, login};
use crate::start::place::Place;
use crate::support::gnupg::{Gnupg, Kind};

#[test]
fn ibgw_tickle() {
    let bundle = bundle();
    let report = format!(r#"{{"schema":"ibgw-tickle/1","state":"ready","message":"{PASSWORD}"}}"#);
    for (words, file, planted) in [
        (
            "ibgw-tickle --url https://127.0.0.1:9 --cacert broken",
            bundle.as_bytes(),
            Planted::key(&bundle),
        ),
        (
            "ibgw-tickle --read broken",
            report.as_bytes(),
            Planted::new([PASSWORD]),
        ),
    ] {
        Reader::of(words, file, &planted).shows_nothing();
    }
}

#[test]
fn ibgw_login() {
    let (bundle, login) = (bundle(), login());
    let page = format!(r#"{{"schema":"ibgw-login-page/1","texts":{{"locked":["{PASSWORD}"]}}}}"#);
    let words = "ibgw-login --url https://127.0.0.1:9 --recover-only";
    for (words, file, planted) in [
        (
            format!("{words} --cacert broken"),
            &bundle,
            Planted::key(&bundle),
        ),
        (
            format!("{words} --page broken"),
            &page,
            Planted::new([PASSWORD]),
        ),
        (
            "ibgw-login --status --login broken".to_owned(),
            &login,
            Planted::new([PASSWORD, SEED]),
        ),
    ] {
        Reader::of(&words, file.as_bytes(), &planted).shows_nothing();
    }
}

#[test]
fn ibgw_secret() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "trader", false);
    let key = gpg.secret_key("trader", &["--armor"]);
    let message = gpg.encrypt_to("trader", &["--armor"], PASSWORD);
    let login = login();
    let env =
        format!("IBEAM_ACCOUNT=trader\nIBEAM_PASSWORD={PASSWORD}\n\"IBEAM_KEY\"={PASSWORD}\n");
    let plain = || Planted::new([PASSWORD, SEED]);
    let beside: [(&str, &[u8]); 3] = [("key", &key), ("message", &message), ("word", b"trader")];
    for (words, file, planted) in [
        ("ibgw-secret --login broken", login.as_bytes(), plain()),
        (
            "ibgw-secret check --login broken",
            login.as_bytes(),
            plain(),
        ),
        (
            "ibgw-secret --username file:word --password file:broken",
            PASSWORD.as_bytes(),
            plain(),
        ),
        (
            "ibgw-secret totp --totp-seed file:broken",
            SEED.as_bytes(),
            plain(),
        ),
        (
            "ibgw-secret --username file:word --password file:word --ibeam-key file:broken",
            PASSWORD.as_bytes(),
            plain(),
        ),
        ("ibgw-secret from-ibeam broken", env.as_bytes(), plain()),
        ("ibgw-secret from-jts broken", PASSWORD.as_bytes(), plain()),
        (
            "ibgw-secret get --key file:broken pgp:message",
            &key,
            Planted::armor(&key),
        ),
        (
            "ibgw-secret get --key file:key pgp:broken",
            &message,
            Planted::armor(&message),
        ),
        (
            "ibgw-secret get --passphrase file:broken pgp:message",
            PASSWORD.as_bytes(),
            plain(),
        ),
        (
            "ibgw-secret seal --out sealed --recipient broken",
            &key,
            Planted::armor(&key),
        ),
    ] {
        let reader = Reader::of(words, file, &planted).beside(&beside);
        reader.shows_nothing();
    }
}

#[test]
fn ibgw_start() {
    let (place, bundle, conf) = (Place::new(), bundle(), conf());
    let variables = [
        ("IBGW_GATEWAY_DIR", place.path("gw").display().to_string()),
        (
            "IBGW_JAVA",
            place.path("gw/jre/bin/java").display().to_string(),
        ),
        ("IBGW_PORT", place.port.to_string()),
    ];
    let beside: [(&str, &[u8]); 1] = [("whole", bundle.as_bytes())];
    for (words, file, planted) in [
        (
            "ibgw-start --check --conf broken",
            conf.as_bytes(),
            Planted::new([PASSWORD]),
        ),
        (
            "ibgw-start --check --tls-key file:whole --tls-cert broken",
            bundle.as_bytes(),
            Planted::key(&bundle),
        ),
        (
            "ibgw-start --check --tls-key file:broken --tls-cert whole",
            bundle.as_bytes(),
            Planted::key(&bundle),
        ),
        (
            "ibgw-start --check --cacert broken",
            bundle.as_bytes(),
            Planted::key(&bundle),
        ),
    ] {
        let reader = Reader::of(words, file, &planted).beside(&beside);
        reader.variables(&variables).shows_nothing();
    }
}

#[test]
fn ibsso_token_and_ibsso_validate() {
    let gpg = Gnupg::new();
    gpg.make_key(Kind::Curve, "bank", false);
    let key = gpg.secret_key("bank", &["--armor"]);
    let public = gpg.public_key("bank");
    let of_key = Planted::armor(&key);
    let (plain, bundle) = (Planted::new([PASSWORD]), bundle());
    let of_bundle = Planted::key(&bundle);
    let token = format!(
        r#"{{"schema":"ibsso-token/1","access_token":"{PASSWORD}","token_type":"Bearer"}}"#
    );
    let given = "ibsso-token --username abcde1234 --ip 1.2.3.4 --token-url https://127.0.0.1:9/sso/dam/token";
    let pinned = format!("--recipient-fpr {}", gpg.fingerprints("bank")[0]);
    let asked = "ibsso-validate --api-url https://127.0.0.1:9/v1/api --state-dir word/state";
    let beside: [(&str, &[u8]); 3] = [("key", &key), ("public", &public), ("word", b"word")];
    for (words, file, planted) in [
        (
            format!(
                "{given} {pinned} --dry-run --csid file:word --recipient public --sign-key file:broken"
            ),
            &key[..],
            &of_key,
        ),
        (
            format!(
                "{given} {pinned} --dry-run --csid file:word --recipient broken --sign-key file:key"
            ),
            &key,
            &of_key,
        ),
        (
            format!(
                "{given} {pinned} --timeout 300ms --csid file:broken --recipient public --sign-key file:key"
            ),
            PASSWORD.as_bytes(),
            &plain,
        ),
        (
            format!(
                "{given} {pinned} --dry-run --csid file:word --recipient public --sign-key file:key --passphrase file:broken"
            ),
            PASSWORD.as_bytes(),
            &plain,
        ),
        (
            format!("{asked} --token file:broken"),
            token.as_bytes(),
            &plain,
        ),
        (
            format!("{asked} --token file:word --cacert broken"),
            bundle.as_bytes(),
            &of_bundle,
        ),
    ] {
        let reader = Reader::of(&words, file, planted).beside(&beside);
        reader.shows_nothing();
    }
}
