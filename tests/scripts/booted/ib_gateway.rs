//! IB Gateway's units, from their own heads: Xvfb, IBC's script and a login, inside the sandbox.

use super::machine::{Machine, head};
use serde_json::{Value, json};

const SERVICE: &str = "ibgw-tws@.service";

fn script(machine: &Machine, script: &Value) {
    machine.does(&format!(
        "echo '{script}' >/opt/script.part && mv /opt/script.part /opt/script.json"
    ));
}

/// How many logins IBC has typed.
fn submissions(machine: &Machine) -> usize {
    let played = machine.does("cat /var/lib/ib-tools/played.ndjson");
    played.matches(r#""event":"submission""#).count()
}

#[track_caller]
fn is_ready(machine: &Machine, logins: usize) {
    assert_eq!(machine.does("systemctl is-active ibgw-tws@paper"), "active");
    // A dash before the command keeps its exit from failing the unit.
    let followed = machine.does("systemctl show --property=ExecStartPost --value ibgw-tws@paper");
    assert!(followed.contains("status=0"), "{followed}");
    machine.does("systemctl start ibgw-tws-tickle@paper");
    let report = machine.does("cat /run/ib-tools/tws-paper.json");
    assert!(report.contains(r#""state":"ready""#), "{report}");
    assert_eq!(submissions(machine), logins);
}

#[test]
fn the_units_of_ib_gateway_start_restart_refuse_and_are_forced() {
    let machine = Machine::boot();
    machine.does("ib-standin ibc-layout /opt");
    // The stand-in notes what it plays beside its layout, which is to be read alone.
    machine.does("ln -s /var/lib/ib-tools/played.ndjson /opt/played.ndjson");
    machine.install();
    let login =
        json!({"username": "edemo", "password": "Unit-marker-84", "second_factor": "IB Key"});
    machine.does("mkdir -p /etc/ib-tools && install -m 400 -o ibgw /dev/null /etc/ib-tools/vnc");
    machine.does("echo Looks-on >/etc/ib-tools/vnc");
    let window = ["IBGW_VNC=5900", "IBGW_VNC_PASSWORD=file:/etc/ib-tools/vnc"];
    machine.follow_head(SERVICE, &window, &login);
    is_ready(&machine, 1);
    machine.does("ibgw-tickle --kind tws --address 127.0.0.1:4004");
    let greeting =
        machine.does("timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/5900; head -c 12 <&3'");
    assert!(greeting.starts_with("RFB "), "{greeting}");
    machine.does("systemctl restart ibgw-tws@paper");
    is_ready(&machine, 2);
    machine.does("systemctl stop ibgw-tws@paper");
    assert_eq!(machine.processes(), "");
    assert_eq!(machine.does("systemctl --failed --plain --no-legend"), "");
    script(&machine, &json!({"login": "wrong_password"}));
    let status = || machine.does("systemctl show --property=ExecMainStatus --value ibgw-tws@paper");
    for exit in ["4", "11"] {
        assert_ne!(machine.sh("systemctl start ibgw-tws@paper").status, 0);
        assert_eq!(status(), exit);
        assert_eq!(submissions(&machine), 3);
    }
    script(&machine, &json!({}));
    machine.does(head(SERVICE).last().expect("a command"));
    is_ready(&machine, 4);
    machine.does("test ! -e /var/lib/ib-tools/tws-paper.force");
    let journal = machine.does("journalctl --no-pager --quiet");
    assert!(!journal.contains("Unit-marker-84"), "{journal}");
}
