//! Events that a desk reports about its chats: each one becomes the change or the close that an API caller would have reported. An event that
//! requires reading the chat first is stored with that read, in one transaction.

use super::answer_echo::{Answered, answered};
use crate::engine::Engine;
use crate::engine::desks::{AtDesk, Destination};
use crate::session::change::{SessionChange, change_session};
use crate::session::close::close_sessions;
use crate::session::close_batch::{Close, Closed};
use crate::session::event::{EventEnvelope, EventResult};
use crate::session::message;
use crate::session::open::Opening;
use lastword_base::names::{ClientId, ConnectionId, LineId, SessionId};
use lastword_contract::{Address, Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Person, Writer};
use lastword_domain::question::delivery::Kind;
use lastword_domain::session::desk_page::desk_page;
use lastword_domain::session::{ClosedBy, Operator, OperatorKind, SessionEventKind, Wish};
use lastword_store::inbox::{self, Event};
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::session::{self, SessionEvent};
use lastword_store::{Millis, StoreError, transaction};
use serde::{Deserialize, Serialize};
use std::future::Future;

/// The same event may be reported by a request and found by a read, with different bytes: only its key identifies it.
const TOLD_BY_A_DESK: &str = "desk";
/// Time for which reading a chat is tried.
const LOOK_FOR: Millis = 3 * 24 * 3_600_000;
/// If a desk's clock is further ahead than this, its times are replaced with the current time.
const AHEAD_MAX: Millis = 5 * 60_000;
/// Maximum length of an ID or name, in characters.
const LENGTH_MAX: usize = 200;

/// Result of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskEventResult {
    /// It is stored; the text states as what.
    Kept(&'static str),
    /// It was reported before, or changes nothing.
    Nothing,
    /// It could not be used: the field, and the reason.
    Refused(&'static str, String),
}

/// Closes sessions: alone, or batched with others that arrive at the same time.
pub trait Closes: Sync {
    /// Closes sessions, one result for each.
    fn close(&self, closes: Vec<Close>) -> impl Future<Output = Result<Vec<Closed>, StoreError>> + Send;
}

/// Closes sessions without batching.
pub struct Directly<'a>(pub &'a Engine, pub Millis);

impl Closes for Directly<'_> {
    async fn close(&self, closes: Vec<Close>) -> Result<Vec<Closed>, StoreError> {
        close_sessions(self.0, closes, self.1).await
    }
}

/// Content of a look at a chat.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Look {
    pub(crate) session: SessionId,
    pub(crate) told_at: Millis,
}

/// A look at a chat, due at `due_at`.
pub(super) fn look_at(
    engine: &Engine,
    connection: &ConnectionId,
    session: &SessionId,
    told_at: Millis,
    due_at: Millis,
    now: Millis,
) -> NewDelivery {
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Look,
        connection: connection.to_owned(),
        address: serde_json::to_string(&Address::chat(session.as_str())).unwrap_or_default(),
        subject: None,
        payload: serde_json::to_string(&Look { session: session.to_owned(), told_at }).unwrap_or_default(),
        due_at,
        give_up_at: now + LOOK_FOR,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(connection, Kind::Look, true),
        created_at: now,
    }
}

/// Processes the events that the desk of `connection` reported, in their order. Returns one result for each.
///
/// # Errors
/// A database error; then the desk has to send them again. Events stored before stay stored, and are recognized.
pub async fn hear(
    engine: &Engine,
    connection: &ConnectionId,
    events: Vec<DeskEvent>,
    closes: &impl Closes,
    now: Millis,
) -> Result<Vec<DeskEventResult>, StoreError> {
    let Some(at_desk) = engine.desks.get(connection) else { return Ok(Vec::new()) };
    let heard = Heard { engine, connection, at_desk: &at_desk, now };
    let mut became = Vec::with_capacity(events.len());
    for event in events {
        became.push(heard.take(event, closes).await?);
    }
    Ok(became)
}

struct Heard<'a> {
    engine: &'a Engine,
    connection: &'a ConnectionId,
    at_desk: &'a AtDesk,
    now: Millis,
}

