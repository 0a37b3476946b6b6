//! What comes in: a raw request from a platform, and what it means.

use crate::{Address, Millis, SendError};

/// Header names (lower case) and values of a raw request. A byte of a value beyond ASCII is the character of that number
/// (ISO 8859-1), so that no value loses anything.
#[derive(Clone, Default)]
pub struct Headers(Vec<(String, String)>);

/// Values may be secrets.
impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Headers {
    /// Collects headers; names are folded to lower case.
    pub fn new(pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.as_ref().to_ascii_lowercase(), value.into())).collect())
    }

    /// The first value of `name`, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All headers in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// One HTTP request from a platform, exactly as it came.
#[derive(Clone)]
pub struct RawRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The query string without `?`, undecoded.
    pub query: String,
    /// All headers.
    pub headers: Headers,
    /// The raw bytes; signatures are over these and never over a re-serialised form.
    pub body: Vec<u8>,
    /// When it reached us.
    pub received_at: Millis,
}

/// What clients write stays out of debug output.
impl std::fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, bytes) = (&self.method, self.body.len());
        f.debug_struct("RawRequest").field("method", method).field("headers", &self.headers).field("bytes", &bytes).finish_non_exhaustive()
    }
}

/// What a request meant, and what to answer once it is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// What happened, in the request's order. All are kept, or none and the platform sends again.
    pub events: Vec<Inbound>,
    /// The body of the 200 that answers the request; empty unless the platform wants something (a challenge).
    pub reply: String,
}

/// One thing that happened at the platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// The platform's id of this event, unique within the connection: the same event sent again has the same key.
    pub key: String,
    /// The platform's order of events, so that redelivery and reordering lead to the same value.
    pub order: i64,
    /// The platform's own time of the event, where it gives one.
    pub at: Option<Millis>,
    /// What happened.
    pub kind: InboundKind,
}

/// What happened.
#[derive(Clone, PartialEq)]
pub enum InboundKind {
    /// Somebody tapped a choice.
    Press {
        /// What was on it. The channel does not judge it: its MAC is checked by the engine.
        token: String,
        /// Who tapped.
        by: Address,
        /// The platform's id of the message that carried the choice.
        message_id: Option<String>,
        /// What [`crate::Channel::acknowledge`] needs to stop the platform's spinner.
        press_id: Option<String>,
    },
    /// Somebody wrote a text.
    Text(TextMessage),
    /// A comment came back from a [`crate::CommentBox`].
    Comment {
        /// The box's token.
        token: String,
        /// Who wrote.
        by: Address,
        /// The comment.
        text: String,
    },
    /// A native form came back: the platform names the score, the token says which question it answers.
    Form {
        /// What [`crate::Outgoing::form`] carried.
        token: String,
        /// Who answered.
        by: Address,
        /// The score on the question's scale.
        score: u8,
        /// What was written beside it.
        comment: Option<String>,
    },
    /// Somebody put an emoji on a message, or took it back. It does not open the platform's window by itself: where the platform
    /// says that it does, an [`InboundKind::Wrote`] comes beside it.
    Reaction(Reaction),
    /// Somebody changed a message that they had written: the text as it reads now, under the id it had before
    /// ([`TextMessage::message_id`], without which nothing can be changed). It opens no window.
    Edited(TextMessage),
    /// Somebody deleted a message that they had written. It opens no window.
    Deleted {
        /// Who deleted it.
        by: Address,
        /// The platform's id of the message.
        message_id: String,
    },
    /// The client wrote, or did what the platform takes for it: the window runs from now. A [`InboundKind::Text`] says so by
    /// itself; this is for presses and the like. Said beside a press, a comment or a form of the same client in one request
    /// it belongs to that; alone it is a message that is not for us.
    Wrote {
        /// Whose conversation.
        by: Address,
        /// The platform's time of it.
        at: Millis,
        /// The end of the window, where the platform names one.
        window_expires_at: Option<Millis>,
    },
    /// The client has another address from now on.
    Moved {
        /// The old address.
        from: Address,
        /// The new one.
        to: Address,
    },
    /// The platform tells what became of a message of ours.
    Status {
        /// The platform's id of our message.
        message_id: Option<String>,
        /// Our own key, where the platform echoes it.
        key: Option<String>,
        /// What became of it.
        status: DeliveryStatus,
    },
    /// The client no longer wants to hear from us (blocked the bot), or wants to again.
    Reachable {
        /// Whose conversation.
        by: Address,
        /// Whether we may write.
        reachable: bool,
    },
    /// Something that is not for us. Kept and counted.
    Other {
        /// The platform's word for it.
        kind: String,
    },
}

