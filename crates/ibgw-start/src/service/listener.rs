//! Which process listens on a port, as the kernel shows it.

use std::fs;

/// A process that listens on a port.
pub(crate) struct PortHolder {
    pub(crate) pid: u32,
    pub(crate) name: String,
}

/// The process that listens on a port; `None` when no process does, or when we may not see the files of the one that does.
pub(crate) fn holder_of(port: u16) -> Option<PortHolder> {
    let sockets = sockets(port);
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let pid = pids.find(|pid| has_socket(*pid, &sockets))?;
    // Only the name: a command line may hold a secret.
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(PortHolder {
        pid,
        name: name.trim().to_owned(),
    })
}

/// Whether this process listens on the port; also true when the kernel does not say which process does.
pub(crate) fn is_held_by(port: u16, pid: u32) -> bool {
    let sockets = sockets(port);
    sockets.is_empty() || has_socket(pid, &sockets)
}

fn has_socket(pid: u32, sockets: &[String]) -> bool {
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

/// The inode in one line of the table, if that line is a socket that listens on the port.
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
            holder_of(port).map(|holder| holder.pid),
            Some(std::process::id()),
            "{:?}",
            sockets(port)
        );
        assert!(is_held_by(port, std::process::id()));
        assert!(!is_held_by(port, 1));
    }

    #[test]
    fn reads_the_kernels_table() {
        let line = "   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0";
        assert_eq!(listening_socket(line, 5000), Some("4711"));
        assert_eq!(listening_socket(line, 5001), None);
        assert_eq!(listening_socket(&line.replace(" 0A ", " 01 "), 5000), None);
    }
}