impl Heard<'_> {
    async fn take(&self, event: DeskEvent, closes: &impl Closes) -> Result<DeskEventResult, StoreError> {
        if let DeskEventKind::Unusable { why } = event.kind {
            return Ok(DeskEventResult::Refused("session", why));
        }
        let ahead = event.at - self.now;
        let mut event = DeskEvent { at: if event.at > self.now + AHEAD_MAX { self.now } else { event.at }, ..event };
        if ahead > AHEAD_MAX {
            let minutes = ahead / 60_000;
            event.notes.push(format!(
                "It was said to happen {minutes} minutes after now, and the moment of arrival was taken: check the time zone."
            ));
        }
        let told = EventEnvelope {
            source: self.connection.into(),
            event_key: id(&event.key),
            body_hash: TOLD_BY_A_DESK.to_owned(),
            session_id: id(&event.session),
            occurred_at: event.at,
        };
        if told.session_id.is_empty() || told.event_key.is_empty() {
            return Ok(DeskEventResult::Refused("session", "The chat has no id.".to_owned()));
        }
        let change = match event.kind {
            DeskEventKind::Other { .. } | DeskEventKind::Unusable { .. } => return Ok(DeskEventResult::Nothing),
            DeskEventKind::Changed { read_after } => return self.look(told, read_after).await,
            DeskEventKind::Closed(closing) => return self.close(told, *closing, event.notes, closes).await,
            // At some desks a typed answer reopens the chat. That is no new conversation.
            DeskEventKind::Reopened if self.answered(&told).await? => {
                self.tell(&told, SessionEventKind::ReopenedByAnswer, String::new()).await?;
                return Ok(DeskEventResult::Nothing);
            }
            DeskEventKind::Reopened => SessionChange::Reopened,
            DeskEventKind::Opened(chat) => {
                let Some(line) = self.line(chat.queue.as_deref()).await? else { return Ok(unknown_line(chat.queue.as_deref())) };
                SessionChange::Opened(self.opening(*chat, line))
            }
            DeskEventKind::Wrote(Writer::Client) => SessionChange::Wrote(message::Writer::Client),
            DeskEventKind::Wrote(Writer::Operator(person)) => SessionChange::Wrote(message::Writer::Operator(person.map(operator))),
            DeskEventKind::Reassigned { operator: person, queue } => {
                let line = match queue {
                    Some(queue) => self.line(Some(&queue)).await?,
                    None => None,
                };
                SessionChange::Reassigned { operator: person.filter(|person| !person.program).map(operator), line }
            }
            DeskEventKind::Merged { into } => SessionChange::Merged { into: id(&into) },
        };
        Ok(match change_session(self.engine, told, change, self.now).await? {
            EventResult::Applied => DeskEventResult::Kept("applied"),
            EventResult::Repeated
            | EventResult::Stale
            | EventResult::KeyReused
            | EventResult::UnknownSession
            | EventResult::UnknownLine => DeskEventResult::Nothing,
        })
    }

    /// Stores the event together with the look that it needs: a 200 guarantees that the desk will be read.
    async fn look(&self, told: EventEnvelope, read_after: Millis) -> Result<DeskEventResult, StoreError> {
        let (now, due_at) = (self.now, self.now + read_after);
        let look = look_at(self.engine, self.connection, &told.session_id, told.occurred_at, due_at, now);
        let event = Event {
            source: told.source.clone(),
            event_key: told.event_key.clone(),
            kind: "changed",
            body_hash: told.body_hash.clone(),
            received_at: now,
            subject: Some(told.session_id.as_str().into()),
            disposition: Some("look".to_owned()),
            body: None,
        };
        let is_new = transaction!(self.engine.db, [look, event], async |tx| {
            if !inbox::seen(tx, &[&event.key()]).await?.is_empty() {
                return Ok(false);
            }
            inbox::keep(tx, &[event]).await?;
            delivery::schedule(tx, &[look]).await?;
            Ok(true)
        })
        .await?;
        if is_new {
            self.engine.wake.set(due_at);
        }
        Ok(if is_new { DeskEventResult::Kept("look") } else { DeskEventResult::Nothing })
    }

    async fn close(
        &self,
        told: EventEnvelope,
        closing: Closing,
        mut notes: Vec<String>,
        closes: &impl Closes,
    ) -> Result<DeskEventResult, StoreError> {
        let queue = closing.chat.queue.clone();
        let Some(line) = self.line(queue.as_deref()).await? else { return Ok(unknown_line(queue.as_deref())) };
        let mut closing = closing;
        if let Some(answer) = answered(&self.engine.db, &told.source, &told.session_id).await? {
            without_the_answer(&mut closing.chat, &answer);
        }
        let close = self.close_of(&told, closing, line, &mut notes);
        let became = match closes.close(vec![close]).await?.pop() {
            Some(Closed::Kept { repeated: false, .. } | Closed::AskedBefore { repeated: false, .. }) => DeskEventResult::Kept("kept"),
            Some(Closed::AlreadyClosed { repeated: false, .. }) => DeskEventResult::Kept("already_closed"),
            Some(Closed::UnknownLine) => unknown_line(queue.as_deref()),
            Some(Closed::Kept { .. } | Closed::AskedBefore { .. } | Closed::AlreadyClosed { .. } | Closed::Stale | Closed::KeyReused)
            | None => DeskEventResult::Nothing,
        };
        if became == DeskEventResult::Kept("kept") && !notes.is_empty() {
            self.tell(&told, SessionEventKind::Mended, notes.join(" ")).await?;
        }
        Ok(became)
    }

    /// True if the event is an effect of the client's answer to us.
    async fn answered(&self, told: &EventEnvelope) -> Result<bool, StoreError> {
        let answer = answered(&self.engine.db, &told.source, &told.session_id).await?;
        Ok(answer.is_some_and(|answer| answer.covers(told.occurred_at)))
    }

    async fn tell(&self, told: &EventEnvelope, kind: SessionEventKind, detail: String) -> Result<(), StoreError> {
        let event = SessionEvent {
            source: told.source.clone(),
            session_id: told.session_id.clone(),
            occurred_at: told.occurred_at,
            event_key: format!("{}:{kind}", told.event_key),
            kind,
            detail,
            received_at: self.now,
        };
        transaction!(self.engine.db, [event], async |tx| { session::tell(tx, &[event]).await }).await
    }

    /// The line of a queue, if there is one.
    async fn line(&self, queue: Option<&str>) -> Result<Option<LineId>, StoreError> {
        let wanted = self.at_desk.routing.lines_of(queue);
        let present = self.engine.lines.present(&self.engine.db, &wanted.iter().collect::<Vec<_>>()).await?;
        Ok(wanted.into_iter().find(|line| present.contains_key(line)))
    }

    fn place(&self, chat: &Chat) -> Destination {
        self.at_desk.routing.place(self.connection, chat.queue.as_deref(), &chat.reach, &self.engine.channels)
    }

    fn opening(&self, mut chat: Chat, line_id: LineId) -> Opening {
        // The notes are stored with the close.
        self.at_desk.routing.read_phones(&mut chat.reach, &mut Vec::new());
        let Destination { connection, address, .. } = self.place(&chat);
        Opening {
            line_id,
            operator: chat.operator.filter(|person| !person.program).map(operator),
            client: chat.client.map(|client| id(&client)),
            language: chat.language,
            connection,
            address,
        }
    }

    fn close_of(&self, told: &EventEnvelope, mut closing: Closing, line_id: LineId, notes: &mut Vec<String>) -> Close {
        self.at_desk.routing.read_phones(&mut closing.chat.reach, notes);
        let Destination { connection, address, others } = self.place(&closing.chat);
        let Closing { chat, by, already_rated, ask, ask_reason, by_person } = closing;
        let (operator, operators) = served(chat.operator, chat.operators, by, by_person);
        let opened_at = chat.opened_at.filter(|at| *at <= told.occurred_at);
        if chat.opened_at.is_some() && opened_at.is_none() {
            notes.push("The chat was said to begin after its end; its beginning was left out.".to_owned());
        }
        let (labels, fields) = self.engine.options.named.of_desk(chat.labels, chat.fields);
        Close {
            source: told.source.clone(),
            event_key: told.event_key.clone(),
            body_hash: told.body_hash.clone(),
            session_id: told.session_id.clone(),
            line_id,
            closed_at: told.occurred_at,
            opened_at,
            closed_by: closed_by(by),
            operator,
            operators,
            client: chat.client.map(|client| id::<ClientId>(&client)).filter(|id| !id.is_empty()),
            language: chat.language.filter(|tag| (2..=35).contains(&tag.len())),
            connection,
            address,
            addresses: others,
            last_client_message_at: chat.last_client_message_at,
            operator_messages: chat.operator_messages.map(i64::from),
            client_messages: chat.client_messages.map(i64::from),
            client_name: chat.client_name.map(|name| short(&name)).filter(|name| !name.is_empty()),
            already_rated,
            labels,
            fields,
            wish: match ask {
                None => Wish::Auto,
                Some(true) => Wish::Ask,
                Some(false) => Wish::Keep,
            },
            wish_reason: ask_reason.map(|reason| short(&reason)),
            desk_page: chat.page.as_deref().and_then(desk_page),
        }
    }
}

