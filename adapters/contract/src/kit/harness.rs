//! What a channel's test file tells the kit: how to start, steer and watch the platform's stub.

use crate::{Address, Channel, Millis, RawRequest};
use async_trait::async_trait;

/// How the platform behaves from now on, until told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote {
    /// Takes every message, and names it where this platform names messages.
    Ok,
    /// Refuses because the client blocked us, left or never existed.
    Blocked,
    /// Refuses because of its rate limit and asks to wait this many milliseconds (whole seconds).
    Throttled(Millis),
    /// Answers with a server error: 500 or 502.
    Down,
    /// Takes the request and never answers. The harness gives its channel a time limit of a second or less.
    Hang,
    /// Does not accept the connection.
    Refused,
    /// Answers 200 with bytes that make no sense, such as a proxy's HTML page.
    Garbage,
}

/// Whether the stub can behave as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// From now on it does.
    Ready,
    /// This platform never gets there, for this reason ("a mailbox in our own database has no rate limit").
    CannotHappen(&'static str),
}

/// One message as the platform's stub got it and would show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// The text that the client would see, decoded (no JSON escapes, no markup).
    pub text: String,
    /// The tokens of everything to tap, of the comment box and of the native form, in order. Links in a text count by
    /// their token.
    pub tokens: Vec<String>,
    /// The platform's id of the message that this one took the place of.
    pub replaces: Option<String>,
    /// Our key, where it was passed on to the platform.
    pub key: Option<String>,
    /// The bytes as they came (a mail's parts decoded), for links and for facts that only programs read.
    pub raw: String,
}

/// The set-up of one channel's tests: a stub of the platform and the channel pointed at it.
///
/// Every case gets a fresh one, and starts at [`Remote::Ok`] with no calls.
#[async_trait]
pub trait Harness: Send + Sync {
    /// Starts the stub (on 127.0.0.1, port 0) and builds the channel, with secrets that are easy to recognise.
    async fn start() -> Self
    where
        Self: Sized;

    /// The channel under test.
    fn channel(&self) -> &dyn Channel;

    /// Makes the platform behave like `remote` from now on.
    async fn play(&self, remote: Remote) -> Played;

    /// All messages that the stub got since the start, also those that it refused or never answered, in order.
    /// Questions about ourselves ([`Channel::check`]) are not messages.
    async fn calls(&self) -> Vec<Call>;

    /// A client whom the stub knows.
    fn client(&self) -> Address;

    /// A group that the platform knows; needed where [`crate::Rate::per_group_ms`] is set.
    fn group(&self) -> Option<Address> {
        None
    }

    /// Another person in the same or another conversation, where the platform can tell them apart.
    fn stranger(&self) -> Option<Address> {
        None
    }

    /// The platform's signed request for a *new* press by `by` on the choice that carries `token`. Later presses have
    /// a later place in the platform's order. `None` where nothing can be tapped: answers are typed, or go elsewhere (links).
    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest>;

    /// The platform's signed request for a new text by `by`; `None` where clients cannot type.
    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, by);
        None
    }

    /// The platform's signed request for a comment from the box with `token`; `None` where there is no box.
    fn comment(&self, token: &str, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (token, text, by);
        None
    }

    /// The platform's signed request for its native form with `token`, sent back with `score` and `comment`; `None` where
    /// there is no such form.
    fn form(&self, token: &str, score: u8, comment: &str, by: &Address) -> Option<RawRequest> {
        let _ = (token, score, comment, by);
        None
    }

    /// The platform's signed request for a new text by `by` that replies to the message with this id, which is not ours; `None`
    /// where the platform has no replies.
    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, to, by);
        None
    }

    /// The platform's signed request for a text that `by` forwarded, or wrote about something that is no message of the chat (a
    /// story, a product); `None` where the platform has no such texts, or does not mark them.
    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, by);
        None
    }

    /// The platform's signed request for a reaction by `by` to the message with this id, or for taking it back (`None`); needed
    /// where [`crate::Capabilities::reactions`] is claimed.
    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        let _ = (message_id, emoji, by);
        None
    }

    /// The platform's signed request for an edit by `by` of their message with this id, as [`Harness::text`] had it; needed where
    /// [`crate::Capabilities::edits_seen`] is claimed.
    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        let _ = (text, message_id, by);
        None
    }

    /// The platform's signed request for the deletion by `by` of their message with this id; needed where
    /// [`crate::Capabilities::deletions_seen`] is claimed.
    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        let _ = (message_id, by);
        None
    }

    /// The platform's signed request that says that a message of ours arrived; `None` where it never says.
    fn delivered(&self, message_id: &str, key: &str) -> Option<RawRequest> {
        let _ = (message_id, key);
        None
    }

    /// A well-formed, signed event of a kind that the channel does not know.
    fn unknown_event(&self) -> Option<RawRequest> {
        None
    }

    /// Makes the platform hand over one update, of any kind, at the next fetch, and gives its very bytes; `None` where the
    /// channel does not listen. An update in an unusual form (blanks, `1.50`) shows best that its bytes stay.
    async fn offer(&self) -> Option<Vec<u8>> {
        None
    }

    /// These bytes, signed as the platform signs; `None` if nothing is received here.
    fn signed(&self, body: &[u8]) -> Option<RawRequest>;

    /// `request` with no signature, a wrong one, one of another body …: everything that has to be rejected.
    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest>;

    /// What must never be seen: tokens, keys, secret URLs, in every form that they take.
    fn secrets(&self) -> Vec<String>;
}
