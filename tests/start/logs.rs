//! Logs: bounded, private, and without a session in them.

use super::place::Place;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// The logback that the Gateway brings, 1.2.11, as Debian has it.
const JARS: [&str; 3] = [
    "/usr/share/java/logback-classic.jar",
    "/usr/share/java/logback-core.jar",
    "/usr/share/java/slf4j-api.jar",
];

/// Runs logback with the settings that the instance was started with, in a folder.
fn flood(place: &Place, folder: &Path, marker: &str) {
    let class_path = format!("{}:{}", place.instance("conf").display(), JARS.join(":"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logback/Flood.java");
    let output = Command::new("sh")
        // As ibgw-start starts Java.
        .args(["-c", r#"umask 077; exec java -cp "$0" "$@""#])
        .args([&class_path, source, marker])
        .current_dir(folder)
        .output()
        .expect("sh runs");
    assert!(
        output.status.success(),
        "java Flood.java (apt-get install default-jdk liblogback-java): {output:?}"
    );
    assert_eq!(
        (&output.stdout[..], &output.stderr[..]),
        (&b""[..], &b""[..]),
        "nothing of it is printed: {output:?}"
    );
}

#[test]
fn the_gateways_own_log_is_bounded_and_private_and_has_no_session() {
    let place = Place::new();
    place.up();
    place.down();
    let folder = place.path("flooded");
    fs::create_dir(&folder).expect("it can be made");
    // Twice: the logs of an earlier run count, too.
    for _ in 0..2 {
        flood(&place, &folder, "planted-cookie-5b1e");
    }
    let files = fs::read_dir(folder.join("logs"))
        .expect("there are logs")
        .flatten();
    let (mut whole, mut count) = (0, 0);
    for file in files {
        let about = file.metadata().expect("about it");
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{file:?}");
        whole += about.len();
        count += 1;
        let text = fs::read_to_string(file.path()).expect("it is text");
        assert!(text.contains("upstream is gone"), "{file:?}");
        assert!(
            !text.contains("planted-cookie-5b1e") && !text.contains("XYZAB"),
            "{file:?}"
        );
    }
    // Eight megabytes of old logs, and the current one.
    assert!((2..=9).contains(&count), "{count} files");
    assert!(
        (1 << 20..14 << 20).contains(&whole),
        "{whole} bytes in {count} files"
    );
}

#[test]
fn a_large_log_makes_way_for_a_new_one_and_five_are_kept() {
    let place = Place::new();
    let names = [
        "a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4", "a.log.5",
    ];
    let log = place.path("a.log");
    let first_letter = |name: &str| {
        let bytes = fs::read(place.path(name)).ok()?;
        bytes.first().map(|byte| char::from(*byte))
    };
    let found = || names.map(first_letter);
    let start = || {
        let tool = place.tool(["--log"]).args([&log]);
        let report = tool.run().exits(0).report();
        assert_eq!(report["log"], log.to_str().unwrap(), "{report}");
        place.down();
    };
    let fill =
        |letter: u8, size: usize| fs::write(&log, vec![letter; size]).expect("it can be written");
    fill(b'0', 1 << 20);
    start();
    assert_eq!(
        found(),
        [Some('0'), None, None, None, None, None],
        "it is not large yet"
    );
    for letter in b'1'..=b'6' {
        fill(letter, (1 << 20) + 1);
        start();
    }
    // The Gateway's first word is about Java.
    let kept = [Some('J'), Some('6'), Some('5'), Some('4'), Some('3'), None];
    assert_eq!(found(), kept);
    let mode = fs::metadata(&log)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_log_that_is_no_file_has_no_old_ones() {
    let place = Place::new();
    place.tool(["--log", "/dev/null"]).run().exits(0);
    place.down();
    assert!(!Path::new("/dev/null.1").exists());
}
