//! Planned events of the demo's history, and properties of a chat until its client has answered.

use lastword_base::names::RequestId;
use lastword_base::time::Millis;
use lastword_life::facts::inbound::Arrived;
use lastword_life::session::close_batch::Close;

/// An event.
pub(super) enum Event {
    /// A chat is closed.
    Close(Box<Close>),
    /// Due messages are sent.
    Leave,
    /// A client or a supervisor taps or writes.
    Arrive(Box<Arrived>),
    /// A supervisor works.
    Work(Task),
    /// Unanswered questions expire.
    Expire,
    /// Recipients are notified of late replies.
    Late,
}

/// Properties of a chat's client.
pub(super) struct Mood {
    /// The line.
    pub(super) line: &'static str,
    /// Satisfaction, from 0 to 1.
    pub(super) content: f64,
    /// Probability of an answer, from 0 to 1.
    pub(super) answers: f64,
    /// True on one of the bad days.
    pub(super) bad_days: bool,
    /// Time when the chat began.
    pub(super) opened_at: Millis,
    /// Time of the close.
    pub(super) closed_at: Millis,
    /// Name of the operator.
    pub(super) operator: &'static str,
    /// Cause of the dissatisfaction, if any.
    pub(super) reason: &'static str,
}

/// A planned rating.
pub(super) struct Answer {
    /// The rating request.
    pub(super) request: RequestId,
    /// Cause of the dissatisfaction, if any.
    pub(super) reason: &'static str,
    /// True if the client is satisfied.
    pub(super) well: bool,
    /// Time of the rating.
    pub(super) at: Millis,
}

/// A task about a rating.
pub(super) struct Task {
    /// The rating request.
    pub(super) request: RequestId,
    /// Kind of task.
    pub(super) what: What,
}

impl Task {
    /// True if the task sends a message.
    pub(super) fn writes(&self) -> bool {
        matches!(self.what, What::Reply(_))
    }
}

/// Kind of task.
pub(super) enum What {
    /// Write to the client.
    Reply(&'static str),
    /// Note what was done.
    Note(&'static str),
    /// Ask an admin to void the rating.
    Appeal,
    /// Score the conversation.
    Score(u8, Option<&'static str>),
}
