//! Looking at processes, and sending them signals.

use std::process::Command;

/// The command lines of running processes that contain a text, ours excepted.
pub fn processes_with(text: &str) -> Vec<String> {
    of_processes("cmdline")
        .into_iter()
        .filter(|line| line.contains(text))
        .collect()
}

/// The numbers of running processes with a text in their command line, ours excepted.
pub fn processes_naming(text: &str) -> Vec<u32> {
    let all = std::fs::read_dir("/proc")
        .expect("there is /proc")
        .flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        *pid != std::process::id() && String::from_utf8_lossy(&line).contains(text)
    })
    .collect()
}

/// The environments of running processes that contain a text, ours excepted.
pub fn environments_with(text: &str) -> Vec<String> {
    of_processes("environ")
        .into_iter()
        .filter(|line| line.contains(text))
        .collect()
}

fn of_processes(file: &str) -> Vec<String> {
    let ours = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc")
        .expect("there is /proc")
        .flatten();
    let names = processes.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let others =
        names.filter(|name| *name != ours && name.bytes().all(|byte| byte.is_ascii_digit()));
    let contents = others.filter_map(|pid| std::fs::read(format!("/proc/{pid}/{file}")).ok());
    contents
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .collect()
}

/// The command lines of the processes below one that have a text in their environment.
pub fn environments_below(pid: u32, text: &str) -> Vec<String> {
    let read = |pid: u32, file| {
        let bytes = std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let below = ib_proc::descendants::of(pid).into_iter();
    let with_text = below.filter(|pid| read(*pid, "environ").contains(text));
    // Between fork and exec a child is its parent still, with all that it has.
    let parent = read(pid, "cmdline");
    let lines = with_text.map(|pid| read(pid, "cmdline"));
    lines.filter(|line| *line != parent).collect()
}

/// The processes below one whose program has this name.
pub fn children_of(pid: u32, program: &str) -> Vec<u32> {
    let below = ib_proc::descendants::of(pid).into_iter();
    let name = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    below.filter(|pid| name(pid).trim() == program).collect()
}

/// Sends a signal by its name, to a process that may be gone.
pub fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &pid.to_string()])
        .output();
    sent.expect("kill runs");
}
