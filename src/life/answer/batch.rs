//! State of a batch of events: what was read, how it changes event by event, and what is to be written.

use super::opt_out_list::OptOutList;
use super::person::Person;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::facts::inbound::Arrived;
use crate::message::settle::SettleMessage;
use lastword_base::names::{ChatId, ConnectionId, EventKey, LineId, Place, RequestId};
use lastword_contract::Address;
use lastword_domain::answer::Disposition;
use lastword_domain::answer::opt_out::MarkKey;
use lastword_domain::answer::scanner::{Evidence, SentForm};
use lastword_store::Millis;
use lastword_store::alert::{Alert, SeenBy};
use lastword_store::answer::message_change::{Here, MessageChange};
use lastword_store::answer::rating::Rating;
use lastword_store::answer::rating_edit::RatingEdit;
use lastword_store::answer::signal::{AnswerSignal, GivenByLink};
use lastword_store::answer::{AnswerEvent, Blanked};
use lastword_store::inbox::Event;
use lastword_store::line::Line;
use lastword_store::question::client_message::ClientMessages;
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::ending::Behind;
use lastword_store::question::rating_request::place::Open;
use lastword_store::question::rating_request::{Ending, Progress, RatingRequest};
use lastword_store::session::SessionEvent;
use lastword_store::session::address_move::{EarlierChat, OnConnection};
use lastword_store::session::conversation::ConversationUpdate;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// State of one batch: what was read, updated event by event, and what is to be written at the end.
pub(crate) struct Batch<'a> {
    pub(super) engine: &'a Engine,
    pub(super) now: Millis,
    /// Events received before, and whether taps among them are ours to answer.
    pub(super) seen: HashMap<EventKey, bool>,
    pub(super) requests: HashMap<RequestId, RatingRequest>,
    pub(super) ratings: HashMap<RequestId, Rating>,
    /// The ratings, as stored.
    pub(super) kept: HashMap<RequestId, Rating>,
    /// The messages to the clients of the rating requests so far.
    pub(super) messages: ClientMessages,
    pub(super) lines: HashMap<LineId, Arc<Line>>,
    pub(super) questions: Questions,
    /// Earlier addresses of rating requests whose clients moved.
    pub(super) earlier: HashMap<OnConnection, Vec<Address>>,
    /// State of the questions that may be withdrawn.
    pub(super) progress: HashMap<RequestId, Progress>,
    pub(super) people: People,
    pub(super) alerts: PressedAlerts,
    /// The edits of ratings that links refer to.
    pub(super) edits: Vec<RatingEdit>,
    /// Scores given by link before, and when their question was sent.
    pub(super) given: Vec<GivenByLink>,
    pub(super) asked_at: HashMap<RequestId, Millis>,
    /// Places and times of taps and reactions: a text that its client wrote, reported together with it, is part of it.
    pub(super) answers: HashSet<(ConnectionId, ChatId, Option<Millis>)>,
    /// True if the current event is also an ordinary message.
    pub(super) also_message: bool,
    /// The client's message that is being judged, if the platform identifies it.
    pub(super) said_in: Option<SaidIn>,
    /// Answers in the clients' messages of this batch, and changes of these messages.
    pub(super) said: Said,
    pub(super) writes: Writes,
}