/// Removes the client's last message if it was the answer to our question: it is no sign of a new conversation.
fn without_the_answer(chat: &mut Chat, answer: &Answered) {
    if chat.last_client_message_at.is_some_and(|at| at > answer.closed_at && answer.covers(at)) {
        (chat.last_client_message_at, chat.client_messages) = (None, None);
    }
}

/// Operators of a chat: the responsible one, who is a person if a person wrote, and a program only if no person did; and all who
/// wrote, which decides who handled the chat.
fn served(responsible: Option<Person>, wrote: Vec<Person>, by: CloseBy, closer: Option<Person>) -> (Option<Operator>, Vec<Operator>) {
    let people = wrote.iter().any(|person| !person.program);
    let counts = |person: &Person| !person.id.is_empty() && (wrote.is_empty() || person.program != people);
    let last = wrote.iter().rev().find(|person| counts(person)).cloned();
    // An operator who closed a chat without messages is not credited with it for that alone.
    let closer = closer.filter(|person| by == CloseBy::Operator && !wrote.is_empty() && counts(person));
    let responsible = responsible.filter(counts).or(last).or(closer);
    let mut operators: Vec<Operator> = Vec::new();
    for person in wrote.iter().filter(|person| !person.id.is_empty()).cloned().chain(responsible.clone()) {
        let person = operator(person);
        if operators.iter().all(|known| known.id != person.id) {
            operators.push(person);
        }
    }
    (responsible.map(operator), operators)
}

