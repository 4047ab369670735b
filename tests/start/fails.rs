//! What keeps a Gateway from starting: each fault has its own message, and nothing is left running.

use super::place::Place;
use crate::support::{Ran, Tool};
use crate::support::{eventually, signal};
use std::fs;

fn message(ran: &Ran) -> String {
    ran.error()["message"]
        .as_str()
        .expect("a message")
        .to_owned()
}

#[track_caller]
pub(crate) fn says(ran: &Ran, words: &[&str]) {
    let message = message(ran);
    for word in words {
        assert!(message.contains(word), "{word:?} is missing: {}", ran.all());
    }
}

fn with_conf(place: &Place, edit: impl FnOnce(String) -> String) -> Tool {
    let conf = place.conf(edit);
    place.tool(["--conf", conf.to_str().expect("a path"), "--timeout", "2s"])
}

#[test]
fn names_the_line_that_is_no_yaml() {
    let place = Place::new();
    let ran = with_conf(&place, |conf| format!("{conf}broken: [1\n")).run();
    says(
        &ran.exits(6).is_silent_on_stdout(),
        &["conf.yaml", "not YAML", "line"],
    );
    place.is_empty();
}

#[test]
fn refuses_settings_that_are_empty_or_missing() {
    let place = Place::new();
    let ran = with_conf(&place, |_| String::new()).run();
    says(&ran.exits(6).is_silent_on_stdout(), &["empty"]);
    let ran = place.tool(["--conf", "/nowhere/conf.yaml"]).run();
    says(
        &ran.exits(6).is_silent_on_stdout(),
        &["/nowhere/conf.yaml", "--conf"],
    );
}

#[test]
fn passes_on_which_setting_the_gateway_does_not_know() {
    let place = Place::new();
    // ibgw-start does not check the conf.yaml that came with the Gateway.
    let shipped = place.path("gw/root/conf.yaml");
    let text = fs::read_to_string(&shipped).expect("it is there");
    fs::write(&shipped, format!("{text}tickleDelay: 5\n")).expect("it can be written");
    let ran = place.tool::<&str>([]).run().exits(6);
    says(&ran, &["Unable to find property 'tickleDelay'"]);
    let report = ran.report();
    assert_eq!(report["state"], "exited", "{report}");
    assert_eq!(report["child_exit"], 1, "{report}");
    place.is_empty();
}

#[test]
fn refuses_a_wrong_keystore_password_and_shows_it_nowhere() {
    let place = Place::new();
    let ran = with_conf(&place, |conf| conf.replace("mywebapi", "planted-91c4"))
        .run()
        .exits(6)
        .is_silent_on_stdout();
    says(&ran, &["sslPwd", "vertx.jks"]);
    assert_eq!(ran.error()["retry"], false, "{}", ran.all());
    ran.never_shows("planted-91c4");
    let state = place.state();
    assert!(!state.windows(12).any(|window| window == b"planted-91c4"));
    place.is_empty();
}

#[test]
fn names_a_keystore_that_is_not_there() {
    let place = Place::new();
    let ran = with_conf(&place, |conf| conf.replace("vertx.jks", "mine.jks")).run();
    says(
        &ran.exits(6).is_silent_on_stdout(),
        &["sslCert", "mine.jks"],
    );
    let ran = with_conf(&place, |conf| {
        conf.replace("vertx.jks", "../gw/root/vertx.jks")
    })
    .run();
    says(
        &ran.exits(6).is_silent_on_stdout(),
        &["sslCert", "leads out"],
    );
}

#[test]
fn takes_the_keystore_beside_the_settings_first() {
    let place = Place::new();
    let conf = place.conf(|conf| conf);
    let tool = place.tool(["--conf", conf.to_str().expect("a path")]);
    fs::write(place.path("mine/vertx.jks"), "no keystore").expect("it can be written");
    says(&tool.run().exits(6), &["mine/vertx.jks", "neither JKS"]);
}

#[test]
fn says_how_java_died() {
    let place = Place::new();
    let tool = place
        .tool::<&str>([])
        .env("IB_STANDIN_START_DELAY_MS", "200");
    let ran = tool
        .env("IB_STANDIN_DIE_AFTER_MS", "50")
        .env("IB_STANDIN_NEVER_LISTEN", "1")
        .run();
    let ran = ran.exits(9);
    says(&ran, &["status 1", "its last words"]);
    let report = ran.report();
    assert_eq!(report["state"], "exited", "{report}");
    assert_eq!(report["child_exit"], 1, "{report}");
    assert_eq!(report["started"], true, "{report}");
    assert!(!place.instance("record.json").exists());
    place.is_empty();
}

#[test]
fn ends_a_gateway_that_never_listens() {
    let place = Place::new();
    for ignores in ["0", "1"] {
        let tool = place
            .tool(["--timeout", "1s"])
            .env("IB_STANDIN_NEVER_LISTEN", "1");
        let ran = tool.env("IB_STANDIN_IGNORE_TERM", ignores).run().exits(8);
        let child_exit = if ignores == "1" { 137 } else { 143 };
        assert_eq!(ran.report()["child_exit"], child_exit, "{}", ran.all());
        assert_eq!(ran.error()["retry"], true, "{}", ran.all());
        assert!(!place.instance("record.json").exists());
        place.is_empty();
    }
}

