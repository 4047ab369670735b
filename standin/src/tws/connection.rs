//! One connection of a client.

use super::{conversation, messages, wire};
use crate::world::{TwsMoods, TwsNotice, TwsStep, World};
use std::io;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

struct Connection<'a> {
    stream: TcpStream,
    world: &'a World,
    place: usize,
    /// The version agreed on.
    version: i64,
}

/// What follows an answer.
#[derive(PartialEq, Eq)]
enum Next {
    Goes,
    Ends,
}

/// Serves a client until one of both ends the connection.
pub(crate) fn serve(stream: TcpStream, world: &World, place: usize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = Connection {
        stream,
        world,
        place,
        version: 0,
    };
    if connection.answer(TwsStep::Accept, &[])? == Next::Ends {
        return Ok(());
    }
    let Some(newest) = connection.hear_hello()? else {
        return Ok(());
    };
    let mut next = connection.shake_hands(newest)?;
    while next == Next::Goes {
        let fields = connection.hear()?;
        next = connection.reply(&fields)?;
    }
    Ok(())
}

impl Connection<'_> {
    fn moods(&self) -> TwsMoods {
        self.world.truth().script.tws.clone()
    }

    /// Reads, and records what was said even if it ends in the middle.
    fn record<T>(
        &mut self,
        read: impl FnOnce(&mut TcpStream, &mut Vec<u8>) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut said = Vec::new();
        let done = read(&mut self.stream, &mut said);
        if let Some(conversation) = conversation(&mut self.world.truth(), self.place) {
            conversation.said.append(&mut said);
        }
        done
    }

    /// The newest version that the client speaks; `None` when it begins as before v100.
    fn hear_hello(&mut self) -> io::Result<Option<i64>> {
        if self.record(|from, said| wire::read(from, 4, said))? != b"API\0" {
            return Ok(None);
        }
        let range = self.record(wire::read_message)?;
        let range = String::from_utf8_lossy(&range).into_owned();
        // Options of the connection stand behind a blank: `v100..178 +PACEAPI`.
        let versions = range.split(' ').next().unwrap_or_default();
        let newest = versions.rsplit("..").next().unwrap_or_default();
        Ok(newest.trim_start_matches('v').parse().ok())
    }

    /// The fields of the next message.
    fn hear(&mut self) -> io::Result<Vec<String>> {
        let body = self.record(wire::read_message)?;
        let text = String::from_utf8_lossy(&body);
        let fields = text.strip_suffix('\0').unwrap_or(&text).split('\0');
        let fields: Vec<String> = fields.map(str::to_owned).collect();
        if let Some(conversation) = conversation(&mut self.world.truth(), self.place) {
            conversation.messages.push(fields.clone());
        }
        Ok(fields)
    }

    fn shake_hands(&mut self, newest: i64) -> io::Result<Next> {
        let moods = self.moods();
        self.version = if moods.ignores_range {
            moods.server_version
        } else {
            moods.server_version.min(newest)
        };
        let now = self.world.truth().now();
        self.answer(TwsStep::Handshake, &[messages::version(self.version, now)])
    }

    fn reply(&mut self, fields: &[String]) -> io::Result<Next> {
        let field = |at: usize| fields.get(at).map_or("", String::as_str);
        match field(0) {
            "71" => return self.start_api(field(2)),
            "49" => return self.tell_time(),
            "17" => self.send(&[self.managed_accounts()])?,
            "8" => self.send(&self.next_id())?,
            _ => self.send(&messages::end_of_list(fields))?,
        }
        Ok(Next::Goes)
    }

    fn start_api(&mut self, client_id: &str) -> io::Result<Next> {
        if self.is_taken(client_id) {
            self.send(&[messages::taken(self.version)])?;
            return Ok(Next::Ends);
        }
        let mut answer = vec![self.managed_accounts()];
        answer.extend(self.next_id());
        let notices = self.moods().notices;
        let (at_once, after): (Vec<_>, Vec<_>) =
            notices.iter().partition(|notice| notice.after_ms == 0);
        answer.extend(
            at_once
                .into_iter()
                .map(|about| messages::notice(self.version, about)),
        );
        let next = self.answer(TwsStep::StartApi, &answer)?;
        self.send_notices(after)?;
        Ok(next)
    }

    /// Takes the id for this client, unless another client that is still there has it.
    fn is_taken(&self, client_id: &str) -> bool {
        {
            let taken = &mut self.world.truth().script.tws.taken_ids;
            if *taken > 0 {
                *taken -= 1;
                return true;
            }
        }
        // One that has hung up is gone as soon as its thread has seen that.
        let has_it = (0..100).any(|_| {
            self.takes(client_id) || {
                thread::sleep(Duration::from_millis(1));
                false
            }
        });
        !has_it
    }

    fn takes(&self, client_id: &str) -> bool {
        let mut truth = self.world.truth();
        let mut open = truth.tws.iter().flatten().filter(|other| other.open);
        let is_free = open.all(|other| other.client_id.as_deref() != Some(client_id));
        if is_free && let Some(conversation) = conversation(&mut truth, self.place) {
            conversation.client_id = Some(client_id.to_owned());
        }
        is_free
    }

    fn tell_time(&mut self) -> io::Result<Next> {
        let seconds = self.world.truth().now().as_secs().to_string();
        let next = self.answer(TwsStep::Time, &[wire::message(&["49", "1", &seconds])])?;
        self.send_notices(&self.moods().later)?;
        Ok(next)
    }

    fn managed_accounts(&self) -> Vec<u8> {
        // Each account is followed by a comma, the last one too.
        let ended = self.moods().accounts.into_iter().map(|name| name + ",");
        wire::message(&["15", "1", &ended.collect::<String>()])
    }

    fn next_id(&self) -> Vec<Vec<u8>> {
        let id = self.moods().next_id;
        id.map(|id| wire::message(&["9", "1", &id.to_string()]))
            .into_iter()
            .collect()
    }

    fn send_notices<'n>(
        &mut self,
        notices: impl IntoIterator<Item = &'n TwsNotice>,
    ) -> io::Result<()> {
        for later in notices {
            thread::sleep(Duration::from_millis(later.after_ms));
            self.send(&[messages::notice(self.version, later)])?;
        }
        Ok(())
    }

    /// Sends the answer to a step, or does what the test has asked for in its place.
    fn answer(&mut self, step: TwsStep, answer: &[Vec<u8>]) -> io::Result<Next> {
        if let Some(lie) = self.moods().lie.filter(|lie| lie.at == step) {
            wire::lie(&mut self.stream, &lie.how, answer)?;
            return Ok(Next::Ends);
        }
        self.send(answer)?;
        Ok(Next::Goes)
    }

    fn send(&mut self, messages: &[Vec<u8>]) -> io::Result<()> {
        let moods = self.moods();
        if !moods.chatter {
            return wire::send(&mut self.stream, messages, moods.segments);
        }
        let with_chatter: Vec<_> = messages
            .iter()
            .flat_map(|message| [messages::chatter(), vec![message.clone()]].concat())
            .collect();
        wire::send(&mut self.stream, &with_chatter, moods.segments)
    }
}
