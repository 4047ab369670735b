use super::*;

fn devices(codes: &[&str]) -> Vec<OfferedDevice> {
    codes
        .iter()
        .map(|code| OfferedDevice::known(code))
        .collect()
}

fn chosen(
    wanted: &str,
    has_seed: bool,
    has_code_source: bool,
    offered: &[&str],
) -> Result<(String, FactorKind), StopReason> {
    let wanted = (!wanted.is_empty()).then(|| WantedFactor::of(wanted));
    let means = FactorMeans {
        has_seed,
        has_code_source,
        may_push: true,
    };
    let offered = devices(offered);
    let chosen = choose(wanted.as_ref(), means, &offered);
    chosen.map(|(device, kind)| (device.code.clone(), kind))
}

#[test]
fn chooses_by_kind_by_label_and_by_code() {
    let offered = ["5.2a", "4", "4.2", "5.1"];
    for (wanted, code, kind) in [
        ("totp", "4", FactorKind::App),
        ("sms", "4.2", FactorKind::Sms),
        ("push", "5.2a", FactorKind::Push),
        ("challenge", "5.1", FactorKind::Challenge),
        ("authenticator", "4", FactorKind::App),
        ("IB KEY", "5.2a", FactorKind::Push),
        ("digital security card+", "5.1", FactorKind::Challenge),
        ("4.2", "4.2", FactorKind::Sms),
        ("", "4", FactorKind::App),
    ] {
        let is_brought = matches!(
            kind,
            FactorKind::Sms | FactorKind::Card | FactorKind::Challenge
        );
        let found = chosen(wanted, true, is_brought, &offered);
        assert_eq!(found, Ok((code.to_owned(), kind)), "{wanted:?}");
    }
    assert_eq!(
        chosen("challenge", false, true, &["5.2i"]),
        Ok(("5.2i".to_owned(), FactorKind::Challenge))
    );
}

#[test]
fn chooses_nothing_that_was_not_asked_for_or_cannot_be_given() {
    for (wanted, has_seed, has_code_source, offered, reason) in [
        (
            "Passkey",
            true,
            true,
            &["4", "5.2a"][..],
            StopReason::DeviceAbsent,
        ),
        (
            "",
            true,
            true,
            &["4", "5.2a"][..0],
            StopReason::DeviceAbsent,
        ),
        (" ", true, true, &["4", "5.2a"], StopReason::DeviceAbsent),
        ("totp", true, false, &["5.2a"], StopReason::DeviceAbsent),
        ("totp", false, true, &["4"], StopReason::NoSeed),
        ("sms", true, false, &["4.2"], StopReason::OtherCodeWanted),
        (
            "challenge",
            true,
            false,
            &["5.2a"],
            StopReason::ChallengeWanted,
        ),
        ("", false, false, &["5.2a"], StopReason::PushWanted),
        ("", false, true, &["5.2a"], StopReason::PushWanted),
        ("", false, false, &["5.2a", "4"], StopReason::NoSeed),
        ("", false, false, &["5.2a", "5.1"], StopReason::DeviceAbsent),
        ("", false, false, &["4.2"], StopReason::OtherCodeWanted),
        ("", true, false, &["5.1"], StopReason::ChallengeWanted),
        ("", true, true, &["FIDO2"], StopReason::PasskeyWanted),
        ("", true, true, &["email"], StopReason::EmailCodeWanted),
        ("", true, true, &["9.9"], StopReason::UnknownSecondFactor),
    ] {
        let found = chosen(wanted, has_seed, has_code_source, offered);
        assert_eq!(found, Err(reason), "{wanted:?} of {offered:?}");
    }
}

#[test]
fn chooses_no_push_that_may_not_be_sent() {
    let means = FactorMeans {
        has_seed: true,
        has_code_source: false,
        may_push: false,
    };
    for name in ["push", "challenge", "IB Key", "5.2a"] {
        for has_code_source in [false, true] {
            let means = FactorMeans {
                has_code_source,
                ..means
            };
            let offered = devices(&["5.2a", "4"]);
            let chosen = choose(Some(&WantedFactor::of(name)), means, &offered);
            assert_eq!(chosen, Err(StopReason::PushWanted), "{name}");
        }
    }
}

#[test]
fn shows_what_is_offered_by_label_and_code() {
    let offered = devices(&["", "5.2a", "9.9"]);
    assert_eq!(shown(&offered), "offered: IB Key (5.2a), 9.9");
}

#[test]
fn goes_by_the_labels_that_the_page_shows() {
    let device = |code: &str, label: &str| OfferedDevice {
        code: code.to_owned(),
        label: label.to_owned(),
    };
    let offered = [
        device("", "Select Type"),
        device("5.2a", "IB Key"),
        device("4.2", "One Time Passcode"),
        device("77", "Mobile Authenticator App"),
        device("78", "Passkey"),
    ];
    let means = FactorMeans {
        has_seed: true,
        has_code_source: true,
        may_push: true,
    };
    for (wanted, chosen) in [
        ("one time passcode", Ok(("4.2", FactorKind::Sms))),
        ("sms", Ok(("4.2", FactorKind::Sms))),
        ("totp", Ok(("77", FactorKind::App))),
        ("authenticator", Ok(("77", FactorKind::App))),
        ("Select", Err(StopReason::DeviceAbsent)),
        ("Passkey", Err(StopReason::PasskeyWanted)),
    ] {
        let found = choose(Some(&WantedFactor::of(wanted)), means, &offered);
        let found = found.map(|(device, kind)| (device.code.as_str(), kind));
        assert_eq!(found, chosen, "{wanted}");
    }
}