fn operator(person: Person) -> Operator {
    Operator {
        id: id(&person.id),
        name: person.name.map(|name| short(&name)).filter(|name| !name.is_empty()),
        // Not every desk distinguishes programs from people: for one it does not mark as a program, the stored kind applies.
        kind: person.program.then_some(OperatorKind::Program),
    }
}

fn closed_by(by: CloseBy) -> ClosedBy {
    match by {
        CloseBy::Operator => ClosedBy::Operator,
        CloseBy::Client => ClosedBy::Client,
        CloseBy::Timeout => ClosedBy::Timeout,
        CloseBy::Bot => ClosedBy::Bot,
        CloseBy::Spam => ClosedBy::Spam,
        CloseBy::Forced => ClosedBy::Forced,
    }
}

/// An ID on one line. A long one is cut and gets a hash of the whole, so that two with the same beginning stay different.
fn id<Id: From<String>>(text: &str) -> Id {
    let plain = text.replace(char::is_control, " ");
    lastword_domain::session::short_id(plain.trim(), LENGTH_MAX).into()
}

/// A name on one line, cut if it is too long.
fn short(text: &str) -> String {
    text.replace(char::is_control, " ").trim().chars().take(LENGTH_MAX).collect()
}

fn unknown_line(queue: Option<&str>) -> DeskEventResult {
    let queue = queue.map_or_else(|| "a chat without a queue".to_owned(), |queue| format!("the queue \"{}\"", short(queue)));
    DeskEventResult::Refused("line", format!("There is no line for {queue}: set line, or lines, of the connection, and add that line."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, program: bool) -> Person {
        Person { id: id.to_owned(), name: None, program }
    }

    #[test]
    fn people_are_credited_before_programs() {
        let ids = |served: (Option<Operator>, Vec<Operator>)| {
            (served.0.map(|one| one.id), served.1.into_iter().map(|one| one.id).collect::<Vec<_>>().join(" "))
        };
        let (bot, ann, ben) = (person("bot", true), person("ann", false), person("ben", false));
        let wrote = || vec![bot.clone(), ann.clone(), ben.clone()];
        let credited = |responsible, wrote, by, closer| ids(served(responsible, wrote, by, closer));
        assert_eq!(credited(Some(ann.clone()), wrote(), CloseBy::Operator, None), (Some("ann".into()), "bot ann ben".into()));
        assert_eq!(
            credited(Some(bot.clone()), wrote(), CloseBy::Operator, None),
            (Some("ben".into()), "bot ann ben".into()),
            "handed over"
        );
        assert_eq!(
            credited(Some(ann.clone()), vec![bot.clone()], CloseBy::Operator, None),
            (Some("bot".into()), "bot".into()),
            "ann only closed it"
        );
        assert_eq!(credited(None, vec![bot.clone()], CloseBy::Bot, None), (Some("bot".into()), "bot".into()), "alone");
        assert_eq!(credited(None, Vec::new(), CloseBy::Operator, Some(ben.clone())), (None, String::new()), "closing is not serving");
    }
}
