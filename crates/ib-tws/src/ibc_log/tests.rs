use super::*;

fn event(words: &str) -> Option<IbcEvent> {
    event_of(&format!("2026-08-30 23:45:12:345 IBC: {words}"))
}

fn dialog(title: &str, is_open: bool) -> Option<IbcEvent> {
    let title = title.to_owned();
    Some(IbcEvent::Dialog { title, is_open })
}

#[test]
fn what_the_script_prints_is_read() {
    for (line, meant) in [
        (
            "autorestart file not found: full authentication will be required",
            IbcEvent::Starting { has_token: false },
        ),
        (
            "autorestart file found at /settings/abc/autorestart: authentication will not be required",
            IbcEvent::Starting { has_token: true },
        ),
        (
            "WARNING: More than one autorestart file was found. IBC can't determine which is",
            IbcEvent::Starting { has_token: false },
        ),
        ("IBC will cold-restart shortly", IbcEvent::ColdRestart),
        ("IBC will restart shortly", IbcEvent::Restarting),
        ("IBC is paused", IbcEvent::Paused),
        ("End IBC Settings", IbcEvent::ConfigurationRead),
        ("Gateway finished", IbcEvent::Finished),
        ("TWS finished", IbcEvent::Finished),
    ] {
        assert_eq!(event_of(line), Some(meant), "{line}");
    }
}

#[test]
fn what_ibc_says_is_read() {
    for (words, meant) in [
        (
            "Login dialog WINDOW_OPENED: LoginState is LOGGED_OUT",
            IbcEvent::Window,
        ),
        ("Found Gateway main window", IbcEvent::Window),
        ("Login attempt: 1", IbcEvent::Credentials),
        (
            "Second Factor Authentication initiated",
            IbcEvent::SecondFactorAsked,
        ),
        ("Re-login to session", IbcEvent::Relogin),
        (
            "Login frame has now become SecondFactorAuthenticationDialog",
            IbcEvent::SecondFactor,
        ),
        (
            "Re-login after second factor authentication timeout not required",
            IbcEvent::SecondFactorExpired,
        ),
        (
            "Re-login after second factor authentication timeout in 5 second",
            IbcEvent::SecondFactorExpired,
        ),
        ("Login has completed", IbcEvent::LoggedIn),
        ("Login failed", IbcEvent::LoginFailed),
        ("Login error message:", IbcEvent::LoginFailed),
        (
            "Connection to server failed: no route",
            IbcEvent::LoginFailed,
        ),
        ("Cold restart in progress", IbcEvent::ColdRestart),
        (
            "Login dialog has been invalidated - initiate cold restart",
            IbcEvent::ColdRestart,
        ),
        ("CommandServer received command: stop", IbcEvent::ToldToStop),
        (
            "CommandServer received command: RESTART",
            IbcEvent::CommandPending(PendingCommand::Restart),
        ),
        (
            "CommandServer received command: pause",
            IbcEvent::CommandPending(PendingCommand::Pause),
        ),
    ] {
        assert_eq!(event(words), Some(meant), "{words}");
    }
}

#[test]
fn another_session_is_told_by_its_scenario() {
    let scenario = |number: u32| event(&format!("whatever it does (scenario {number})"));
    assert_eq!(scenario(1), Some(IbcEvent::ChoiceWanted));
    for gave_way in [2, 4, 6] {
        assert_eq!(scenario(gave_way), Some(IbcEvent::GaveWay), "{gave_way}");
    }
    for goes_on in [3, 5] {
        assert_eq!(scenario(goes_on), None, "{goes_on}");
    }
}

#[test]
fn windows_are_known_by_their_titles() {
    for (words, meant) in [
        (
            "detected dialog entitled: Unrecognized Username or Password; event=Opened",
            IbcEvent::WrongCredentials,
        ),
        (
            "detected dialog entitled: Second Factor Authentication; event=Opened",
            IbcEvent::SecondFactor,
        ),
        (
            "Detected frame entitled: Second Factor Authentication; event=Closed",
            IbcEvent::SecondFactorClosed,
        ),
        (
            "detected dialog entitled: Security Code Card Authentication; event=Opened",
            IbcEvent::SecondFactor,
        ),
        (
            "detected frame entitled: Starting application...; event=Activated",
            IbcEvent::Loading,
        ),
        (
            "detected dialog entitled: Login failed; event=Opened",
            IbcEvent::LoginFailed,
        ),
        (
            "detected dialog entitled: Login Error; event=Opened",
            IbcEvent::LoginFailed,
        ),
        (
            "detected dialog entitled: Use a passkey; event=Opened",
            IbcEvent::PasskeyWanted,
        ),
    ] {
        assert_eq!(event(words), Some(meant), "{words}");
    }
}

#[test]
fn a_gateway_too_old_for_passkeys_is_no_failed_login() {
    let sentence = "Connection to server failed: Required PassKey is not supported, please upgrade to latest version GATEWAY";
    assert_eq!(event(sentence), Some(IbcEvent::PasskeyWanted));
    assert_eq!(event_of(sentence), Some(IbcEvent::PasskeyWanted));
}

