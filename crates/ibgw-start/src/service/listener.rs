//! Who listens on a port, as the kernel has it.

use std::fs;

/// A process that listens.
pub struct Holder {
    pub pid: u32,
    pub name: String,
}

/// The process that listens on a port; `None` when there is none, or it belongs to somebody whose files we cannot see.
pub fn of(port: u16) -> Option<Holder> {
    let sockets = sockets(port);
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let pid = pids.find(|pid| has_one(*pid, &sockets))?;
    // The name alone: a command line may hold what is not ours to show.
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(Holder {
        pid,
        name: name.trim().to_owned(),
    })
}

/// Whether it is this process that listens; true also when the kernel does not say who does.
pub fn is(pid: u32, port: u16) -> bool {
    let sockets = sockets(port);
    sockets.is_empty() || has_one(pid, &sockets)
}

fn has_one(pid: u32, sockets: &[String]) -> bool {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd"));
    descriptors.into_iter().flatten().flatten().any(|entry| {
        fs::read_link(entry.path()).is_ok_and(|target| {
            let target = target.to_string_lossy();
            sockets.iter().any(|socket| *socket == target)
        })
    })
}

/// The sockets that listen on a port, as `/proc/PID/fd` shows them.
fn sockets(port: u16) -> Vec<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
    let lines: Vec<String> = tables
        .into_iter()
        .flatten()
        .flat_map(|table| table.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let listening = lines.iter().filter_map(|line| listening_socket(line, port));
    listening.map(|inode| format!("socket:[{inode}]")).collect()
}

/// The inode in one line of the table, if it is of a socket that listens on the port.
fn listening_socket(line: &str, port: u16) -> Option<&str> {
    // proc_net_tcp(5): slot, local address and port in hexadecimal, remote ones, state (0A is LISTEN), …, inode.
    let mut fields = line.split_ascii_whitespace();
    let (_, local) = fields.nth(1)?.rsplit_once(':')?;
    let is_listening = fields.nth(1)? == "0A";
    let inode = fields.nth(5)?;
    (is_listening && u16::from_str_radix(local, 16) == Ok(port)).then_some(inode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn finds_the_process_that_listens() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        assert_eq!(
            of(port).map(|holder| holder.pid),
            Some(std::process::id()),
            "{:?}",
            sockets(port)
        );
        assert!(is(std::process::id(), port));
        assert!(!is(1, port));
    }

    #[test]
    fn reads_the_kernels_table() {
        let line = "   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0";
        assert_eq!(listening_socket(line, 5000), Some("4711"));
        assert_eq!(listening_socket(line, 5001), None);
        assert_eq!(listening_socket(&line.replace(" 0A ", " 01 "), 5000), None);
    }
}
