//! What came in together and is taken in together: what the steps of an answer read of it, change and bring about.

use crate::domain::answer::Disposition;
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::life::question::settle::Says;
use crate::store::Millis;
use crate::store::answer::AnswerEvent;
use crate::store::answer::rating::Rating;
use crate::store::answer::rating_edit::RatingEdit;
use crate::store::line::Line;
use crate::store::question::delivery::NewDelivery;
use crate::store::question::ending::Behind;
use crate::store::question::rating_request::{Open, Place, RatingRequest};
use crate::store::records::inbox::Event;
use lastword_contract::{Inbound, RawRequest};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Something a channel told us.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The connection.
    pub connection: String,
    /// What it told.
    pub inbound: Inbound,
    /// SHA-256 of what was told.
    pub body_hash: String,
    /// The request that told it, shared by all events that it told. Only where a desk is behind the connection.
    pub came: Option<Arc<RawRequest>>,
}

/// What became of it, and what the platform may show to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptResult {
    /// What became of it.
    pub disposition: Disposition,
    /// It was told before; nothing happened now.
    pub repeated: bool,
    /// It is an ordinary message as well, for the desk to read: text stood beside its score.
    pub also_message: bool,
    /// What stops the platform's spinner, with a word for the person.
    pub acknowledge: Option<(String, String)>,
}

/// The working state of one batch.
pub(crate) struct Batch<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) now: Millis,
    pub(crate) requests: HashMap<String, RatingRequest>,
    pub(crate) ratings: HashMap<String, Rating>,
    /// The ratings as they are in the database.
    pub(crate) kept: HashMap<String, Rating>,
    /// A word of the platform may have changed rating requests since they were read.
    pub(crate) moved: bool,
    pub(crate) lines: HashMap<String, Arc<Line>>,
    pub(crate) questions: Questions,
    /// Where and when a press came in, or the like: a word that its client wrote, told beside it, is part of it.
    pub(super) answers: HashSet<(String, String, Option<Millis>)>,
    /// The edits of the ratings that links are about.
    pub(crate) edits: Vec<RatingEdit>,
    /// Whether any of them changed.
    pub(crate) edited: bool,
    /// The event that is being judged is an ordinary message as well.
    pub(crate) also_message: bool,
    pub(crate) touched: Vec<String>,
    pub(crate) history: Vec<AnswerEvent>,
    pub(crate) events: Vec<Event>,
    pub(super) effects: Vec<Effect>,
    pub(crate) deliveries: Vec<NewDelivery>,
    pub(crate) news: Vec<Notification>,
}

/// What the texts of a batch may be about.
#[derive(Default)]
pub(crate) struct Questions {
    pub(super) open: Vec<Open>,
    pub(super) behind: Vec<Behind>,
    /// Where something was tapped: the word that its client wrote is part of the tap.
    pub(super) tapped: Vec<Place>,
}

/// What became of one event, what it was about, and a word for the person.
pub(super) type Judged = (Disposition, Option<String>, String);

/// What came with a token.
#[derive(Clone, Copy)]
pub(crate) enum Said<'a> {
    /// Nothing: it was tapped.
    Tap,
    /// What the client wrote.
    Text(&'a str),
    /// The score that the platform's own form names.
    Score(u8),
}

/// What an answer brings about.
pub(super) struct Effect {
    pub(crate) request: String,
    pub(crate) pressed: Option<String>,
    pub(crate) says: Says,
    /// The rating as it was before this batch; none when this is the first score.
    pub(crate) before: Option<Rating>,
    /// Whether the value that counts is another one now.
    pub(crate) changed: bool,
}

/// What the keys of events from links begin with, and no others do.
pub const EVENT_KEY_PREFIX: &str = "link:";

/// What the keys of events from mail programs begin with, behind the prefix of all events from links.
pub const ONE_CLICK: &str = "one_click:";

/// Whether an event came through a link: only there a rating is edited later.
pub(super) fn through_link(key: &str) -> bool {
    key.starts_with(EVENT_KEY_PREFIX)
}