#[test]
fn misses_java() {
    let place = Place::new();
    let ran = place.tool(["--java", "/nowhere/java"]).run().exits(5);
    says(&ran, &["/nowhere/java", "--java"]);
    let tool = place.tool::<&str>([]).env("IBGW_JAVA", "");
    says(
        &tool.env("JAVA_HOME", "/nowhere").run().exits(5),
        &["/nowhere/bin/java"],
    );
    let tool = place.tool::<&str>([]).env("IBGW_JAVA", "");
    says(
        &tool.env("PATH", "/nowhere").run().exits(5),
        &["java", "PATH"],
    );
    let tool = place
        .tool::<&str>([])
        .env("IB_STANDIN_JAVA_VERSION", "1.7.0_80");
    says(&tool.run().exits(5), &["Java 1.7.0_80", "8 or newer"]);
    place.is_empty();
}

#[test]
fn takes_java_8() {
    let place = Place::new();
    let tool = place
        .tool::<&str>([])
        .env("IB_STANDIN_JAVA_VERSION", "1.8.0_471");
    tool.run().exits(0);
    place.down();
}

#[test]
fn misses_the_gateway_and_says_where_it_is() {
    let place = Place::new();
    let ran = place.tool(["--gateway-dir", "/nowhere"]).run();
    says(
        &ran.exits(5).is_silent_on_stdout(),
        &["/nowhere", "clientportal.gw.zip"],
    );
    fs::remove_dir_all(place.path("gw/build")).expect("it can be removed");
    says(
        &place.tool::<&str>([]).run().exits(5),
        &["build/lib/runtime"],
    );
    let ran = Tool::new("ibgw-start")
        .args(["--port", &place.port.to_string()])
        .run();
    says(&ran.exits(2).is_silent_on_stdout(), &["--gateway-dir"]);
}

#[test]
fn tells_an_option_that_java_does_not_take() {
    let place = Place::new();
    let ran = place.tool(["--java-option", "-nonsense"]).run().exits(6);
    says(&ran, &["--java-option", "-nonsense"]);
    place.is_empty();
}

#[test]
fn ends_a_gateway_that_refuses_this_machine() {
    let place = Place::new();
    let ran = with_conf(&place, |conf| conf.replace("    - 127.0.0.1\n", ""))
        .run()
        .exits(6);
    says(&ran, &["ips.allow", "127.0.0.1"]);
    assert_eq!(ran.report()["state"], "stopped", "{}", ran.all());
    place.is_empty();
    let ran = with_conf(&place, |conf| conf.replace("- 127.0.0.1", "- \"*\""))
        .run()
        .exits(6);
    says(&ran, &["500", "cannot read * in ips"]);
    place.is_empty();
}

#[test]
fn ends_java_on_a_signal() {
    let place = Place::new();
    for (name, status) in [("TERM", 143), ("INT", 130)] {
        let tool = place.tool::<&str>([]).env("IB_STANDIN_NEVER_LISTEN", "1");
        let (child, _folder) = tool.spawn();
        let record = place.instance("record.json");
        eventually("Java", || place.java());
        signal(child.id(), name);
        let output = child.wait_with_output().expect("it ends");
        let ran = Ran::from_output(format!("ibgw-start, SIG{name}"), output);
        ran.exits(status)
            .is_silent_on_stdout()
            .is_silent_on_stderr();
        place.is_empty();
        fs::remove_file(record).expect("the record of a process that is gone is there");
    }
}

#[test]
fn refuses_a_wrong_command_line() {
    let place = Place::new();
    let wrong: [&[&str]; 10] = [
        &["--url", "https://localhost:1", "--port", "1"],
        &["--port", "0"],
        &["--timeout", "60"],
        &["--stop", "--check"],
        &["--stop", "--foreground"],
        &["--logout"],
        &["--ready-fd", "3"],
        &["--kind", "other"],
        &["--run-script", "--java-option=-Xmx1g"],
        &["--run-script", "--foreground"],
    ];
    for args in wrong {
        place
            .tool(args)
            .run()
            .exits(2)
            .is_silent_on_stdout()
            .error();
    }
    let ran = place
        .tool_without_port(["--url", "https://gateway.example:5000"])
        .run();
    says(&ran.exits(2).is_silent_on_stdout(), &["another machine"]);
    place.is_empty();
}

#[test]
fn lets_a_flag_overrule_the_variables_it_conflicts_with() {
    let place = Place::new();
    place.up();
    let tool = place
        .tool_without_port(["--stop", "--port", &place.port.to_string()])
        .env("IBGW_FOREGROUND", "1")
        .env("IBGW_READY_FD", "3")
        .env("IBGW_URL", "https://localhost:1");
    assert!(tool.run().exits(0).report()["pid"].is_u64());
    let both = place
        .tool::<&str>([])
        .env("IBGW_URL", "https://localhost:1");
    both.run().exits(2).is_silent_on_stdout().error();
}
