//! Interface between a desk's test file and the kit: start, control and observe the desk's stub.

use crate::kit::{Played, Remote};
use crate::{CloseBy, Desk, Millis, RawRequest};
use async_trait::async_trait;

/// An event in a chat of the stub, at least a second after the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The client writes. In a closed chat this has the effect that it has in the desk; most reopen it.
    ClientWrites,
    /// The responsible operator writes to the client.
    OperatorWrites,
    /// Another operator writes to the client.
    ColleagueWrites,
    /// A known program writes to the client.
    ProgramWrites,
    /// The chat is closed; by the responsible operator for closes by operators.
    Close(CloseBy),
    /// An operator reopens the chat.
    Reopen,
    /// Another operator becomes the responsible one.
    Reassign,
    /// The chat is merged into another one created for this.
    Merge,
    /// An operator edits data of the chat: a label, a field, a note.
    Edit,
}

/// Problems of a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The desk posts nothing to us.
    NoHook,
    /// The desk also asks clients itself.
    AsksItself,
    /// Our key has too few rights.
    FewRights,
}

/// Data about a chat at the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Our internal notes, oldest first.
    pub notes: Vec<String>,
    /// The rating as a field of the chat, if the desk has such fields.
    pub field: Option<String>,
    /// Data of others: fields, labels, tags. Never empty: the stub starts with some.
    pub of_others: Vec<String>,
    /// Number of messages visible to the client.
    pub client_sees: usize,
}

/// The test set-up of a desk: a stub of its HTTP API, and the adapter connected to it.
///
/// Every case gets a new one in the state [`Remote::Ok`], set up, without problems.
#[async_trait]
pub trait DeskHarness: Send + Sync {
    /// Starts the stub (on 127.0.0.1, port 0) and builds the desk, with recognisable secrets.
    async fn start() -> Self
    where
        Self: Sized;

    /// The desk under test.
    fn desk(&self) -> &dyn Desk;

    /// The stub's clock.
    fn now(&self) -> Millis;

    /// Runs the stub's background jobs.
    async fn later(&self) {}

    /// Makes calls of the desk's API end like `remote`. [`Remote::Hang`] performs the call and loses the response.
    async fn play(&self, remote: Remote) -> Played;

    /// Creates a chat in which the client and the responsible operator wrote. Returns its ID as used in events, and the
    /// desk's requests.
    async fn open(&self) -> (String, Vec<RawRequest>);

    /// Makes something happen and returns the desk's requests, in order. `None` if it cannot happen in this desk.
    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>>;

    /// The data about a chat at the desk.
    async fn traces(&self, session: &str) -> Traces;

    /// The desk's requests about our own changes since the last call of any method, in order.
    async fn echoes(&self) -> Vec<RawRequest> {
        Vec::new()
    }

    /// The desk's IDs of the responsible operator, the colleague and the program, as used in events.
    fn people(&self) -> [String; 3];

    /// URL that the desk posts to.
    fn hook_url(&self) -> String;

    /// Number of our hooks at the stub; `None` if hooks are set up by hand.
    async fn hooks(&self) -> Option<usize> {
        None
    }

    /// Causes a problem at the stub; `false` if it cannot occur.
    async fn spoil(&self, wrong: Wrong) -> bool {
        let _ = wrong;
        false
    }

    /// Number of calls that changed something at the stub so far.
    async fn changes(&self) -> usize;

    /// The same request as posted by older releases, without the account; `None` if it contains no account.
    fn without_account(&self, request: &RawRequest) -> Option<RawRequest> {
        let _ = request;
        None
    }

    /// A well-formed, signed event of a kind that the adapter does not know.
    fn unknown_event(&self) -> RawRequest;

    /// These bytes, signed as the desk signs.
    fn signed(&self, body: &[u8]) -> RawRequest;

    /// `request` without a signature, with a wrong one, with one of another body …: everything that must be rejected.
    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest>;

    /// Secrets that must never be shown: tokens, keys, secret URLs, in every form they take.
    fn secrets(&self) -> Vec<String>;
}
