//! Incoming requests from platforms, and the events in them.

use crate::{Address, Millis, SendError};

/// Header names (lower case) and values of a raw request. Bytes of values are mapped to characters by ISO 8859-1, so that
/// nothing is lost.
#[derive(Clone, Default)]
pub struct Headers(Vec<(String, String)>);

/// Leaves out the values, which may be secrets.
impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Headers {
    /// Collects headers; names are converted to lower case.
    pub fn new(pairs: impl IntoIterator<Item = (impl AsRef<str>, impl Into<String>)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.as_ref().to_ascii_lowercase(), value.into())).collect())
    }

    /// The first value of `name`, which is case-insensitive.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All headers in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// An HTTP request from a platform, exactly as received.
#[derive(Clone)]
pub struct RawRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The query string without `?`, not decoded.
    pub query: String,
    /// All headers.
    pub headers: Headers,
    /// The raw bytes; signatures cover these and never a re-serialised form.
    pub body: Vec<u8>,
    /// Time of arrival.
    pub received_at: Millis,
}

/// Leaves clients' texts out of debug output.
impl std::fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, bytes) = (&self.method, self.body.len());
        f.debug_struct("RawRequest").field("method", method).field("headers", &self.headers).field("bytes", &bytes).finish_non_exhaustive()
    }
}

/// The events of a request, and the response to send after they are stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// The events, in the request's order. All are stored, or none and the platform sends them again.
    pub events: Vec<Inbound>,
    /// Body of the 200 response; empty unless the platform expects something (a challenge).
    pub reply: String,
}

/// An event at the platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// The platform's ID of this event, unique within the connection: the same event sent again has the same key.
    pub key: String,
    /// The platform's order of events, so that redelivery and reordering lead to the same value.
    pub order: i64,
    /// Time of the event according to the platform, if it reports one.
    pub at: Option<Millis>,
    /// Kind of the event.
    pub kind: InboundKind,
}

/// Kind of an event.
#[derive(Clone, PartialEq)]
pub enum InboundKind {
    /// A choice was tapped.
    Press {
        /// The token of the choice. The channel does not verify it; the engine checks its MAC.
        token: String,
        /// Who tapped.
        by: Address,
        /// The platform's ID of the message with the choice.
        message_id: Option<String>,
        /// Needed by [`crate::Channel::acknowledge`] to stop the platform's progress indicator.
        press_id: Option<String>,
    },
    /// A text was written.
    Text(TextMessage),
    /// A comment was entered in a [`crate::CommentBox`].
    Comment {
        /// Token of the box.
        token: String,
        /// Author.
        by: Address,
        /// The comment.
        text: String,
    },
    /// A native form was submitted: the platform reports the score, the token identifies the question.
    Form {
        /// The value of [`crate::Outgoing::form`].
        token: String,
        /// Who submitted it.
        by: Address,
        /// The score on the question's scale.
        score: u8,
        /// The comment.
        comment: Option<String>,
    },
    /// An emoji was put on a message, or removed. It does not open the platform's window by itself; if the platform says
    /// that it does, an [`InboundKind::Wrote`] is reported too.
    Reaction(Reaction),
    /// A message was edited: the current text, with the ID of the original ([`TextMessage::message_id`], without which
    /// there is no edit). It does not open the window.
    Edited(TextMessage),
    /// A message was deleted. It does not open the window.
    Deleted {
        /// Who deleted it.
        by: Address,
        /// The platform's ID of the message.
        message_id: String,
    },
    /// The client wrote, or did something that the platform counts as writing: the window starts now. [`InboundKind::Text`]
    /// implies this; it is meant for presses and the like. If it is in one request with a press, a comment or a form of the
    /// same client, it belongs to that; alone it is a message that is not for us.
    Wrote {
        /// Address of the client.
        by: Address,
        /// Time according to the platform.
        at: Millis,
        /// End of the window, if the platform reports one.
        window_expires_at: Option<Millis>,
    },
    /// The client has a new address.
    Moved {
        /// The old address.
        from: Address,
        /// The new one.
        to: Address,
    },
    /// The platform reports the status of a message of ours.
    Status {
        /// The platform's ID of our message.
        message_id: Option<String>,
        /// Our own key, if the platform returns it.
        key: Option<String>,
        /// The status.
        status: DeliveryStatus,
    },
    /// The client blocked us or unblocked us.
    Reachable {
        /// Address of the client.
        by: Address,
        /// True if we may write.
        reachable: bool,
    },
    /// An event that is not for us. It is stored and counted.
    Other {
        /// Its kind, in the platform's terms.
        kind: String,
    },
}

/// Leaves texts, tokens and persons out of debug output.
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

/// A text written by a person, and its context.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// The text as received.
    pub text: String,
    /// Author.
    pub by: Address,
    /// The platform's ID of this message, used by later edits and deletions. `None` if the platform has none.
    pub message_id: Option<String>,
    /// Context of the text.
    pub context: Context,
}

impl TextMessage {
    /// A text without context and without an ID.
    pub fn new(text: impl Into<String>, by: Address) -> Self {
        Self { text: text.into(), by, message_id: None, context: Context::Own }
    }

    /// Sets the platform's ID of the text.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self { message_id: Some(id.into()), ..self }
    }

    /// Marks the text as a reply to the message with this ID, by any author.
    #[must_use]
    pub fn in_reply_to(self, id: impl Into<String>) -> Self {
        self.about(Context::ReplyTo(id.into()))
    }

    /// Sets the context of the text.
    #[must_use]
    pub fn about(self, context: Context) -> Self {
        Self { context, ..self }
    }
}

/// Leaves texts and persons out of debug output.
impl std::fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.context {
            Context::Own => "own",
            Context::ReplyTo(_) => "reply",
            Context::Elsewhere(word) => word,
        })
    }
}

/// Context of a text. A text counts as an answer only if it has no context or replies to a message of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Context {
    /// No context.
    #[default]
    Own,
    /// Reply to the message with this platform ID, ours or not.
    ReplyTo(String),
    /// Refers to something that is not a message of this chat, or has no ID: a forwarded text, a story, a product, a
    /// message of another chat. The value names it, for logs and counts.
    Elsewhere(&'static str),
}

impl Context {
    /// The ID of the message to which the text replies, if any.
    #[must_use]
    pub fn replied_to(&self) -> Option<&str> {
        match self {
            Context::ReplyTo(id) => Some(id),
            Context::Own | Context::Elsewhere(_) => None,
        }
    }
}

/// From the replied-to message that a platform reports, or none.
impl From<Option<String>> for Context {
    fn from(replied: Option<String>) -> Self {
        replied.map_or(Context::Own, Context::ReplyTo)
    }
}

/// An emoji that a person put on a message, or removed.
#[derive(Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Who reacted.
    pub by: Address,
    /// The platform's ID of the message, by any author.
    pub message_id: String,
    /// The emoji as received; empty for a custom picture of the platform. `None` if the reaction was removed.
    pub emoji: Option<String>,
}

/// Leaves persons out of debug output.
impl std::fmt::Debug for Reaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.emoji.is_some() { "Reaction(…)" } else { "Reaction(taken back)" })
    }
}

/// Status of a message of ours, as reported by the platform.
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

/// Reasons to refuse a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The signature or the secret is missing or wrong: 401, counted, nothing stored.
    #[error("not signed by the platform: {0}")]
    Unsigned(&'static str),
    /// Signed but not readable: stored in the inbox as unreadable, answered with 200, counted.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// This channel receives nothing at this URL: 404.
    #[error("nothing is received here")]
    NotHere,
}
