//! Paths that IBC's script trips over: refused with the reason, or made to work.

use super::runs::{gone, record};
use super::up::until;
use crate::support::{IbcLayout, Tool};
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Refused before anything is sent, by `--check` and by a start, with the same words.
#[track_caller]
fn is_refused(layout: &IbcLayout, tool: impl Fn() -> Tool, word: &str) {
    let check = tool().args(["--check"]).run().exits(6);
    let start = tool().stdin(record("paper")).run().exits(6);
    assert!(check.stderr.contains(word), "{word}: {}", check.all());
    assert_eq!(check.error()["message"], start.error()["message"]);
    assert!(layout.played().is_empty());
    assert!(!layout.state().join("ledger").exists());
}

fn moved(layout: &IbcLayout, from: &str, to: &str) -> PathBuf {
    let to = layout.path(to);
    fs::rename(layout.path(from), &to).expect("it can be renamed");
    to
}

/// The script reads the options of Java by a path without quotes, and goes on without them.
#[test]
fn a_folder_of_programs_that_loses_the_options_of_java_is_refused() {
    let layout = IbcLayout::new();
    let (mut tws, ibc, settings) = (layout.path("Jts"), layout.path("ibc"), layout.settings());
    for (name, word) in [
        ("IB Gateway", "a blank"),
        ("Jts[1]", "the sign ["),
        ("a:b", "the sign :"),
    ] {
        let odd = layout.path(name);
        fs::rename(&tws, &odd).expect("it can be renamed");
        tws = odd;
        is_refused(&layout, || layout.tool_with(&tws, &ibc, &settings), word);
    }
    let link = layout.path("link");
    symlink(&tws, &link).expect("a link can be made");
    // The program's own Java is not where it was.
    let check = layout
        .tool_with(&link, &ibc, &settings)
        .args(["--java", "/usr/bin/java"]);
    check.args(["--check"]).run().exits(0);
}

#[test]
fn a_folder_of_ibc_that_no_class_path_can_have_is_refused_and_a_blank_is_allowed() {
    let layout = IbcLayout::new();
    let (tws, settings) = (layout.path("Jts"), layout.settings());
    let odd = moved(&layout, "ibc", "i:bc");
    is_refused(
        &layout,
        || layout.tool_with(&tws, &odd, &settings),
        "a colon",
    );
    let blank = moved(&layout, "i:bc", "I B \"C\"");
    let tool = || layout.tool_with(&tws, &blank, &settings);
    tool().stdin(record("paper")).run().exits(0);
    until(&layout, "ready");
    tool().args(["--stop"]).run().exits(0);
    gone(&layout);
}

#[test]
fn a_settings_directory_without_tokens_for_the_script_is_refused() {
    let layout = IbcLayout::new();
    let (tws, ibc) = (layout.path("Jts"), layout.path("ibc"));
    for (name, word) in [
        ("a blank", "a blank"),
        ("a'b", "the sign '"),
        ("a*b", "the sign *"),
    ] {
        let odd = layout.path(name);
        is_refused(&layout, || layout.tool_with(&tws, &ibc, &odd), word);
        // Where a link leads is what counts.
        let link = layout.path("plain");
        fs::create_dir_all(&odd).expect("a folder can be made");
        symlink(&odd, &link).expect("a link can be made");
        is_refused(&layout, || layout.tool_with(&tws, &ibc, &link), word);
        fs::remove_file(link).expect("it can be removed");
    }
}

/// IBC's script does not follow a link, and would find no token behind one.
#[test]
fn a_settings_directory_behind_a_link_keeps_its_token() {
    let layout = IbcLayout::new();
    let real = layout.path("größe");
    fs::create_dir_all(real.join("abc")).expect("a folder can be made");
    fs::write(real.join("abc/autorestart"), "token").expect("a file can be written");
    symlink(&real, layout.path("link")).expect("a link can be made");
    let (tws, ibc) = (layout.path("Jts"), layout.path("ibc"));
    let odd = layout.path("link/");
    let tool = || layout.tool_with(&tws, &ibc, &odd);
    let report = tool().stdin(record("paper")).run().exits(0).report();
    assert_eq!(report["has_token"], json!(true), "{report}");
    until(&layout, "ready");
    assert!(layout.submissions().is_empty());
    tool().args(["--stop"]).run().exits(0);
    gone(&layout);
}

/// The script runs what is called java in the folder, whatever was named.
#[test]
fn a_java_by_another_name_is_refused() {
    let layout = IbcLayout::new();
    let java = layout.path("java-17");
    fs::copy("/bin/true", &java).expect("it can be copied");
    let (tws, ibc, settings) = (layout.path("Jts"), layout.path("ibc"), layout.settings());
    let named = || {
        layout
            .tool_with(&tws, &ibc, &settings)
            .args([Path::new("--java"), &java])
    };
    is_refused(&layout, named, "java-17");
}

#[test]
fn one_port_for_two_things_is_refused() {
    let layout = IbcLayout::new();
    let (api, command) = (layout.api_port(), layout.command_port());
    for flags in [
        ["--forward", &api.to_string()],
        ["--forward", &format!("0.0.0.0:{api}")],
        ["--forward", &command.to_string()],
    ] {
        let named = || layout.tool("ibgw-start").args(flags);
        is_refused(&layout, named, "name one port");
    }
}
