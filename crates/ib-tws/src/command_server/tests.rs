use super::*;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// Long enough for any machine, for what must come.
const AMPLE: Duration = Duration::from_secs(60);

/// A listener that takes one command and plays this; it yields the command.
fn server(play: impl FnOnce(TcpStream) + Send + 'static) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let served = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut line = String::new();
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        reader.read_line(&mut line).expect("a command");
        play(stream);
        line
    });
    (port, served)
}

fn accepted(words: &str) -> IbcReply {
    IbcReply::Accepted(words.to_owned())
}

fn answering(words: &'static str) -> (u16, JoinHandle<String>) {
    server(move |mut stream| stream.write_all(words.as_bytes()).expect("to answer"))
}

fn refusal(port: u16, wait: Duration) -> (Exit, String) {
    let error = command(port, IbcCommand::Stop, Deadline::after(wait)).expect_err("no answer");
    (error.exit, error.to_string())
}

#[test]
fn each_command_is_one_word_on_a_line() {
    for (ibc_command, line, reply, said) in [
        (
            IbcCommand::Stop,
            "STOP\n",
            "OK Shutting down: STOP command\n",
            "Shutting down: STOP command",
        ),
        (
            IbcCommand::Restart,
            "RESTART\n",
            "OK RESTART in progress\nOK RESTART at 11:45 PM\n",
            "RESTART in progress",
        ),
        (IbcCommand::Pause, "PAUSE\n", "OK \r\n", ""),
        (
            IbcCommand::EnableApi,
            "ENABLEAPI\n",
            "OK configured\n",
            "configured",
        ),
    ] {
        let (port, served) = answering(reply);
        let answer = command(port, ibc_command, Deadline::after(AMPLE));
        assert_eq!(answer.expect("an answer"), accepted(said));
        assert_eq!(served.join().expect("a server"), line);
    }
}

#[test]
fn information_is_no_answer() {
    let (port, _served) =
        answering("INFO IBC Command Server\n\nINFO Closing IBC\nOK Shutting down: STOP command\n");
    let answer = command(port, IbcCommand::Stop, Deadline::after(AMPLE));
    assert_eq!(
        answer.expect("an answer"),
        accepted("Shutting down: STOP command")
    );
}

#[test]
fn an_answer_may_come_in_pieces() {
    let (port, _served) = server(|mut stream| {
        stream.set_nodelay(true).expect("no delay");
        for byte in "INFO Closing IBC\nOK Shutting down\n".bytes() {
            stream.write_all(&[byte]).expect("to answer");
        }
    });
    let answer = command(port, IbcCommand::Stop, Deadline::after(AMPLE));
    assert_eq!(answer.expect("an answer"), accepted("Shutting down"));
}

#[test]
fn an_answer_that_is_not_ok_is_told() {
    for (reply, told) in [
        (
            "ERROR ENABLEAPI is not valid for the IB Gateway\n",
            "not valid",
        ),
        ("ERROR Command invalid\n", "Command invalid"),
        ("OKAY\n", "OKAY"),
        ("HTTP/1.1 400 \u{1b}[31m\n", "HTTP/1.1 400 \\u{1b}[31m"),
    ] {
        let (port, _served) = answering(reply);
        let (exit, message) = refusal(port, AMPLE);
        assert_eq!(exit, Exit::Unexpected, "{message}");
        assert!(message.contains(told), "{message}");
    }
}

/// IBC refuses a second command while it is at the first, and that one is done.
#[test]
fn what_ibc_does_already_is_no_failure() {
    for reply in [
        "ERROR STOP already in progress\n",
        "INFO IBC Command Server\r\nERROR PAUSE already in progress\r\n",
    ] {
        let (port, _served) = answering(reply);
        let answer = command(port, IbcCommand::Pause, Deadline::after(AMPLE));
        assert_eq!(answer.expect("an answer"), IbcReply::InProgress);
    }
}

#[test]
fn half_an_answer_is_none() {
    for reply in ["", "OK Shutting", "INFO Closing IBC\n"] {
        let (port, served) = answering(reply);
        let (exit, message) = refusal(port, AMPLE);
        assert_eq!(exit, Exit::Unexpected, "{message}");
        assert!(message.contains("closes the connection"), "{message}");
        served.join().expect("a server");
    }
}

#[test]
fn an_answer_without_end_is_refused() {
    for piece in ["x", "INFO on and on\n"] {
        // The client hangs up when it has read enough.
        let (port, served) =
            server(move |mut stream| while stream.write_all(piece.as_bytes()).is_ok() {});
        let (exit, message) = refusal(port, AMPLE);
        assert_eq!(exit, Exit::Unexpected, "{message}");
        assert!(message.contains("more than 4096 bytes"), "{message}");
        served.join().expect("a server");
    }
}

#[test]
fn where_nothing_listens_it_is_down() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let (exit, message) = refusal(port, AMPLE);
    assert_eq!(exit, Exit::Down, "{message}");
    assert!(
        message.contains(&format!("127.0.0.1:{port} to stop")),
        "{message}"
    );
}

#[test]
fn neither_silence_nor_a_drip_outlives_the_deadline() {
    let silent = server(|mut stream| {
        let mut rest = Vec::new();
        stream
            .read_to_end(&mut rest)
            .expect("the client to hang up");
    });
    let dripping = server(|mut stream| {
        while stream.write_all(b"x").is_ok() {
            // Slow enough that the cap is far, fast enough that no single read waits for long.
            thread::sleep(Duration::from_millis(20));
        }
    });
    for (port, served) in [silent, dripping] {
        let begin = Instant::now();
        let wait = Duration::from_millis(300);
        let (exit, message) = refusal(port, wait);
        assert_eq!(exit, Exit::TimedOut, "{message}");
        assert!(begin.elapsed() >= wait);
        served.join().expect("a server");
    }
}