/// Changes and effects of a batch.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) events: Vec<Event>,
    pub(super) history: Vec<AnswerEvent>,
    pub(super) changes: Vec<MessageChange>,
    /// Messages of clients that arrived after their changes.
    pub(super) settled: Vec<Here>,
    /// Messages of clients whose comments are deleted.
    pub(super) blanked: Vec<Blanked>,
    pub(super) signals: Vec<AnswerSignal>,
    pub(super) story: Vec<SessionEvent>,
    /// The ratings that changed.
    pub(super) touched: BTreeSet<RequestId>,
    /// True if any edit changed.
    pub(super) edited: bool,
    pub(super) conversations: BTreeMap<Place, Heard>,
    pub(super) typing_ended: BTreeSet<RequestId>,
    /// Rating requests that changed, as they were read.
    pub(super) before: HashMap<RequestId, RatingRequest>,
    /// Endings of rating requests, by ID.
    pub(super) endings: BTreeMap<RequestId, Ending>,
    pub(super) withdrawn: Withdrawals,
    /// Scores that are on hold until one more tap.
    pub(super) held: Vec<HeldScore>,
    /// Rating requests without a rating whose score is on hold until one more tap.
    pub(super) waiting: BTreeSet<RequestId>,
    /// Rating requests whose alerts and events are delayed for more scores of the same program.
    pub(super) too_soon: Vec<RequestId>,
    pub(super) seen_by: Vec<SeenBy>,
    pub(super) effects: Vec<Effect>,
    pub(super) deliveries: Vec<NewDelivery>,
    pub(super) news: Vec<Notification>,
}

/// A score on hold.
pub(super) struct HeldScore {
    /// Its rating request, as stored.
    pub(super) request: RatingRequest,
    /// The stored rating.
    pub(super) rating: Option<Rating>,
}

/// News of a conversation.
pub(super) struct Heard {
    /// The last sender.
    pub(super) by: Address,
    pub(super) update: ConversationUpdate,
}

/// Withdrawn questions.
#[derive(Default)]
pub(super) struct Withdrawals {
    /// Because the client opted out.
    pub(super) opted_out: BTreeSet<RequestId>,
    /// Because the client wrote about something else.
    pub(super) client_wrote: BTreeSet<RequestId>,
    /// Those among them that were sent.
    pub(super) sent: BTreeSet<RequestId>,
    /// Those among them that certainly were not sent: their clients may be asked again.
    pub(super) kept_back: BTreeSet<RequestId>,
}

/// Questions to which texts of a batch may refer.
#[derive(Default)]
pub(super) struct Questions {
    pub(super) open: Vec<Open>,
    pub(super) behind: Vec<Behind>,
    /// The rating request asked last in a conversation.
    pub(super) last_asked: HashMap<Place, RequestId>,
    /// Conversations with a tap in this batch; a message reported together with a tap is part of it.
    pub(super) tapped: Vec<Place>,
}

/// The people who may opt out or in in this batch.
#[derive(Default)]
pub(super) struct People {
    /// The client of each rating request to which such a wish may refer.
    pub(super) clients: HashMap<RequestId, Person>,
    /// The key for the marks of their names.
    pub(super) key: Option<MarkKey>,
    pub(super) list: OptOutList,
}

/// The alerts whose button was pressed.
#[derive(Default)]
pub(super) struct PressedAlerts {
    /// All alerts about their rating requests, by ID.
    pub(super) about: Vec<Alert>,
    /// Names of the recipients.
    pub(super) names: HashMap<String, String>,
    /// Earlier chats of the recipients.
    pub(super) earlier_chats: Vec<EarlierChat>,
}

/// Result of one event: its disposition, its rating request, and a text for the person.
pub(super) struct Judged {
    pub(super) disposition: Disposition,
    pub(super) subject: Option<RequestId>,
    pub(super) word: String,
}

impl Judged {
    /// A result without a rating request.
    pub(super) fn nothing(disposition: Disposition) -> Self {
        Self { disposition, subject: None, word: String::new() }
    }

    /// A result for this rating request.
    pub(super) fn about(request: RequestId, disposition: Disposition) -> Self {
        Self { disposition, subject: Some(request), word: String::new() }
    }

    /// Adds a text for the person.
    pub(super) fn with(self, word: &str) -> Self {
        Self { word: word.to_owned(), ..self }
    }
}

/// A message of a client.
pub(super) struct SaidIn {
    /// The platform's ID of it.
    pub(super) message: String,
    /// The platform's order of the message, regardless of the order of its edits.
    pub(super) order: i64,
}

/// Answers in clients' messages, and changes of these messages, including those of this batch.
#[derive(Default)]
pub(super) struct Said {
    pub(super) answers: Vec<AnswerEvent>,
    pub(super) changes: Vec<MessageChange>,
}

