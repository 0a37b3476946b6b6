//! What a desk's test file tells the kit: how to start, steer and watch the desk's stub.

use crate::kit::{Played, Remote};
use crate::{CloseBy, Desk, Millis, RawRequest};
use async_trait::async_trait;

/// Something that happens in a chat of the stub, a second or more after what happened before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The client writes. In a closed chat this does what the desk does then: mostly it opens it again.
    ClientWrites,
    /// The responsible operator writes to the client.
    OperatorWrites,
    /// Another operator writes to the client.
    ColleagueWrites,
    /// A program that the desk knows as one writes to the client.
    ProgramWrites,
    /// It is closed: by the responsible operator, where operators close.
    Close(CloseBy),
    /// An operator opens it again.
    Reopen,
    /// Another operator becomes the responsible one.
    Reassign,
    /// It becomes a part of a chat that is made for this.
    Merge,
    /// An operator edits what surrounds the chat: a label, a field, a note.
    Edit,
}

/// What can be wrong at a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The desk posts nothing to us.
    NoHook,
    /// The desk asks clients by itself as well.
    AsksItself,
    /// Our key has too few rights.
    FewRights,
}

/// What stands at the desk about a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Notes of ours among operators, oldest first.
    pub notes: Vec<String>,
    /// The rating as a field of the chat, where the desk has such fields.
    pub field: Option<String>,
    /// Everything that others put there: fields, labels, tags. Never empty: the stub begins with some.
    pub of_others: Vec<String>,
    /// How many messages the client sees.
    pub client_sees: usize,
}

/// The set-up of one desk's tests: a stub of the desk's HTTP API and the adapter pointed at it.
///
/// Every case gets a fresh one at [`Remote::Ok`], set up, with nothing wrong.
#[async_trait]
pub trait DeskHarness: Send + Sync {
    /// Starts the stub (on 127.0.0.1, port 0) and builds the desk, with secrets that are easy to recognise.
    async fn start() -> Self
    where
        Self: Sized;

    /// The desk under test.
    fn desk(&self) -> &dyn Desk;

    /// The stub's clock.
    fn now(&self) -> Millis;

    /// Lets the stub's background jobs run.
    async fn later(&self) {}

    /// Makes calls of the desk's API end like `remote` from now on. [`Remote::Hang`] takes the call and loses the answer.
    async fn play(&self, remote: Remote) -> Played;

    /// Makes a chat in which the client and the responsible operator wrote: its id as events name it, and what the desk
    /// posts.
    async fn open(&self) -> (String, Vec<RawRequest>);

    /// Lets something happen, and gives what the desk posts for it, in order. `None` where this desk knows no such thing.
    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>>;

    /// What stands at the desk about a chat.
    async fn traces(&self, session: &str) -> Traces;

    /// What the desk posts about traces of ours: the requests since the last call of any method, in order.
    async fn echoes(&self) -> Vec<RawRequest> {
        Vec::new()
    }

    /// The desk's id of the responsible operator, as events name them, of the colleague and of the program.
    fn people(&self) -> [String; 3];

    /// Where the desk posts to.
    fn hook_url(&self) -> String;

    /// How many hooks of ours the stub has; `None` where hooks are set by hand.
    async fn hooks(&self) -> Option<usize> {
        None
    }

    /// Puts something wrong at the stub; `false` where that cannot be.
    async fn spoil(&self, wrong: Wrong) -> bool {
        let _ = wrong;
        false
    }

    /// How many calls changed something at the stub so far.
    async fn changes(&self) -> usize;

    /// The same request as an older release posts it, without the account; `None` where the account is not in it.
    fn without_account(&self, request: &RawRequest) -> Option<RawRequest> {
        let _ = request;
        None
    }

    /// A well-formed, signed event of a kind that the adapter does not know.
    fn unknown_event(&self) -> RawRequest;

    /// These bytes, signed as the desk signs.
    fn signed(&self, body: &[u8]) -> RawRequest;

    /// `request` with no signature, a wrong one, one of another body …: everything that has to be rejected.
    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest>;

    /// What must never be seen: tokens, keys, secret URLs, in every form that they take.
    fn secrets(&self) -> Vec<String>;
}
