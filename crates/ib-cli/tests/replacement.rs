//! Files that take the place of others, when a signal comes.

mod example;

use example::example;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn a_file_is_written_although_a_signal_came_that_does_not_end_the_process() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("replacement");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("ledger.json");
    let output = Command::new(example("replaces")).arg(&file).output();
    let output = output.expect("the example runs (cargo build -p ib-cli --examples)");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(fs::read(&file).ok().as_deref(), Some(&b"written"[..]));
    let names = fs::read_dir(&folder).expect("the folder is there").count();
    assert_eq!(names, 1, "an unfinished file is left");
}
