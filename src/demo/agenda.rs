//! What will happen in the demo's history: what is known of a chat until its client has answered, and what is planned.

use lastword_base::time::Millis;
use lastword_life::answer::batch::Arrived;
use lastword_life::session::close_batch::Close;

/// Something that happens at a moment.
pub(super) enum Event {
    /// A chat is closed.
    Close(Box<Close>),
    /// What is due leaves.
    Leave,
    /// A client or a supervisor taps or writes.
    Arrive(Box<Arrived>),
    /// A supervisor works.
    Work(Task),
    /// Questions that nobody answered are over.
    Expire,
    /// Those are told who have to know which replies are late.
    Late,
}

/// What the client of a chat is like.
pub(super) struct Mood {
    /// The line.
    pub(super) line: &'static str,
    /// How content, from 0 to 1.
    pub(super) content: f64,
    /// How likely to answer, from 0 to 1.
    pub(super) answers: f64,
    /// Whether it is one of the bad days.
    pub(super) bad_days: bool,
    /// When the chat began.
    pub(super) opened_at: Millis,
    /// When it was closed.
    pub(super) closed_at: Millis,
    /// The operator's name.
    pub(super) operator: &'static str,
    /// What the client is unhappy about, if so.
    pub(super) reason: &'static str,
}

/// A rating that will be given.
pub(super) struct Answer {
    /// The rating request.
    pub(super) request: String,
    /// What the client is unhappy about, if so.
    pub(super) reason: &'static str,
    /// Whether the client is content.
    pub(super) well: bool,
    /// When it is given.
    pub(super) at: Millis,
}

/// Something to do about a rating.
pub(super) struct Task {
    /// The rating request.
    pub(super) request: String,
    /// What to do.
    pub(super) what: What,
}

impl Task {
    /// Whether a message leaves when it is done.
    pub(super) fn writes(&self) -> bool {
        matches!(self.what, What::Reply(_))
    }
}

/// What is to be done.
pub(super) enum What {
    /// Write to the client.
    Reply(&'static str),
    /// Note what was done.
    Note(&'static str),
    /// Ask for the rating to be voided.
    Appeal,
    /// Score the conversation.
    Score(u8, Option<&'static str>),
}