/// A score, and how it was given.
#[derive(Clone, Copy)]
pub(super) enum Scored {
    /// Tapped, typed, or in a form.
    Said(u8),
    /// By an emoji on the question.
    ByReaction(u8),
}

impl Scored {
    /// The score.
    pub(super) fn score(self) -> u8 {
        match self {
            Scored::Said(score) | Scored::ByReaction(score) => score,
        }
    }
}

/// Input that came with a token.
#[derive(Clone, Copy)]
pub(crate) enum TokenInput<'a> {
    /// No input: it was tapped.
    Tap,
    /// The client's text.
    Text(&'a str),
    /// The score in the platform's own form.
    Score(u8),
}

/// Effect of an answer.
pub(super) struct Effect {
    pub(super) request: RequestId,
    pub(super) pressed: Option<String>,
    pub(super) says: SettleMessage,
    /// The rating before it; `None` if this is the first score.
    pub(super) before: Option<Rating>,
    /// True if the value that counts has changed.
    pub(super) changed: bool,
}

/// Prefix of the keys of events from links, and of no others.
pub const EVENT_KEY_PREFIX: &str = "link:";

/// Prefix of the keys of events from mail programs, after that of all events from links.
pub const ONE_CLICK: &str = "one_click:";

/// Suffix of the keys of events from pages without a sign that a browser opened them.
pub(super) const BARE: &str = ":bare";

/// True if an event came through a link: only there a rating can be edited later.
pub(super) fn through_link(key: &str) -> bool {
    key.starts_with(EVENT_KEY_PREFIX)
}

impl<'a> Batch<'a> {
    /// An empty batch.
    pub(super) fn new(engine: &'a Engine, now: Millis) -> Self {
        Self {
            engine,
            now,
            seen: HashMap::new(),
            requests: HashMap::new(),
            ratings: HashMap::new(),
            kept: HashMap::new(),
            messages: ClientMessages::default(),
            lines: HashMap::new(),
            questions: Questions::default(),
            earlier: HashMap::new(),
            progress: HashMap::new(),
            people: People::default(),
            alerts: PressedAlerts::default(),
            edits: Vec::new(),
            given: Vec::new(),
            asked_at: HashMap::new(),
            answers: HashSet::new(),
            also_message: false,
            said_in: None,
            said: Said::default(),
            writes: Writes::default(),
        }
    }

    /// Form by which an event came through a link. `None` for other events and for a mail program's one click.
    pub(super) fn sent_form(one: &Arrived) -> Option<SentForm> {
        let at = one.inbound.order;
        let is_form = one.inbound.key.strip_prefix(EVENT_KEY_PREFIX).is_some_and(|rest| !rest.starts_with(ONE_CLICK));
        is_form.then(|| one.form.unwrap_or(SentForm { shown_at: at, sent_at: at, opened: false }))
    }

    /// The evidence that a person sent an event.
    pub(super) fn evidence(one: &Arrived) -> Evidence {
        Self::sent_form(one).map_or(Evidence::Tap, SentForm::evidence)
    }

    /// Changes the state of a rating request in this batch.
    pub(super) fn change(&mut self, id: RequestId, change: impl FnOnce(&mut RatingRequest)) {
        let Some(request) = self.requests.get_mut(&id) else { return };
        self.writes.before.entry(id).or_insert_with(|| request.clone());
        change(request);
    }

    /// A rating request, as stored.
    pub(super) fn as_read(&self, id: RequestId) -> Option<&RatingRequest> {
        self.writes.before.get(&id).or_else(|| self.requests.get(&id))
    }

    /// Ends a rating request: immediately for later events of this batch, and in the database with all changes.
    pub(super) fn end(&mut self, ending: Ending) {
        let (outcome, reason, at) = (ending.outcome.to_owned(), ending.reason.clone(), ending.at);
        self.change(ending.id, |request| (request.outcome, request.reason, request.decided_at) = (Some(outcome), reason, Some(at)));
        self.writes.endings.insert(ending.id, ending);
    }
}
