//! A machine that hides processes which may not be traced, as `ProtectProc=invisible` of systemd does.

use super::runs::record;
use crate::support::{IbcLayout, Tool};
use serde_json::{Value, json};

/// Runs a script where our own programs are hidden, with the tool and its flags as `"$0" "$@"`; the reports in it.
fn where_hidden(tool: Tool, then: &str) -> Vec<Value> {
    // Without the rights of root, who sees all, and not in the group that does (proc(5), hidepid), which is root's.
    let script = r#"
        set -e
        mount -t proc -o "hidepid=invisible$GROUP" proc /proc
        exec setpriv --securebits=+noroot,+noroot_locked --inh-caps=-all --bounding-set=-all sh -ec "$SCRIPT" "$0" "$@""#;
    let outer = format!(
        r#"
        user='--user --map-root-user' GROUP=
        [ "$(id -u)" != 0 ] || user='' GROUP=,gid=12345
        export GROUP
        exec unshare $user --pid --fork --mount --kill-child sh -c '{script}' "$0" "$@""#
    );
    let ran = tool.env("SCRIPT", then).in_shell(&outer).run().exits(0);
    let lines = ran.stdout.lines();
    let reports = lines.map(|line| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", ran.all()))
    });
    reports.collect()
}

#[test]
fn a_supervisor_that_is_hidden_is_no_supervisor_that_is_gone() {
    let layout = IbcLayout::new();
    let login = layout.tool("ibgw-login");
    let folder = login.folder.path().join("record");
    std::fs::write(&folder, record("paper")).expect("a file can be written");
    let then = format!(
        r#"
        "$0" "$@" --login {record}
        login=$(dirname "$0")/ibgw-login
        "$login" --kind tws --api-port {port} </dev/null
        "$0" "$@" --check
        "$0" "$@" --stop
        "#,
        record = folder.display(),
        port = layout.api_port(),
    );
    let reports = where_hidden(layout.tool("ibgw-start"), &then);
    let states: Vec<&Value> = reports.iter().map(|report| &report["state"]).collect();
    assert_eq!(
        states,
        [
            &json!("started"),
            &json!("ready"),
            &json!("ready"),
            &json!("stopped")
        ],
        "{reports:#?}"
    );
    assert_eq!(reports[3]["warnings"], json!([]), "{reports:#?}");
    let last = layout.played_of("end");
    assert_eq!(last.len(), 1, "{last:?}");
}

/// It is our own child, so that it can be ended all the same.
#[test]
fn one_that_is_hidden_and_comes_to_no_login_in_time_is_ended() {
    let layout = IbcLayout::new();
    layout.script(&json!({"login": {"hang_at": "start"}}));
    let tool = layout.tool("ibgw-start");
    let folder = tool.folder.path().join("record");
    std::fs::write(&folder, record("paper")).expect("a file can be written");
    let then = format!(
        r#""$0" "$@" --login {} --timeout 5s || [ $? = 8 ]"#,
        folder.display()
    );
    let reports = where_hidden(tool, &then);
    assert_eq!(reports[0]["state"], "stopped", "{reports:#?}");
    assert_eq!(layout.played_of("end").len(), 1);
}
