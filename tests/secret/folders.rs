//! `--dir`: directories of Docker, of Kubernetes, and of the user's own.

use super::{MARKER, SEED, chmod, put, tool, tool_with};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    for (name, value) in files {
        put(folder.path(), name, value);
    }
    folder
}

pub(crate) fn dir(folder: &Path) -> [&str; 2] {
    ["--dir", folder.to_str().expect("a path is UTF-8")]
}

#[test]
fn knows_the_names_of_others() {
    for names in [
        ["username", "password", "totp_seed", "jts_second_factor"],
        [
            "username.txt",
            "password.secret",
            "totp_seed.txt",
            "jts_second_factor.secret",
        ],
        [
            "IBEAM_ACCOUNT",
            "IBEAM_PASSWORD",
            "IBEAM_PYOTP_SECRET",
            "ib_token_2fa",
        ],
        [
            "ib_username.secret",
            "ib_password.secret",
            "totp_seed",
            "ib_token_2fa.secret",
        ],
        [
            "ibeam_account",
            "ibeam_password.txt",
            "ibeam_pyotp_secret",
            "IB_TOKEN_2FA",
        ],
        ["TWS_USERID", "tws_password", "totp_seed", "ib_token_2fa"],
        ["TWSUSERID", "TWSPASSWORD", "totp_seed", "ib_token_2fa"],
        ["IB_ACCOUNT", "IB_PASSWORD", "totp_seed", "ib_token_2fa"],
    ] {
        let values = ["trader\n", "word\n", SEED, "token"];
        let files: Vec<_> = names.into_iter().zip(values).collect();
        let folder = folder(&files);
        put(folder.path(), "README", "of no interest");
        let ran = tool()
            .args(dir(folder.path()))
            .run()
            .exits(0)
            .is_silent_on_stderr();
        let report = ran.report();
        assert_eq!(report["username"], "trader", "{}", ran.all());
        assert_eq!(report["password"], "word", "{}", ran.all());
        assert_eq!(report["totp_seed"], SEED, "{}", ran.all());
        assert_eq!(report["jts_second_factor"], "token", "{}", ran.all());
    }
}

#[test]
fn knows_the_names_of_what_is_no_secret() {
    for (mode, device) in [
        ("TRADING_MODE", "TWOFA_DEVICE"),
        ("ib_trading_mode", "second_factor"),
    ] {
        let files = [("username", "trader"), ("password", "word")];
        let folder = folder(&[&files[..], &[(mode, "paper\n"), (device, "Mobile\n")]].concat());
        let ran = tool().args(dir(folder.path())).run().exits(0);
        assert_eq!(ran.report()["mode"], "paper", "{}", ran.all());
        assert_eq!(ran.report()["second_factor"], "Mobile", "{}", ran.all());
    }
}

#[test]
fn reads_what_swarm_mounts_for_the_images_user_alone() {
    let folder = folder(&[("ib_username", "trader"), ("ib_password", "word")]);
    for name in ["ib_username", "ib_password"] {
        chmod(&folder.path().join(name), 0o400);
    }
    chmod(folder.path(), 0o755);
    // Only root can give a file away. Another user reads it as their own.
    let script = r#"[ "$(id -u)" -ne 0 ] || chown 1000:1000 "$SECRETS"/ib_*
        [ "$(id -u)" -ne 0 ] || set -- --reuid=1000 --regid=1000 --clear-groups "$0" "$@"
        [ "$(id -u)" -ne 0 ] || exec setpriv "$@"
        exec "$0" "$@""#;
    let tool = tool();
    chmod(tool.folder.path(), 0o755);
    let ran = tool
        .env("SECRETS", folder.path())
        .args(dir(folder.path()))
        .in_shell(script)
        .run()
        .exits(0)
        .is_silent_on_stderr();
    assert_eq!(ran.report()["password"], "word", "{}", ran.all());
}

#[test]
fn refuses_to_choose_between_two_files() {
    let folder = folder(&[
        ("username", "a"),
        ("password", MARKER),
        ("IBEAM_PASSWORD.txt", MARKER),
    ]);
    let ran = tool()
        .args(dir(folder.path()))
        .run()
        .exits(6)
        .is_silent_on_stdout()
        .never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("IBEAM_PASSWORD.txt and password (keep one)"),
        "{}",
        ran.all()
    );
}

#[test]
fn follows_links_inside_as_kubernetes_has_them() {
    let folder = folder(&[]);
    let data = folder.path().join("..2026_11_22");
    fs::create_dir(&data).expect("a folder can be made");
    put(&data, "username", "trader");
    put(&data, "password", "word");
    symlink("..2026_11_22", folder.path().join("..data")).expect("a link can be made");
    symlink("..data/username", folder.path().join("username")).expect("a link can be made");
    symlink("..data/password", folder.path().join("password")).expect("a link can be made");
    let ran = tool().args(dir(folder.path())).run().exits(0);
    assert_eq!(ran.report()["password"], "word", "{}", ran.all());
}

#[test]
fn refuses_links_to_outside() {
    let outside = folder(&[("elsewhere", MARKER)]);
    let folder = folder(&[("username", "trader")]);
    symlink(
        outside.path().join("elsewhere"),
        folder.path().join("password"),
    )
    .expect("a link can be made");
    let ran = tool()
        .args(dir(folder.path()))
        .run()
        .exits(6)
        .is_silent_on_stdout()
        .never_shows(MARKER);
    let message = ran.error()["message"].to_string();
    assert!(
        message.contains("it is a link to outside of the directory"),
        "{}",
        ran.all()
    );
}

#[test]
fn says_what_is_wrong_with_a_directory() {
    for (path, sentence) in [
        ("nowhere", "No such file"),
        ("file", "Not a directory"),
        (".", "the username is not given"),
    ] {
        let ran = tool_with(&[("file", "")])
            .args(["--dir", path])
            .run()
            .exits(6)
            .is_silent_on_stdout();
        let message = ran.error()["message"].to_string();
        assert!(message.contains(sentence), "{sentence}: {}", ran.all());
    }
}
