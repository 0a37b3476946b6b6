//! What a desk tells: chats that begin, go on, end, and who was in them.

use crate::{Address, Millis};
use std::collections::BTreeMap;

/// One thing that happened at a desk.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskEvent {
    /// The desk's id of this event, unique within the connection. The same event has the same key, whether it is posted,
    /// posted again, read ([`crate::Desk::read`]) or found later ([`crate::Desk::reconcile`]).
    pub key: String,
    /// When it happened, by the desk's clock.
    pub at: Millis,
    /// The desk's id of the chat, as text.
    pub session: String,
    /// What happened.
    pub kind: DeskEventKind,
    /// What was mended in what the desk told so that it could be taken, as sentences for its admin.
    pub notes: Vec<String>,
}

impl DeskEvent {
    /// An event in which nothing had to be mended.
    pub fn new(key: impl Into<String>, at: Millis, session: impl Into<String>, what: DeskEventKind) -> Self {
        Self { key: key.into(), at, session: session.into(), kind: what, notes: Vec::new() }
    }
}

/// What happened at a desk.
#[derive(Clone, PartialEq)]
pub enum DeskEventKind {
    /// A chat began.
    Opened(Box<Chat>),
    /// Somebody wrote. Notes among operators and messages of ours are not told.
    Wrote(Writer),
    /// A chat was closed.
    Closed(Box<Closing>),
    /// A closed chat is open again.
    Reopened,
    /// A chat went to another operator, another queue, or both.
    Reassigned {
        /// Who has it now; nobody where it only changed its queue.
        operator: Option<Person>,
        /// The queue that it is in now, where it changed.
        queue: Option<String>,
    },
    /// A chat became a part of another one.
    Merged {
        /// The chat that remains.
        into: String,
    },
    /// Something changed, and what the desk told is not enough: the chat has to be read ([`crate::Desk::read`]).
    Changed {
        /// How long to wait before it is read, in milliseconds: a desk may write down a moment later who closed a chat.
        read_after: Millis,
    },
    /// An entry of a request that cannot be used, among others that can: it is kept with what was refused, for people.
    Unusable {
        /// What is wrong with it, and the remedy.
        why: String,
    },
    /// Something that is of no interest: it is kept and counted.
    Other {
        /// What it was, in the desk's words.
        kind: String,
    },
}

/// Chats are personal.
impl std::fmt::Debug for DeskEventKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DeskEventKind::Opened(_) => f.write_str("Opened(…)"),
            DeskEventKind::Wrote(_) => f.write_str("Wrote(…)"),
            DeskEventKind::Closed(closing) => write!(f, "Closed(by {:?})", closing.by),
            DeskEventKind::Reopened => f.write_str("Reopened"),
            DeskEventKind::Reassigned { .. } => f.write_str("Reassigned(…)"),
            DeskEventKind::Merged { .. } => f.write_str("Merged(…)"),
            DeskEventKind::Changed { read_after } => write!(f, "Changed(read after {read_after} ms)"),
            DeskEventKind::Unusable { .. } => f.write_str("Unusable(…)"),
            DeskEventKind::Other { kind } => write!(f, "Other({kind})"),
        }
    }
}

/// Somebody who serves clients at a desk.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The desk's id, as text.
    pub id: String,
    /// The name, as colleagues know it.
    pub name: Option<String>,
    /// It is a program: a bot, an assistant, an automation.
    pub program: bool,
}

/// Names are personal.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.program { "Program(…)" } else { "Person(…)" })
    }
}

/// Who wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// The client.
    Client,
    /// An operator; nobody in particular where the desk does not say who.
    Operator(Option<Person>),
}

/// A chat as the desk knows it. What it does not know is left out and stays as it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chat {
    /// Where it is queued: the desk's own id of the inbox, group or department.
    pub queue: Option<String>,
    /// The responsible operator.
    pub operator: Option<Person>,
    /// All who wrote to the client, people and programs.
    pub operators: Vec<Person>,
    /// The desk's id of the client, the same over all of its channels.
    pub client: Option<String>,
    /// The client's name.
    pub client_name: Option<String>,
    /// The client's language, as BCP 47.
    pub language: Option<String>,
    /// Where the client can be written to, best first.
    pub reach: Vec<Reach>,
    /// When it began.
    pub opened_at: Option<Millis>,
    /// When the client last wrote.
    pub last_client_message_at: Option<Millis>,
    /// How many messages operators wrote to the client.
    pub operator_messages: Option<u32>,
    /// How many messages the client wrote.
    pub client_messages: Option<u32>,
    /// The labels or tags that operators gave it.
    pub labels: Vec<String>,
    /// Values of the desk's own fields, by their names there.
    pub fields: BTreeMap<String, String>,
    /// The chat's page at the desk.
    pub page: Option<String>,
}

/// One way to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What kind of way it is.
    pub by: Means,
    /// Where, in the terms of that way.
    pub address: Address,
}

/// What kind of way to a client an address is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// Through the desk: the address is the chat's id there. For desks that are a [`crate::Channel`] too.
    Desk,
    /// Through the messenger in which the chat takes place: the client's id there, such as a Telegram chat id.
    Messenger,
    /// By mail.
    Email,
    /// By the client's phone number as the desk stores it. The engine normalises it, with the country of the connection.
    Phone,
    /// Through the connection of this name.
    Connection(String),
}

/// A chat that was closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// The chat as it was then.
    pub chat: Chat,
    /// Who or what closed it.
    pub by: CloseBy,
    /// Who exactly, where the desk says so.
    pub by_person: Option<Person>,
    /// The client rated already, by the desk's own means.
    pub already_rated: bool,
    /// Whether whoever closed it wants the client asked; nothing leaves it to the line.
    pub ask: Option<bool>,
    /// Why, in their words.
    pub ask_reason: Option<String>,
}

/// Who or what closed a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseBy {
    /// An operator.
    #[default]
    Operator,
    /// The client.
    Client,
    /// Nobody wrote for too long.
    Timeout,
    /// A program that served the client.
    Bot,
    /// It was marked as spam, or its client blocked.
    Spam,
    /// By force: a rule, a group action, a clean-up.
    Forced,
}

/// What a request of a desk meant, and what to answer once it is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// What happened, in the request's order. All are kept, or none and the desk sends again.
    pub events: Vec<DeskEvent>,
    /// The body of the 200 that answers the request.
    pub reply: String,
}