/// Texts, tokens and persons stay out of debug output.
impl std::fmt::Debug for InboundKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            InboundKind::Press { .. } => f.write_str("Press(…)"),
            InboundKind::Text(message) => write!(f, "Text({message:?})"),
            InboundKind::Comment { .. } => f.write_str("Comment(…)"),
            InboundKind::Form { .. } => f.write_str("Form(…)"),
            InboundKind::Reaction(reaction) => write!(f, "{reaction:?}"),
            InboundKind::Edited(message) => write!(f, "Edited({message:?})"),
            InboundKind::Deleted { .. } => f.write_str("Deleted(…)"),
            InboundKind::Wrote { .. } => f.write_str("Wrote(…)"),
            InboundKind::Moved { .. } => f.write_str("Moved(…)"),
            InboundKind::Status { status, .. } => write!(f, "Status({status:?})"),
            InboundKind::Reachable { reachable, .. } => write!(f, "Reachable({reachable})"),
            InboundKind::Other { kind } => write!(f, "Other({kind})"),
        }
    }
}

/// A text that somebody wrote, and what it belongs to.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// The text as it came.
    pub text: String,
    /// Who wrote.
    pub by: Address,
    /// The platform's id of this message, by which an edit or a deletion names it later. `None` where the platform has none.
    pub message_id: Option<String>,
    /// What the text belongs to.
    pub context: Context,
}

impl TextMessage {
    /// A text that stands alone, of which no id is known.
    pub fn new(text: impl Into<String>, by: Address) -> Self {
        Self { text: text.into(), by, message_id: None, context: Context::Own }
    }

    /// The same text under the platform's id of it.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self { message_id: Some(id.into()), ..self }
    }

    /// The same text as an answer to the message with this id, whoever wrote that message.
    #[must_use]
    pub fn in_reply_to(self, id: impl Into<String>) -> Self {
        self.about(Context::ReplyTo(id.into()))
    }

    /// The same text in this context.
    #[must_use]
    pub fn about(self, context: Context) -> Self {
        Self { context, ..self }
    }
}

/// Texts and persons stay out of debug output.
impl std::fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.context {
            Context::Own => "own",
            Context::ReplyTo(_) => "reply",
            Context::Elsewhere(word) => word,
        })
    }
}

/// What a text belongs to. A text is taken for an answer only where it stands alone or replies to a message of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Context {
    /// It stands alone.
    #[default]
    Own,
    /// It answers the message with this id of the platform, whether that message is ours or not.
    ReplyTo(String),
    /// It belongs to something that is no message of this chat, or that cannot be named by an id: something forwarded, a story,
    /// a product, a message of another chat. The word names it, for logs and counts.
    Elsewhere(&'static str),
}

impl Context {
    /// The id of the message that the text answers, if it answers one that can be named.
    #[must_use]
    pub fn replied_to(&self) -> Option<&str> {
        match self {
            Context::ReplyTo(id) => Some(id),
            Context::Own | Context::Elsewhere(_) => None,
        }
    }
}

/// Where a platform names the message that a text answers, or none.
impl From<Option<String>> for Context {
    fn from(replied: Option<String>) -> Self {
        replied.map_or(Context::Own, Context::ReplyTo)
    }
}

/// An emoji that somebody put on a message, or took back.
#[derive(Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Who reacted.
    pub by: Address,
    /// The platform's id of the message that carries it, whoever wrote that message.
    pub message_id: String,
    /// The emoji as it came; what is no emoji (a picture of the platform's own) is an empty text. `None` when it was taken back.
    pub emoji: Option<String>,
}

/// Persons stay out of debug output.
impl std::fmt::Debug for Reaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.emoji.is_some() { "Reaction(…)" } else { "Reaction(taken back)" })
    }
}

/// What became of a message of ours, by the platform's word.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryStatus {
    /// It is on its way.
    Sent,
    /// It is on the client's device.
    Delivered,
    /// The client saw it.
    Read,
    /// It will not arrive.
    Failed(SendError),
}

/// A request that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The signature or the secret is missing or wrong: 401, counted, nothing kept.
    #[error("not signed by the platform: {0}")]
    Unsigned(&'static str),
    /// Signed, but it cannot be read: kept in the inbox as unreadable, answered 200, counted.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// This channel takes nothing in at this address: 404.
    #[error("nothing is received here")]
    NotHere,
}
