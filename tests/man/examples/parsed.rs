//! Each example is a command line that its tool takes: programs in place of the tools write down how they are called.

use super::*;

#[test]
fn every_example_is_a_command_line_that_its_tool_takes() {
    for example in examples() {
        let mut seen = BTreeSet::new();
        // The answers that examples tell apart: yes, no, no answer.
        for exit in [0, 1, 8] {
            let programs = TempDir::new().expect("a temporary folder can be made");
            let here = TempDir::new().expect("a temporary folder can be made");
            recorders(programs.path(), exit);
            put_token(here.path());
            for name in ["username", "password"] {
                put_private(&here.path().join(name), b"planted");
            }
            let path = programs.path().display().to_string();
            let ran = shell(&example.text, here.path(), &path, "");
            for call in calls(programs.path()) {
                let mut tools = tools().into_iter();
                let tool = tools.find(|tool| tool.get_name() == call[0]);
                let parsed = tool.expect("a tool").try_get_matches_from(&call);
                assert!(
                    parsed.is_ok(),
                    "{}: {call:?}: {}\n{}",
                    example.place,
                    parsed
                        .err()
                        .map(|error| error.to_string())
                        .unwrap_or_default(),
                    ran.all()
                );
                seen.insert(call[0].clone());
            }
        }
        assert_eq!(
            seen,
            called(&example.text),
            "{}: left: the tools that ran; right: those in\n{}",
            example.place,
            example.text
        );
    }
}

/// A folder of programs that write down how they are called, one file for each call; `exit` is that of the tools
/// whose answer an example looks at.
fn recorders(folder: &Path, exit: u8) {
    for tool in tools() {
        let name = tool.get_name();
        let exit = match name {
            "ibgw-tickle" | "ibgw-login" => exit,
            _ => 0,
        };
        // Flags that an example puts into the environment are part of the call.
        let variables = r#"/usr/bin/env | while read -r it; do case $it in IBSSO_*) printf '%s\n' "$it";; esac; done"#;
        let script = format!(
            "#!/bin/sh\n{{ printf '%s\\n' {name} \"$@\"; {variables}; }} >'{}'/call.$$\nexit {exit}\n",
            folder.display()
        );
        let path = folder.join(name);
        fs::write(&path, script).expect("a script can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a mode can be set");
    }
}

/// The calls written down.
fn calls(folder: &Path) -> Vec<Vec<String>> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let calls = paths.filter(|path| path.file_stem().is_some_and(|stem| stem == "call"));
    let read = |path| fs::read_to_string(path).expect("a call can be read");
    calls
        .map(read)
        .map(|text| text.lines().map(as_flag).collect())
        .collect()
}

/// A flag for a variable; every other word as it is.
fn as_flag(word: &str) -> String {
    let variable = word
        .strip_prefix("IBSSO_")
        .and_then(|rest| rest.split_once('='));
    match variable {
        Some((name, value)) => format!("--{}={value}", name.to_lowercase().replace('_', "-")),
        None => word.to_owned(),
    }
}