#[test]
fn a_dialog_that_is_not_known_is_an_event_and_a_frame_is_none() {
    let opened = event("detected dialog entitled: What; event=now; event=Opened");
    assert_eq!(opened, dialog("What; event=now", true));
    let closed = event("detected dialog entitled: ** no title **; event=Closed");
    assert_eq!(closed, dialog("** no title **", false));
    let long = event(&format!(
        "detected dialog entitled: \u{1b}[31m{}; event=Opened",
        "é".repeat(500)
    ));
    assert_eq!(long, dialog(&format!("[31m{}", "é".repeat(116)), true));
    for words in [
        "detected dialog entitled: What; event=Activated",
        "detected frame entitled: IBKR Gateway; event=Opened",
        "detected frame entitled: Authenticating...; event=Opened",
        "detected window: type=javax.swing.JWindow; event=Opened",
        "detected dialog entitled: U1234567 Configuration; event=Opened",
        "detected dialog entitled: Unrecognized Username or Password; event=Closed",
        "detected frame entitled: Starting application...; event=Closed",
    ] {
        assert_eq!(event(words), None, "{words}");
    }
}

#[test]
fn lines_that_only_look_alike_say_nothing() {
    for words in [
        "Configuration tasks completed",
        "Login has completed: exiting via [File, Close] menu",
        "Login has already completed - no need for IBC to exit",
        "Login has not completed: exiting immediately",
        "Gateway will be cold restarted at 2026/08/30 13:00",
        "If login has not completed, IBC will exit in 60 seconds",
        "Duration since login: 12 seconds",
        "CommandServer received command: RECONNECTDATA",
        "",
    ] {
        assert_eq!(event(words), None, "{words}");
    }
    for line in [
        "",
        "Login has completed",
        "no time IBC: Login has completed",
        "IBC returned exit status 0",
        "AUTORESTART_OPTION is -Drestart=abc",
        "WARNING: deleting extra autorestart file found at /settings/b/autorestart",
    ] {
        assert_eq!(event_of(line), None, "{line}");
    }
}

#[test]
fn the_end_of_a_line_does_not_matter() {
    let line = "2026-08-30 23:45:12:345 IBC: Login has completed\r\n";
    assert_eq!(event_of(line), Some(IbcEvent::LoggedIn));
}

#[test]
fn the_wait_that_ibkr_asks_for_is_read() {
    let seconds = |words: &str| match event(words) {
        Some(IbcEvent::TooManyAttempts { text, wait }) => {
            assert_eq!(text, words);
            wait.map(|wait| wait.as_secs())
        }
        other => panic!("{words}: {other:?}"),
    };
    // IbcAlpha/IBC, TooManyFailedLoginAttemptsDialogHandler: both are quoted there.
    for (asked, wait) in [
        (
            "Please wait 53 seconds before attempting to re-login again.",
            Some(56),
        ),
        (
            "Please wait 4 minutes & 47 seconds before attempting to re-login again.",
            Some(290),
        ),
        (
            "Please wait 1 minute before attempting to re-login again.",
            Some(63),
        ),
        (
            "Please wait a while before attempting to re-login again.",
            None,
        ),
        (
            "Please wait 2 hours before attempting to re-login again.",
            None,
        ),
        (
            "Please wait 18446744073709551615 seconds before attempting to re-login again.",
            Some(86_400),
        ),
        (
            "Please wait 18446744073709551615 minutes & 18446744073709551615 seconds before attempting.",
            Some(86_400),
        ),
        ("Please call us.", None),
    ] {
        assert_eq!(
            seconds(&format!("Too many failed login attempts. {asked}")),
            wait
        );
    }
}

#[test]
fn a_device_that_is_not_in_the_list_has_a_name_or_none() {
    let absent = |words: &str| match event(words) {
        Some(IbcEvent::DeviceAbsent { named }) => named,
        other => panic!("{words}: {other:?}"),
    };
    let named = absent("could not find second factor device 'Bob's phone' in the list");
    assert_eq!(named.as_deref(), Some("Bob's phone"));
    let unnamed = "You should specify the required second factor device using the SecondFactorDevice setting in config.ini";
    assert_eq!(absent(unnamed), None);
}

#[test]
fn a_setting_that_ibc_does_not_take_is_an_event() {
    for words in [
        "Auto restart time setting must be hh:mm AM or hh:mm PM, for example \"09:30 AM\" or \"04:00 PM\"",
        "Auto logoff time setting must be hh:mm AM or hh:mm PM, for example \"09:30 AM\" or \"04:00 PM\"",
        "could not find auto logoff/restart time settings",
        "could not find auto logoff/restart time controls",
        "could not find Auto Log Off or Auto Restart section in config dialog",
        "could not find Read-Only API checkbox",
        "could not find Send Market Data In Lots checkbox",
        "getConfigDialog could not find 'Configure > Settings' menu item",
        "can't apply new API socket port: 'Yes' button not found",
        "Invalid number \"x\" for property \"CommandServerPort\"",
        "Invalid character \"xy\" for property \"z\"",
        "Invalid setting SaveTwsSettingsAt=x: no time",
        "Read-only login not supported by Gateway",
        "CommandServer failed to create socket",
        "ExistingSessionDetectedAction has an invalid value: x: assuming 'secondary'",
        "the LogStructureScope setting 'x' is invalid.",
        "the LogStructureWhen setting is invalid: x",
        "could not accept incoming connection because the AcceptIncomingConnectionAction setting is invalid.",
        "AcceptBidAskLastSizeDisplayUpdateNotification setting is invalid: x",
        "ConfirmCryptoCurrencyOrders setting is invalid",
    ] {
        let words = words.to_owned();
        assert_eq!(event(&words), Some(IbcEvent::SettingNotTaken { words }));
    }
}
