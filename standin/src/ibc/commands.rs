//! IBC's command server. It listens on loopback alone and ignores `BindAddress`, which the record shows.

use super::log::IbcLog;
use super::settings::ConfigIni;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// What a client wants of IB Gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Stop,
    Restart,
    Pause,
    EnableApi,
}

/// What is done with each command; the lines that the client gets, and whether the connection ends with them.
pub(crate) type CommandHandler = dyn Fn(&str) -> (Vec<String>, bool) + Send + Sync;

/// Starts to listen where the settings say so.
pub(crate) fn serve(settings: &ConfigIni, log: &Arc<IbcLog>, handler: Arc<CommandHandler>) {
    let port: u16 = settings.number("CommandServerPort", 0);
    if port == 0 {
        log.say("CommandServer is not started because the port is not configured");
        return;
    }
    log.say(&format!("CommandServer is starting with port {port}"));
    let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) else {
        log.say("CommandServer failed to create socket");
        log.say("CommandServer cannot process commands");
        return;
    };
    match settings.text("BindAddress") {
        "" => log.say(&format!(
            "CommandServer listening on addresses: 0.0.0.0; port: {port}"
        )),
        address => log.say(&format!(
            "CommandServer listening on address: {address} port: {port}"
        )),
    }
    log.say("CommandServer started and is ready to accept commands");
    let greets = !settings.text("SuppressInfoMessages").is_empty()
        && !settings.is_yes("SuppressInfoMessages");
    let (control_from, log) = (settings.text("ControlFrom").to_owned(), Arc::clone(log));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
            log.say(&format!(
                "CommandServer: ControlFrom setting = {control_from}"
            ));
            log.say("CommandServer accepted connection from: /127.0.0.1");
            // An error here is the client's end of the connection.
            thread::spawn(move || talk(&stream, &log, &*handler, greets));
        }
    });
}

fn talk(
    stream: &TcpStream,
    log: &IbcLog,
    handler: &CommandHandler,
    greets: bool,
) -> io::Result<()> {
    let say = |line: &str| (&*stream).write_all(format!("{line}\r\n").as_bytes());
    if greets {
        say("INFO IBC Command Server")?;
    }
    for command in BufReader::new(stream).lines() {
        let command = command?;
        log.say(&format!("CommandServer received command: {command}"));
        let (answers, ends) = handler(&command);
        let told = answers
            .iter()
            .filter(|line| greets || !line.starts_with("INFO"));
        told.map(String::as_str).try_for_each(say)?;
        if ends {
            break;
        }
    }
    Ok(())
}

/// Reads a command: an order, or else the answer to it, and whether the connection ends with that answer.
pub(crate) fn understand(command: &str) -> Result<Order, (&'static str, bool)> {
    match command.trim().to_uppercase().as_str() {
        "STOP" => Ok(Order::Stop),
        "RESTART" => Ok(Order::Restart),
        "PAUSE" => Ok(Order::Pause),
        "EXIT" => Err(("OK Goodbye", true)),
        "RECONNECTDATA" | "RECONNECTACCOUNT" => Err(("OK ", false)),
        "ENABLEAPI" => Ok(Order::EnableApi),
        _ => Err(("ERROR Command invalid", false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ibc::script::IbcScript;

    /// What a client gets that says these lines and hangs up.
    fn answers(said: &str, greets: bool) -> Vec<String> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let mut client = TcpStream::connect(address).expect("it listens");
        client.write_all(said.as_bytes()).expect("it reads");
        client
            .shutdown(std::net::Shutdown::Write)
            .expect("it is open");
        let (stream, _) = listener.accept().expect("a client is there");
        let handler = |command: &str| match understand(command) {
            Ok(order) => (vec!["INFO more".to_owned(), format!("OK {order:?}")], true),
            Err((answer, ends)) => (vec![answer.to_owned()], ends),
        };
        talk(
            &stream,
            &IbcLog::new(&IbcScript::default()),
            &handler,
            greets,
        )
        .expect("the client listens");
        drop(stream);
        let lines = BufReader::new(client).lines();
        lines.map(|line| line.expect("text")).collect()
    }

    #[test]
    fn takes_a_command_in_any_case_and_hangs_up() {
        assert_eq!(answers("stop\r\nSTOP\n", false), ["OK Stop"]);
        assert_eq!(answers("Restart\n", false), ["OK Restart"]);
        assert_eq!(answers("PAUSE\n", false), ["OK Pause"]);
    }

    #[test]
    fn says_what_is_no_command() {
        let said = "\nSTOPP\nRECONNECTDATA\nexit\nSTOP\n";
        let expected = [
            "ERROR Command invalid",
            "ERROR Command invalid",
            "OK ",
            "OK Goodbye",
        ];
        assert_eq!(answers(said, false), expected);
    }

    #[test]
    fn tells_more_when_asked_to() {
        let expected = ["INFO IBC Command Server", "INFO more", "OK Stop"];
        assert_eq!(answers("STOP\n", true), expected);
    }
}
