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
    Text {
        /// The text as it came.
        text: String,
        /// Who wrote.
        by: Address,
        /// The platform's id of the message of ours it answers, if it answers one.
        reply_to: Option<String>,
    },
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
            InboundKind::Text { .. } => f.write_str("Text(…)"),
            InboundKind::Comment { .. } => f.write_str("Comment(…)"),
            InboundKind::Form { .. } => f.write_str("Form(…)"),
            InboundKind::Wrote { .. } => f.write_str("Wrote(…)"),
            InboundKind::Moved { .. } => f.write_str("Moved(…)"),
            InboundKind::Status { status, .. } => write!(f, "Status({status:?})"),
            InboundKind::Reachable { reachable, .. } => write!(f, "Reachable({reachable})"),
            InboundKind::Other { kind } => write!(f, "Other({kind})"),
        }
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
