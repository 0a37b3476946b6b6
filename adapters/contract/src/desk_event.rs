//! Events of desks: chats that begin, continue and end, and their participants.

use crate::{Address, Millis};
use std::collections::BTreeMap;

/// An event at a desk.
#[derive(Clone, Debug, PartialEq)]
pub struct DeskEvent {
    /// The desk's ID of this event, unique within the connection. The same event has the same key, whether it is posted,
    /// posted again, read ([`crate::Desk::read`]) or found later ([`crate::Desk::reconcile`]).
    pub key: String,
    /// Time of the event, by the desk's clock.
    pub at: Millis,
    /// The desk's ID of the chat, as a string.
    pub session: String,
    /// Kind of the event.
    pub kind: DeskEventKind,
    /// Corrections made so that the event could be accepted, as sentences for an admin.
    pub notes: Vec<String>,
}

impl DeskEvent {
    /// An event without corrections.
    pub fn new(key: impl Into<String>, at: Millis, session: impl Into<String>, what: DeskEventKind) -> Self {
        Self { key: key.into(), at, session: session.into(), kind: what, notes: Vec::new() }
    }
}

/// Kind of an event at a desk.
#[derive(Clone, PartialEq)]
pub enum DeskEventKind {
    /// A chat began.
    Opened(Box<Chat>),
    /// A message was written. Internal notes and our own messages are not reported.
    Wrote(Writer),
    /// A chat was closed.
    Closed(Box<Closing>),
    /// A closed chat was reopened.
    Reopened,
    /// A chat was assigned to another operator, another queue, or both.
    Reassigned {
        /// The new operator; `None` if only the queue changed.
        operator: Option<Person>,
        /// The new queue, if it changed.
        queue: Option<String>,
    },
    /// A chat was merged into another one.
    Merged {
        /// The chat that remains.
        into: String,
    },
    /// The chat changed, but the event does not say enough: it has to be read ([`crate::Desk::read`]).
    Changed {
        /// Milliseconds to wait before it is read: some desks record who closed a chat a moment later.
        read_after: Millis,
    },
    /// An entry that cannot be used, in a request with other usable ones. It is listed among the refused calls, for people to look at.
    Unusable {
        /// What is wrong with it, and the remedy.
        why: String,
    },
    /// An event that is of no interest. It is stored and counted.
    Other {
        /// Its kind, in the desk's terms.
        kind: String,
    },
}

/// Leaves out chats, which are personal data.
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

/// A person or program that serves clients at a desk.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The desk's ID, as a string.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// True for a program: a bot, an assistant, an automation.
    pub program: bool,
}

/// Leaves out names, which are personal data.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.program { "Program(…)" } else { "Person(…)" })
    }
}

/// Author of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// The client.
    Client,
    /// An operator; `None` if the desk does not say which.
    Operator(Option<Person>),
}

/// A chat as known to the desk. Unknown facts are left out and keep their previous value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chat {
    /// The desk's ID of the inbox, group or department.
    pub queue: Option<String>,
    /// The responsible operator.
    pub operator: Option<Person>,
    /// All who wrote to the client, people and programs.
    pub operators: Vec<Person>,
    /// The desk's ID of the client, the same on all of its channels.
    pub client: Option<String>,
    /// Name of the client.
    pub client_name: Option<String>,
    /// Language of the client, as a BCP 47 tag.
    pub language: Option<String>,
    /// Addresses of the client, best first.
    pub reach: Vec<Reach>,
    /// Time the chat began.
    pub opened_at: Option<Millis>,
    /// Time of the client's last message.
    pub last_client_message_at: Option<Millis>,
    /// Number of messages from operators to the client.
    pub operator_messages: Option<u32>,
    /// Number of messages from the client.
    pub client_messages: Option<u32>,
    /// Labels or tags assigned by operators.
    pub labels: Vec<String>,
    /// Values of the desk's own fields, by their names there.
    pub fields: BTreeMap<String, String>,
    /// URL of the chat at the desk.
    pub page: Option<String>,
}

/// A way to reach a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Kind of the address.
    pub by: Means,
    /// The address, in the terms of that kind.
    pub address: Address,
}

/// Kinds of addresses of a client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// Through the desk: the address is the chat's ID there. For desks that are also a [`crate::Channel`].
    Desk,
    /// Through the messenger of the chat: the client's ID there, such as a Telegram chat ID.
    Messenger,
    /// By mail.
    Email,
    /// By the client's phone number as stored by the desk. The engine normalises it, with the country of the connection.
    Phone,
    /// Through the connection of this name.
    Connection(String),
}

/// A chat that was closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// The chat at that time.
    pub chat: Chat,
    /// Who or what closed it.
    pub by: CloseBy,
    /// The person who closed it, if the desk says so.
    pub by_person: Option<Person>,
    /// True if the client already rated in the desk itself.
    pub already_rated: bool,
    /// The closer's choice whether to ask the client; `None` leaves it to the line.
    pub ask: Option<bool>,
    /// The closer's reason.
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
    /// A timeout without messages.
    Timeout,
    /// A program that served the client.
    Bot,
    /// Marked as spam, or its client was blocked.
    Spam,
    /// By force: a rule, a group action, a clean-up.
    Forced,
}

/// The events of a desk's request, and the response to send after they are stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The events, in the request's order. All are stored, or none and the desk sends them again.
    pub events: Vec<DeskEvent>,
    /// Body of the 200 response.
    pub reply: String,
}
