//! Interface between a channel's test file and the kit: start, control and observe the platform's stub.

use crate::{Address, Channel, Millis, RawRequest};
use async_trait::async_trait;

/// Behaviour of the platform until it is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// Accepts every message, and returns its ID if this platform has IDs.
    Ok,
    /// Refuses because the client blocked us, left or never existed.
    Blocked,
    /// Refuses because of its rate limit and asks to wait this many milliseconds (whole seconds).
    Throttled(Millis),
    /// Responds with a server error: 500 or 502.
    Down,
    /// Accepts the request and never responds. The harness gives its channel a timeout of a second or less.
    Hang,
    /// Does not accept the connection.
    Refused,
    /// Responds with 200 and meaningless bytes, such as a proxy's HTML page.
    Garbage,
}

/// The ability of a stub to behave as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// It does from now on.
    Ready,
    /// This platform never gets into that state, for this reason ("a mailbox in our own database has no rate limit").
    CannotHappen(&'static str),
}

/// A message as received and displayed by the platform's stub.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// The text visible to the client, decoded (no JSON escapes, no markup).
    pub text: String,
    /// Tokens of all choices, of the comment box and of the native form, in order. Links in a text count by their token.
    pub tokens: Vec<String>,
    /// The platform's ID of the message replaced by this one.
    pub replaces: Option<String>,
    /// Our key, if it was passed to the platform.
    pub key: Option<String>,
    /// The bytes as received (a mail's parts decoded), for links and for data that only programs read.
    pub raw: String,
}

/// The test set-up of a channel: a stub of the platform, and the channel connected to it.
///
/// Every case gets a new one in the state [`Remote::Ok`] without calls.
#[async_trait]
pub trait Harness: Send + Sync {
    /// Starts the stub (on 127.0.0.1, port 0) and builds the channel, with recognisable secrets.
    async fn start() -> Self
    where
        Self: Sized;

    /// The channel under test.
    fn channel(&self) -> &dyn Channel;

    /// Makes the platform behave like `remote` from now on.
    async fn play(&self, remote: Remote) -> Played;

    /// All messages received by the stub since the start, in order, including those that it refused or never answered.
    /// Calls of [`Channel::check`] are not messages.
    async fn calls(&self) -> Vec<Call>;

    /// A client known to the stub.
    fn client(&self) -> Address;

    /// A group known to the platform; required if [`crate::Rate::per_group_ms`] is set.
    fn group(&self) -> Option<Address> {
        None
    }

    /// Another person in the same or another conversation, if the platform distinguishes them.
    fn stranger(&self) -> Option<Address> {
        None
    }

    /// The platform's signed request for a *new* press by `by` on the choice with `token`. Later presses are later in the
    /// platform's order. `None` if there are no buttons: answers are typed, or go elsewhere (links).
    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest>;

    /// The platform's signed request for a new text by `by`; `None` if clients cannot type.
    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, by);
        None
    }

    /// The platform's signed request for a comment from the box with `token`; `None` if there is no box.
    fn comment(&self, token: &str, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (token, text, by);
        None
    }

    /// The platform's signed request for its native form with `token`, submitted with `score` and `comment`; `None` if
    /// there is no such form.
    fn form(&self, token: &str, score: u8, comment: &str, by: &Address) -> Option<RawRequest> {
        let _ = (token, score, comment, by);
        None
    }

    /// The platform's signed request for a new text by `by` that replies to the message with this ID, which is not ours;
    /// `None` if the platform has no replies.
    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, to, by);
        None
    }

    /// The platform's signed request for a text that `by` forwarded, or that refers to something that is not a message of
    /// the chat (a story, a product); `None` if the platform has no such texts, or does not mark them.
    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, by);
        None
    }

    /// The platform's signed request for a reaction by `by` to the message with this ID, or for its removal (`None`);
    /// required if [`crate::Capabilities::reactions`] is claimed.
    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        let _ = (message_id, emoji, by);
        None
    }

    /// The platform's signed request for an edit by `by` of their message with this ID, as returned by [`Harness::text`];
    /// required if [`crate::Capabilities::edits_seen`] is claimed.
    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, message_id, by);
        None
    }

    /// The platform's signed request for the deletion by `by` of their message with this ID; required if
    /// [`crate::Capabilities::deletions_seen`] is claimed.
    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        let _ = (message_id, by);
        None
    }

    /// The platform's signed request reporting that a message of ours arrived; `None` if it never reports that.
    fn delivered(&self, message_id: &str, key: &str) -> Option<RawRequest> {
        let _ = (message_id, key);
        None
    }

    /// A well-formed, signed event of a kind that the channel does not know.
    fn unknown_event(&self) -> Option<RawRequest> {
        None
    }

    /// Makes the platform return one update, of any kind, at the next fetch, and returns its bytes; `None` if the channel
    /// does not listen. An update in an unusual form (blanks, `1.50`) shows best that its bytes are preserved.
    async fn offer(&self) -> Option<Vec<u8>> {
        None
    }

    /// These bytes, signed as the platform signs; `None` if nothing is received here.
    fn signed(&self, body: &[u8]) -> Option<RawRequest>;

    /// `request` without a signature, with a wrong one, with one of another body …: everything that must be rejected.
    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest>;

    /// Secrets that must never be shown: tokens, keys, secret URLs, in every form they take.
    fn secrets(&self) -> Vec<String>;
}
