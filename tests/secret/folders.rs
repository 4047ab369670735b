//! `--dir`: Docker's, Kubernetes' and one's own directories.

use super::{MARKER, SEED, put, tool, tool_with};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
    for (name, value) in files {
        put(folder.path(), name, value);
    }
    folder
}

fn dir(folder: &Path) -> [&str; 2] {
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
