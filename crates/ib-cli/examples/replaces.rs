//! Replaces the file that its argument names, while a signal comes in the middle of an unfinished step.

use ib_cli::Replacement;
use ib_proc::undo::{self, Unfinished};
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    undo::on_signals()?;
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("give a file")?);
    let folder = path.parent().ok_or("give a whole path")?.to_owned();
    let _unfinished = Unfinished::begin();
    let replacement = Replacement::prepare(&path)?;
    let own = std::process::id().to_string();
    Command::new("kill").args(["-TERM", &own]).status()?;
    // The signal's own thread removes the new file. Nothing says when it has.
    let begun = Instant::now();
    while fs::read_dir(&folder)?.count() > 0 {
        if begun.elapsed() > Duration::from_secs(20) {
            return Err("the signal removed nothing".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(replacement.write(b"written")?)
}
